import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { photoName } from './photo-files.ts';
import { openStore } from './store.ts';

const longAgo = new Date('2020-01-01T00:00:00Z');

test('what a kill left between file and row goes, what is used or young stays', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multiclass',
  });
  const pathOf = (photo: string): string => join(folder, 'photos', photo.slice(0, 2), photo);
  const age = (path: string): void => utimesSync(path, longAgo, longAgo);

  const used = await store.photos.keep(Buffer.from('used'));
  store.images.add(id, [{ photo: used, width: 1, height: 1 }]);
  const orphan = await store.photos.keep(Buffer.from('orphan'));
  const young = await store.photos.keep(Buffer.from('young'));
  const half = `${pathOf(used)}.0f.part`;
  const note = join(folder, 'photos', used.slice(0, 2), 'note.txt');
  for (const path of [half, note]) writeFileSync(path, 'x');
  const gone = photoName(Buffer.from('gone'));
  for (const photo of [used, orphan, gone]) {
    await store.variants.keep(photo, 'thumbnail', Buffer.from('t'));
  }
  const thumbnail = (photo: string): string =>
    join(folder, 'thumbnails', photo.slice(0, 2), `${photo}-thumbnail.jpg`);
  for (const photo of [used, orphan, gone]) age(thumbnail(photo));
  for (const path of [pathOf(used), pathOf(orphan), half, note]) age(path);
  mkdirSync(join(folder, 'photos', 'zz'));

  expect(await store.sweepOrphans()).toBe(3);

  const there = [used, orphan, young].map((photo) => existsSync(pathOf(photo)));
  expect(there).toEqual([true, false, true]);
  expect([half, note].map((path) => existsSync(path))).toEqual([false, true]);
  const thumbnails = [used, orphan, gone].map((photo) => existsSync(thumbnail(photo)));
  expect(thumbnails).toEqual([true, false, false]);
  store.close();
});

test('a sweep ends with its store and takes nothing away after that', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  const orphan = await store.photos.keep(Buffer.from('orphan'));
  const path = join(folder, 'photos', orphan.slice(0, 2), orphan);
  utimesSync(path, longAgo, longAgo);
  const swept = store.sweepOrphans();
  store.close();
  expect(await swept).toBe(0);
  expect(existsSync(path)).toBe(true);
});

test('what was seen in photos that are gone goes, page by page, and the rest stays', async () => {
  const store = openStore(temporaryFolder());
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multiclass',
  });
  // More than are looked through at a time.
  const photos = Array.from({ length: 600 }, (_, index) => `photo-${index}`);
  const key = (photo: string) => ({ photo, backboneId: 'b', augmentationId: 'r' });
  for (const photo of photos) store.features.keep(key(photo), [Float32Array.of(1)]);
  const used = photos.filter((_, index) => index % 100 === 0);
  store.images.add(
    id,
    used.map((photo) => ({ photo, width: 1, height: 1 })),
  );
  await store.sweepOrphans();
  expect(photos.filter((photo) => store.features.has(key(photo), 1))).toEqual(used);
  store.close();
});

test('what goes, goes with its smaller copies', async () => {
  const store = openStore(temporaryFolder());
  const photo = await store.photos.keep(Buffer.from('photo'));
  await store.variants.keep(photo, 'resized', Buffer.from('r'));
  await store.dropUnused([photo]);
  expect(await store.variants.read(photo, 'resized')).toBeUndefined();
  store.close();
});
