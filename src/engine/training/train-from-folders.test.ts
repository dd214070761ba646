import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { defaultModelDir } from '../process/model-dir.ts';
import { openStore } from '../store/store.ts';
import { drawFolders, drawPhoto } from '../testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { trainFromFolders } from './train-from-folders.ts';
import type { TrainingProgress } from './train-from-folders.ts';
import { TrainingError } from './training-fault.ts';
import { decodeHeldOut } from './validation.ts';

const modelDir = defaultModelDir(import.meta.url);
const five = 5;
const photos = makeFolder();

beforeAll(() =>
  drawFolders(photos, {
    tomato: { thing: 'tomato', photos: five },
    milk: { thing: 'carton', photos: five },
    '_negative-odd': { thing: 'star', photos: five },
  }),
);
afterAll(() => removeFolder(photos));

function trial(folder: string, extra: Partial<Parameters<typeof trainFromFolders>[0]> = {}) {
  const dataDir = temporaryFolder();
  const progress: TrainingProgress[] = [];
  const run = () =>
    trainFromFolders({
      dataDir,
      modelDir,
      projectName: 'Shop',
      folder,
      onProgress: (step) => progress.push(step),
      ...extra,
    });
  return { run, progress, dataDir };
}

test('a folder becomes a published project; a second run has nothing to do', async () => {
  const { run, progress, dataDir } = trial(photos, { publishName: 'live', domain: 'retail' });
  const first = await run();
  expect(first).toMatchObject({ projectName: 'Shop', publishedName: 'live', unchanged: false });
  expect(first.tags).toEqual([
    { name: 'Negative', type: 'Negative', photos: five },
    { name: 'milk', type: 'Regular', photos: five },
    { name: 'tomato', type: 'Regular', photos: five },
  ]);
  expect(progress.at(-1)).toEqual({ kind: 'fitting', done: 4, of: 4 });

  progress.length = 0;
  const second = await run();
  expect(second).toMatchObject({ iterationId: first.iterationId, unchanged: true });
  expect(progress.some(({ kind }) => kind === 'looking')).toBe(false);

  const store = openStore(dataDir);
  expect(store.projects.summaries()).toEqual([
    { id: first.projectId, name: 'Shop', publishedNames: ['live'] },
  ]);
  const { tags } = store.iterations.get(first.projectId, first.iterationId)!;
  expect(tags.map(({ name }) => name)).toEqual(['Negative', 'milk', 'tomato']);
  for (const { labels, validation } of store.iterationImages.all(first.iterationId)) {
    const { probabilities } = decodeHeldOut(validation!, tags.length)!;
    const best = probabilities.indexOf(Math.max(...probabilities));
    expect(tags[best]?.id).toBe(labels[0]?.tagId);
  }
  store.close();
});

test('files that are no usable picture are skipped and named', async () => {
  const folder = temporaryFolder();
  await drawFolders(folder, {
    tomato: { thing: 'tomato', photos: five },
    milk: { thing: 'carton', photos: five },
  });
  const torn = join(folder, 'milk', 'torn.jpg');
  writeFileSync(torn, drawPhoto('carton', 99).subarray(0, 2_000));
  writeFileSync(join(folder, 'milk', 'notes.txt'), 'not a picture');
  const { run, progress } = trial(folder);
  expect(await run()).toMatchObject({ skipped: [torn], publishedName: null });
  expect(progress.find(({ kind }) => kind === 'skipped')).toMatchObject({ file: torn });
});

describe('refused by name', () => {
  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'a folder that is not there',
      (folder) => rmSync(folder, { recursive: true }),
      /cannot be read/,
    ],
    ['a single tag', () => undefined, /at least two tags; it has 1/],
    [
      'too few photos',
      (folder) => {
        mkdirSync(join(folder, 'milk'));
        writeFileSync(join(folder, 'milk', '1.jpg'), drawPhoto('carton', 1));
      },
      /at least 5 photos.*milk \(1\)/,
    ],
    [
      'the same photo under two tags',
      (folder) => {
        mkdirSync(join(folder, 'ketchup'));
        copyFileSync(join(folder, 'tomato', '2.jpg'), join(folder, 'ketchup', 'x.jpg'));
      },
      /ketchup.x\.jpg.*tomato.2\.jpg|tomato.2\.jpg.*ketchup.x\.jpg/,
    ],
  ])('%s', async (_, spoil, message) => {
    const folder = temporaryFolder();
    await drawFolders(folder, { tomato: { thing: 'tomato', photos: five } });
    spoil(folder);
    const { run } = trial(folder);
    await expect(run()).rejects.toThrow(TrainingError);
    await expect(run()).rejects.toThrow(message);
  });

  test('a domain for detection', async () => {
    await expect(trial(photos, { domain: 'detection' }).run()).rejects.toThrow(/"detection"/);
  });

  test('a folder without a model', async () => {
    await expect(trial(photos, { modelDir: photos }).run()).rejects.toThrow(/backbone\.json/);
  });
});
