import { existsSync } from 'node:fs';
import { buildIfDue } from './build.mjs';
import { SetupError } from './progress.mjs';
import { inProject } from './project.mjs';
import { runInForeground } from './run.mjs';
import { setup } from './setup.mjs';

/**
 * Runs one of the build's plain Node programs with this script's arguments.
 * @param {string} name the file in out/main
 * @returns {Promise<number>} its exit status
 */
export async function runProgram(name) {
  await setup({ forWhat: 'command' });
  await buildIfDue();
  const file = inProject('out', 'main', `${name}.js`);
  if (!existsSync(file)) throw new SetupError(`The build has no ${name}.js.`);
  return runInForeground(process.execPath, [file, ...process.argv.slice(2)]);
}
