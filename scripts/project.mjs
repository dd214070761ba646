import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectDir = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The absolute path of something in the project.
 * @param {...string} parts
 */
export function inProject(...parts) {
  return path.join(projectDir, ...parts);
}

/**
 * Whether a module is the program that was started, rather than imported.
 * @param {string} moduleUrl its import.meta.url
 */
export function isMain(moduleUrl) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(moduleUrl));
}
