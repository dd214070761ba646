import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isStamped, stamp } from './fingerprint.mjs';
import { SetupError } from './progress.mjs';
import { inProject, projectDir } from './project.mjs';
import { runToEnd } from './run.mjs';

/** Inside node_modules, so that deleting that folder deletes the stamp too. */
const stampFile = inProject('node_modules', '.freshlane-lock');

/** Whether node_modules was installed from the package-lock.json of now. */
export function arePackagesCurrent() {
  return isStamped(stampFile, lockHash());
}

/**
 * Installs what package-lock.json names. Not by `npm ci`: that refuses a lock written where the
 * registry has no binaries of other platforms, while this adds the ones that this platform needs,
 * at the exact versions that their packages ask for.
 */
export async function installPackages() {
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const result = await runToEnd('npm', ['install', ...options], {
    cwd: projectDir,
    shell: onWindows,
  });
  if (result.status !== 0) {
    throw new SetupError(`npm could not install the packages:\n${result.output.trim()}`);
  }
  stamp(stampFile, lockHash());
}

// npm is a batch file there, which Node starts through a shell alone.
const onWindows = process.platform === 'win32';

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(inProject('package-lock.json')))
    .digest('hex');
}
