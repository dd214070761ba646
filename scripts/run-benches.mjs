import { runnerImport } from 'vite';
import { projectDir } from './project.mjs';

/** Runs the benches, which are TypeScript, in this process; see bench/run.ts. */
const { module } = await runnerImport('./bench/run.ts', {
  configFile: false,
  root: projectDir,
  logLevel: 'error',
});
process.exit((await module.runBenches(process.argv.slice(2))) ? 0 : 1);
