import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Removes what runs that were ended in the middle left in a folder.
 * @param {string} folder
 * @param {string} prefix what the names of their temporary folders start with
 */
export async function removeStartingWith(folder, prefix) {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix))
      await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
