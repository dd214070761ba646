import { withDisplay } from './display.mjs';
import { runScript } from './progress.mjs';
import { inProject } from './project.mjs';
import { runInForeground } from './run.mjs';
import { setupApp } from './setup.mjs';

/** Sets up and builds, then runs the benches that are named, or all. */
async function bench() {
  await setupApp({ forWhat: 'test' });
  const program = inProject('scripts', 'run-benches.mjs');
  return withDisplay((env) =>
    runInForeground(process.execPath, [program, ...process.argv.slice(2)], env),
  );
}

await runScript(bench);
