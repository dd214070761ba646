import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openPhotoFiles } from './photo-files.ts';

const bytes = Buffer.from('some photo');

test('a photo is kept once, under its hash, and comes back', async () => {
  const folder = temporaryFolder();
  const photos = openPhotoFiles(folder);
  const name = await photos.keep(bytes);
  expect(await photos.keep(Buffer.from(bytes))).toBe(name);
  // The SHA-256 of the text "some photo".
  expect(name).toBe('3b420795d87be8764c7534c4a6bce1db661416d9284c0e50859de93cde1a1e05');
  expect(await photos.read(name)).toEqual(bytes);
  expect(readdirSync(join(folder, 'photos', name.slice(0, 2)))).toEqual([name]);
});

test('a file that a crash of the disk cut short is written anew', async () => {
  const folder = temporaryFolder();
  const photos = openPhotoFiles(folder);
  const name = await photos.keep(bytes);
  truncateSync(join(folder, 'photos', name.slice(0, 2), name), 3);
  await photos.keep(bytes);
  expect(await photos.read(name)).toEqual(bytes);
});

test('a file that a failing disk has changed is told by its name, and healed by its photo', async () => {
  const folder = temporaryFolder();
  const photos = openPhotoFiles(folder);
  const name = await photos.keep(bytes);
  writeFileSync(join(folder, 'photos', name.slice(0, 2), name), 'some p1oto');
  await expect(photos.read(name)).rejects.toThrow(new RegExp(`${name} is damaged`));
  await photos.keep(bytes);
  expect(await photos.read(name)).toEqual(bytes);
});

test('many at once leave nothing half-written', async () => {
  const folder = temporaryFolder();
  const photos = openPhotoFiles(folder);
  const names = await Promise.all(Array.from({ length: 8 }, () => photos.keep(bytes)));
  expect(new Set(names).size).toBe(1);
  expect(readdirSync(join(folder, 'photos', names[0]!.slice(0, 2)))).toEqual([names[0]]);
});

test('a removed photo is gone, and removing it twice does no harm', async () => {
  const photos = openPhotoFiles(temporaryFolder());
  const name = await photos.keep(bytes);
  await photos.remove(name);
  await photos.remove(name);
  await expect(photos.read(name)).rejects.toThrow(new RegExp(`${name} is missing`));
});
