import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Photos as files that are named by the SHA-256 of their bytes, so each is kept once. */
export interface PhotoFiles {
  /** Gives the photo's name. When it resolves the file is whole and on the disk. */
  readonly keep: (bytes: Uint8Array) => Promise<string>;
  readonly read: (name: string) => Promise<Buffer>;
  readonly remove: (name: string) => Promise<void>;
}

export function photoName(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function openPhotoFiles(dataDir: string): PhotoFiles {
  const pathOf = (name: string): string => join(dataDir, 'photos', name.slice(0, 2), name);
  return {
    async keep(bytes) {
      const name = photoName(bytes);
      const path = pathOf(name);
      if (await isThere(path, bytes.byteLength)) return name;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}.part`;
      try {
        await writeSynced(temporary, bytes);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
      return name;
    },
    read: (name) => readFile(pathOf(name)),
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

async function isThere(path: string, byteLength: number): Promise<boolean> {
  try {
    return (await stat(path)).size === byteLength;
  } catch {
    return false;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

// The new name is only safe once its folder is on the disk; Windows has no handle on a folder.
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
