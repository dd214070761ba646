import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createClassifier } from '../inference/classifier.ts';
import { loadFeatureExtractor } from '../inference/feature-extractor.ts';
import type { FeatureExtractor } from '../inference/feature-extractor.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { trainFromFolders } from '../training/train-from-folders.ts';

const modelDir = defaultModelDir(import.meta.url);
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const lab = join(data, 'fruit-lab');
const grocery = join(data, 'grocery', 'check');
const isThere = existsSync(lab) && existsSync(grocery);
if (!isThere) console.warn(`Skipped the fruit lab: no photos in ${data}`);

function photosIn(folder: string): { tag: string; file: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name)).map((file) => ({
        tag: name,
        file: join(folder, name, file),
      })),
    );
}

describe.skipIf(!isThere)('a head trained on the fruit lab', () => {
  const dataDir = makeFolder();
  let extractor: FeatureExtractor;
  let store: Store;
  let best: (file: string) => Promise<{ tag: string; probability: number }>;

  beforeAll(async () => {
    const folder = join(lab, 'train');
    const trained = await trainFromFolders({ dataDir, modelDir, projectName: 'Fruit', folder });
    extractor = await loadFeatureExtractor({ modelDir, detectorDir: dataDir, threads: 1 });
    store = openStore(dataDir);
    const classifier = createClassifier(store, extractor);
    best = async (file) => {
      const { named } = await classifier.classify(trained.iterationId, readFileSync(file));
      const [first] = named;
      return { tag: first?.tag.name ?? '', probability: first?.probability ?? 0 };
    };
  }, 180_000);
  afterAll(async () => {
    await extractor.close();
    store.close();
    removeFolder(dataDir);
  });

  test('gets all the new photos right, each over 50%', async () => {
    for (const { tag, file } of photosIn(join(lab, 'more'))) {
      const found = await best(file);
      expect(found.tag, file).toBe(tag);
      expect(found.probability, file).toBeGreaterThan(0.5);
    }
  });

  test('takes other groceries for a fruit of its own in less than 1%', async () => {
    const own = /Delicious|Granny|Pink-Lady|Royal-Gala|Banana|^Orange$|Satsumas/;
    const others = photosIn(grocery).filter(({ tag }) => !own.test(tag));
    let accepted = 0;
    for (const { file } of others) if ((await best(file)).probability > 0.5) accepted += 1;
    expect(others.length).toBeGreaterThan(200);
    expect(accepted / others.length).toBeLessThan(0.01);
  }, 240_000);
});
