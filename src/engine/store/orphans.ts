import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as others } from 'node:timers/promises';

import type { FeatureStore } from './feature-store.ts';

/** An upload of another process may take this long between its file and its row. */
const youngMs = 3_600_000;
const featuresAtOnce = 250;
const photoPattern = /^[\da-f]{64}/;

export interface OrphanSweep {
  readonly isUsed: (photo: string) => boolean;
  readonly drop: (photos: readonly string[]) => Promise<void>;
  readonly features: Pick<FeatureStore, 'photos' | 'forget'>;
  /** Whether the store was closed meanwhile. */
  readonly isOver: () => boolean;
  readonly now: () => number;
}

/**
 * Takes away the files that a kill left between file and row: photos that nothing refers to, half
 * written ones, smaller copies of what is gone; and what was seen in photos that are gone, such as by
 * a training that looked at one while it was deleted. One folder at a time, so that others are
 * answered meanwhile; gives how many files went.
 */
export async function sweepOrphans(dataDir: string, sweep: OrphanSweep): Promise<number> {
  const before = sweep.now() - youngMs;
  let gone = 0;
  for (const area of ['photos', 'thumbnails']) {
    for (const folder of await names(join(dataDir, area))) {
      const path = join(dataDir, area, folder);
      const stray = await strayIn(path, sweep, before);
      if (sweep.isOver()) return gone;
      const photos = stray.flatMap((name) => photoPattern.exec(name)?.[0] ?? []);
      await Promise.all(
        stray
          .filter((name) => area !== 'photos' || !isPhoto(name))
          .map((name) => rm(join(path, name), { force: true })),
      );
      if (area === 'photos') await sweep.drop(photos);
      gone += stray.length;
    }
  }
  await sweepFeatures(sweep);
  return gone;
}

async function sweepFeatures({ features, isUsed, isOver }: OrphanSweep): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    if (isOver()) return;
    const photos: string[] = features.photos(after, featuresAtOnce);
    const unused = photos.filter((photo) => !isUsed(photo));
    if (unused.length > 0) features.forget(unused);
    after = photos.at(-1);
    await others();
  }
}

async function strayIn(
  path: string,
  { isUsed, isOver }: OrphanSweep,
  before: number,
): Promise<string[]> {
  const stray: string[] = [];
  const all = await names(path);
  for (const name of all) {
    if (isOver()) return [];
    const photo = photoPattern.exec(name)?.[0];
    if (photo === undefined || (!name.endsWith('.part') && isUsed(photo))) continue;
    if (await isOlder(join(path, name), before)) stray.push(name);
  }
  return stray;
}

function isPhoto(name: string): boolean {
  return photoPattern.exec(name)?.[0] === name;
}

async function isOlder(path: string, before: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < before;
  } catch {
    return false;
  }
}

async function names(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch {
    return [];
  }
}
