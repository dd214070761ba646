import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from './progress.mjs';

const run = promisify(execFile);

/**
 * Lets npm fetch one package by a lock file, so that npm itself checks the integrity and knows its
 * own registry, proxy and cache.
 * @param {{ name: string, version: string, integrity: string }} wanted
 * @param {string} intoDir an empty folder
 * @returns {Promise<string>} the package's folder
 */
export async function fetchPackage({ name, version, integrity }, intoDir) {
  const manifest = {
    name: 'carrier',
    version: '1.0.0',
    dependencies: { [name]: version },
  };
  const lock = {
    name: manifest.name,
    version: manifest.version,
    lockfileVersion: 3,
    packages: { '': manifest, [`node_modules/${name}`]: { version, integrity } },
  };
  await writeFile(path.join(intoDir, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(intoDir, 'package-lock.json'), JSON.stringify(lock));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['ci', ...options], { cwd: intoDir, shell: process.platform === 'win32' }).catch(
    (error) => {
      throw new SetupError(`npm could not fetch ${name}@${version}:\n${error.stderr}`);
    },
  );
  return path.join(intoDir, 'node_modules', ...name.split('/'));
}
