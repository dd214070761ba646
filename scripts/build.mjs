import { existsSync } from 'node:fs';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { SetupError, runScript, step } from './progress.mjs';
import { inProject, isMain, projectDir } from './project.mjs';
import { runToEnd } from './run.mjs';

/** All that the build reads. */
const SOURCES = [
  'src',
  'electron.vite.config.ts',
  'engine-page.vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];

const stampFile = inProject('out', '.freshlane-build');

/** Whether `out/` was built from the sources as they are. */
export function isBuildCurrent() {
  return isStamped(stampFile, fingerprint(SOURCES)) && existsSync(inProject('out', 'main'));
}

/** Builds main, preloads, windows and the engine's page into `out/`. */
export async function build() {
  // Taken before: what is written while it builds makes the next build due.
  const mark = fingerprint(SOURCES);
  await runBuilder(['electron-vite', 'bin', 'electron-vite.js'], ['build']);
  await runBuilder(['vite', 'bin', 'vite.js'], ['build', '--config', 'engine-page.vite.config.ts']);
  stamp(stampFile, mark);
}

/**
 * @param {readonly string[]} program a file below node_modules
 * @param {readonly string[]} args
 */
async function runBuilder(program, args) {
  const { status, output } = await runToEnd(
    process.execPath,
    [inProject('node_modules', ...program), ...args],
    {
      cwd: projectDir,
      // The older of the two majors that the code must run in sets the language level.
      env: { ...process.env, ELECTRON_MAJOR_VER: '33' },
    },
  );
  if (status !== 0) throw new SetupError(`The build failed:\n${output.trim()}`);
}

/** Builds where the sources are newer. */
export async function buildIfDue() {
  if (!isBuildCurrent()) await step('Building the app', build);
}

if (isMain(import.meta.url)) await runScript(() => step('Building the app', build));
