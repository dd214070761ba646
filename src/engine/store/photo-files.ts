import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type PhotoFault = 'missing' | 'damaged' | 'unreadable';

/** A photo's file that is gone, not what it was, or that the disk does not give; it is named. */
export class PhotoError extends Error {
  override readonly name = 'PhotoError';
  readonly photo: string;
  readonly fault: PhotoFault;

  constructor(photo: string, fault: PhotoFault, options?: ErrorOptions) {
    super(`The photo ${photo} is ${fault}; upload it again, or delete its image.`, options);
    this.photo = photo;
    this.fault = fault;
  }
}

/** Photos as files that are named by the SHA-256 of their bytes, so each is kept once. */
export interface PhotoFiles {
  /**
   * Gives the photo's name. When it resolves the file is whole and on the disk. To refer to it
   * safely, keep it in `Store.keeping`.
   */
  readonly keep: (bytes: Uint8Array) => Promise<string>;
  /** @throws PhotoError where the file is gone, unreadable, or no longer what its name says. */
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
      if (await isThere(path, bytes)) return name;
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
    async read(name) {
      let bytes: Buffer;
      try {
        bytes = await readFile(pathOf(name));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        // Too many files are open: that says nothing of this one.
        if (code === 'EMFILE' || code === 'ENFILE') throw error;
        const fault = code === 'ENOENT' ? 'missing' : 'unreadable';
        throw new PhotoError(name, fault, { cause: error });
      }
      if (photoName(bytes) !== name) throw new PhotoError(name, 'damaged');
      return bytes;
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

// Compared whole: a file that a failing disk has changed is written anew when it is sent again.
async function isThere(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    if (!(await readFile(path)).equals(bytes)) return false;
    // As if it were new: a sweep takes away what is old and not referred to.
    const now = new Date();
    await utimes(path, now, now);
    return true;
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
