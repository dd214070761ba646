import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { LogEvent } from '../../shared/log.ts';
import { scrubPhotos } from './photo-scrubber.ts';
import { openStore } from '../store/store.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

async function shop(...photos: readonly string[]) {
  const dataDir = temporaryFolder();
  const store = openStore(dataDir);
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multiclass',
  });
  const kept = await store.keeping(async (keep) => {
    const names: string[] = [];
    for (const photo of photos) names.push(await keep(Buffer.from(photo)));
    store.images.add(
      id,
      names.map((photo) => ({ photo, width: 4, height: 3 })),
    );
    return names;
  });
  const pathOf = (name: string): string => join(dataDir, 'photos', name.slice(0, 2), name);
  return { store, projectId: id, kept, pathOf };
}

function watched(store: Parameters<typeof scrubPhotos>[0]['store']) {
  const told: LogEvent[] = [];
  const onFault = (error: unknown): void => {
    throw error;
  };
  const watch = scrubPhotos({ store, onEvent: (event) => told.push(event), onFault, pauseMs: 0 });
  onTestFinished(() => watch.stop());
  return { told, watch };
}

test('photos that are gone or changed are named with their images', async () => {
  const { store, projectId, kept, pathOf } = await shop('sound', 'changed', 'gone');
  onTestFinished(store.close);
  writeFileSync(pathOf(kept[1]!), 'chAnged');
  rmSync(pathOf(kept[2]!));
  const { told, watch } = watched(store);
  await expect.poll(() => watch.damaged()).toBe(2);
  const named = told.map(({ event, photo, images }) => ({ event, photo, images }));
  const images = store.images.list(projectId, {}, { order: 'Oldest', take: 9, skip: 0 });
  for (const at of [1, 2]) {
    expect(named).toContainEqual({
      event: 'photo-damaged',
      photo: kept[at],
      images: [{ projectId, imageId: images[at]!.id }],
    });
  }
});

test('a photo that the disk does not give is named too, and keeps no other from its look', async () => {
  const { store, kept, pathOf } = await shop('a', 'b');
  onTestFinished(store.close);
  const [first = '', second = ''] = kept.toSorted();
  rmSync(pathOf(first));
  mkdirSync(pathOf(first));
  rmSync(pathOf(second));
  const { told, watch } = watched(store);
  await expect.poll(() => watch.damaged()).toBe(2);
  expect(told.map(({ photo, message }) => [photo, message])).toEqual([
    [first, expect.stringContaining('is unreadable')],
    [second, expect.stringContaining('is missing')],
  ]);
});

test('a fault in the midst is told, and the watch goes on', async () => {
  const { store, kept, pathOf } = await shop('a', 'b');
  onTestFinished(store.close);
  const [first = '', second = ''] = kept.toSorted();
  rmSync(pathOf(first));
  let isFaulty = true;
  const read = async (photo: string): Promise<Buffer> => {
    if (isFaulty && photo === second) throw new Error('Too many files are open.');
    return store.photos.read(photo);
  };
  const faults: unknown[] = [];
  const told: LogEvent[] = [];
  const watch = scrubPhotos({
    store: { ...store, photos: { ...store.photos, read } },
    onEvent: (event) => told.push(event),
    onFault: (error) => faults.push(error),
    pauseMs: 0,
    recheckMs: 1,
  });
  onTestFinished(() => watch.stop());
  await expect.poll(() => faults.length).toBe(1);
  isFaulty = false;
  await store.photos.keep(Buffer.from(kept[0] === first ? 'a' : 'b'));
  await expect.poll(() => told.at(-1)?.event).toBe('photo-healed');
});

test('names in use come once each, page by page, whatever refers to them', async () => {
  const { store, projectId, kept } = await shop('a', 'b', 'c');
  onTestFinished(store.close);
  store.predictions.keep({
    id: 'p',
    projectId,
    iterationId: 'i',
    photo: kept[0]!,
    predictions: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const sorted = kept.toSorted();
  expect(store.references.inUse('', 2)).toEqual(sorted.slice(0, 2));
  expect(store.references.inUse(sorted[1]!, 2)).toEqual(sorted.slice(2));
});
