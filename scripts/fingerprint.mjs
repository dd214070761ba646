import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from './project.mjs';

/**
 * One string for the state of some of the project's files: it changes when one of them is added,
 * removed, or written. Reads no file, so it costs milliseconds.
 * @param {readonly string[]} sources files and folders in the project; missing ones count as such
 * @param {string} [dir] the project
 * @returns {string}
 */
export function fingerprint(sources, dir = projectDir) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesOf(path.join(dir, source))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${path.relative(dir, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * Whether what `stampFile` stands beside was made from the state that `mark` names.
 * @param {string} stampFile
 * @param {string} mark
 */
export function isStamped(stampFile, mark) {
  try {
    return readFileSync(stampFile, 'utf8') === mark;
  } catch {
    return false;
  }
}

/**
 * @param {string} stampFile
 * @param {string} mark
 */
export function stamp(stampFile, mark) {
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, mark);
}

/**
 * @param {string} source
 * @returns {string[]} sorted
 */
function filesOf(source) {
  const found = statSync(source, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [source];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTest(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** @param {string} name */
function isTest(name) {
  return /\.test\.[cm]?tsx?$/.test(name);
}
