import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { backUp } from './backup.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

let shop: RunningEngine;
let project: string;
let seed = 0;

beforeAll(async () => {
  shop = await runEngine();
  project = (await shop.training.createProject('Shop')).id!;
});
afterAll(() => shop.stop());

async function upload(): Promise<string> {
  seed += 1;
  const picture = drawPhoto('tomato', seed, 64, 48);
  const { images } = await shop.training.createImagesFromData(project, picture);
  return images![0]!.image!.id!;
}

const place = (): string => join(temporaryFolder(), 'copy');

test('a copy is served with all its photos, whatever came and went while it was made', async () => {
  const [gone, stays] = [await upload(), await upload()];
  let came = '';
  const copy = await backUp({
    dataDir: shop.dataDir,
    to: place(),
    async onStage(stage) {
      if (stage === 'database') came = await upload();
      if (stage === 'new photos') await shop.training.deleteImages(project, { imageIds: [gone] });
    },
  });
  expect(copy).toMatchObject({ photos: 3, missing: [] });
  const late = await upload();

  const other = await runEngine({ dataDir: copy.folder });
  onTestFinished(other.stop);
  expect(other.engine).toMatchObject({
    trainingKey: shop.engine.trainingKey,
    predictionKey: shop.engine.predictionKey,
    projects: [{ id: project, name: 'Shop' }],
  });
  const images = await other.training.getImages(project);
  expect(images.map(({ id }) => id).toSorted()).toEqual([gone, stays, came].toSorted());
  expect(images.map(({ id }) => id)).not.toContain(late);
  for (const { originalImageUri } of images) {
    expect((await fetch(originalImageUri!)).status).toBe(200);
  }
});

test('photos that were lost before are named', async () => {
  const id = await upload();
  const photo = shop.withStore((store) => store.images.byIds(project, [id])[0]!.photo);
  rmSync(join(shop.dataDir, 'photos', photo.slice(0, 2), photo));
  const { missing } = await backUp({ dataDir: shop.dataDir, to: place() });
  expect(missing).toEqual([photo]);
});

test('a folder that holds something is left as it is', async () => {
  const to = temporaryFolder();
  writeFileSync(join(to, 'other'), 'x');
  await expect(backUp({ dataDir: shop.dataDir, to })).rejects.toThrow(`${to} is there already`);
  expect(readdirSync(to)).toEqual(['other']);
});

test('what fails half-way leaves nothing', async () => {
  const to = place();
  const onStage = (stage: string): void => {
    if (stage === 'new photos') throw new Error('no room');
  };
  await expect(backUp({ dataDir: shop.dataDir, to, onStage })).rejects.toThrow('no room');
  expect([existsSync(to), existsSync(`${to}.part`)]).toEqual([false, false]);
});

test('a folder that is no data folder is not made one', async () => {
  const dataDir = temporaryFolder();
  await expect(backUp({ dataDir, to: place() })).rejects.toThrow(`${dataDir} is no data folder`);
  expect(readdirSync(dataDir)).toEqual([]);
});
