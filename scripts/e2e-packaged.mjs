import { packageApp } from './package.mjs';
import { runScript } from './progress.mjs';
import { setup } from './setup.mjs';
import { runPlaywright } from './test.mjs';
import { closingLine } from './test-report.mjs';

/** Runs the end-to-end tests against the packed app. */
await runScript(async () => {
  await setup({ forWhat: 'test' });
  const program = await packageApp({ inspectable: true });
  const env = { ...process.env, FRESHLANE_EXECUTABLE: program };
  const result = await runPlaywright('End-to-end tests of the packed app', env);
  process.stderr.write(result.output);
  process.stdout.write(`${closingLine([result])}\n`);
  return result.failed === 0 && result.passed > 0 ? 0 : 1;
});
