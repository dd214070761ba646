import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { openStoreBesideOthers } from './beside-others.ts';
import { StoreError } from './database.ts';
import { openStore } from './store.ts';

export interface BackUpOptions {
  readonly dataDir: string;
  /** A folder that is not there yet, or empty. */
  readonly to: string;
  /** Told, and waited for, before each part of the work. */
  readonly onStage?: (stage: 'photos' | 'database' | 'new photos') => void | Promise<void>;
}

export interface BackedUp {
  readonly folder: string;
  readonly photos: number;
  /** Photos that the data folder itself had lost. */
  readonly missing: readonly string[];
}

/**
 * Copies a data folder beside the engine that serves it; the copy is a data folder itself, and is
 * there whole or not at all. @throws StoreError
 */
export async function backUp({ dataDir, to, onStage }: BackUpOptions): Promise<BackedUp> {
  if ((await names(to)).length > 0) {
    throw new StoreError(`${to} is there already, and is not empty; name another folder.`);
  }
  const store = openStoreBesideOthers(dataDir, 'backup');
  const part = `${to}.part`;
  try {
    await rm(part, { recursive: true, force: true });
    await mkdir(part, { recursive: true, mode: 0o700 });
    // Twice: first those that may be deleted while the rest is copied, then those that came.
    await onStage?.('photos');
    await copyPhotos(dataDir, part);
    await onStage?.('database');
    store.copyDatabase(join(part, 'engine.db'));
    await onStage?.('new photos');
    await copyPhotos(dataDir, part);
    for (const name of ['keys.json', 'link-secret.json']) {
      await copyNew(join(dataDir, name), join(part, name));
    }
    const found = await photosOf(part);
    await rm(to, { recursive: true, force: true });
    await rename(part, to);
    return { folder: to, ...found };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  } finally {
    store.close();
  }
}

async function copyPhotos(dataDir: string, to: string): Promise<void> {
  for (const folder of await names(join(dataDir, 'photos'))) {
    const [source, target] = [join(dataDir, 'photos', folder), join(to, 'photos', folder)];
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const name of await names(source)) {
      if (!name.endsWith('.part')) await copyNew(join(source, name), join(target, name));
    }
  }
}

/** A file is never changed once it has its name, and may be gone by now. */
async function copyNew(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

async function photosOf(dataDir: string): Promise<{ photos: number; missing: string[] }> {
  const store = openStore(dataDir);
  try {
    const missing: string[] = [];
    let photos = 0;
    for (let after = ''; ;) {
      const inUse = store.references.inUse(after, 500);
      for (const photo of inUse) {
        if (await isThere(join(dataDir, 'photos', photo.slice(0, 2), photo))) photos += 1;
        else missing.push(photo);
      }
      const last = inUse.at(-1);
      if (last === undefined) return { photos, missing };
      after = last;
    }
  } finally {
    store.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
