import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';

import { findDomain } from '../domain/domains.ts';
import { removeImages } from '../http/training/removal.ts';
import { loadBackbone } from '../model/backbone.ts';
import type { Backbone } from '../model/backbone.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lookAhead } from './look-ahead.ts';
import { augmentationId } from './augmentation.ts';
import { trainIteration } from './train-iteration.ts';

const photosEach = 7;
const oldest = { order: 'Oldest', take: 50, skip: 0 } as const;
let backbone: Backbone;
let store: Store;
let projectId: string;

beforeAll(async () => {
  backbone = await loadBackbone({ modelDir: defaultModelDir(import.meta.url), threads: 1 });
});
afterAll(() => backbone.close());

beforeEach(async () => {
  const opened = openStore(temporaryFolder());
  onTestFinished(() => opened.close());
  store = opened;
  projectId = store.projects.create({
    name: 'Shop',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  }).id;
  for (const thing of ['tomato', 'carton'] as const) {
    const tag = store.tags.create(projectId, { name: thing });
    for (let seed = 1; seed <= photosEach; seed += 1) {
      const photo = await store.photos.keep(drawPhoto(thing, seed, 64, 48));
      store.images.add(projectId, [{ photo, width: 64, height: 48, tagIds: [tag.id] }]);
    }
  }
});

const images = () => store.images.list(projectId, {}, oldest);
const has = (photo: string): boolean =>
  store.features.has({ photo, backboneId: backbone.id, augmentationId }, 1);

/** Trains, and does something when so many photos have been looked at. */
async function train(lookedAt: number, meanwhile: () => Promise<void>): Promise<string> {
  const { id } = store.iterations.begin(projectId, { trainingType: 'Regular', reservedHours: 0 });
  let doing: Promise<void> | undefined;
  const slow: Backbone = {
    ...backbone,
    async features(picture, views) {
      await doing;
      return backbone.features(picture, views);
    },
  };
  await trainIteration({
    store,
    backbone: slow,
    iterationId: id,
    checkpoint: () => undefined,
    onProgress(stage, done) {
      if (stage === 'looking' && done === lookedAt) doing ??= meanwhile();
    },
  });
  return id;
}

test('images that are deleted everywhere while it trains are not learnt from', async () => {
  const [first, , third] = images();
  // The one is looked at before, the other would be after.
  const gone = [first!, third!];
  const id = await train(2, () =>
    removeImages(
      store,
      projectId,
      gone.map((image) => image.id),
      true,
    ),
  );
  expect(store.iterations.get(projectId, id)).toMatchObject({
    status: 'Completed',
    report: { photos: 2 * photosEach - gone.length },
  });
  const contents = store.iterationImages.all(id);
  expect(contents.map(({ imageId }) => imageId)).toEqual(images().map((image) => image.id));
  for (const { validation } of contents) expect(validation).not.toBeNull();
  for (const { photo } of gone) expect(has(photo)).toBe(false);
  expect(has(contents[0]!.photo)).toBe(true);
});

test('images that are deleted in the project alone are learnt from all the same', async () => {
  const [first] = images();
  const id = await train(2, () => removeImages(store, projectId, [first!.id], false));
  expect(store.iterations.get(projectId, id)).toMatchObject({
    status: 'Completed',
    report: { photos: 2 * photosEach },
  });
});

test('where too few are left it says so', async () => {
  const some = images()
    .slice(0, 3)
    .map(({ id }) => id);
  const training = train(1, () => removeImages(store, projectId, some, true));
  await expect(training).rejects.toThrow(
    /at least 5 images to be trained\. Too few: "tomato" \(4\)/,
  );
});

test('nothing stays of a photo that is deleted while it is looked at ahead', async () => {
  const [first, second] = images();
  const photos = [first!.photo, second!.photo];
  const late: Backbone = {
    ...backbone,
    async features(picture, views) {
      const rows = await backbone.features(picture, views);
      await removeImages(store, projectId, [first!.id], true);
      return rows;
    },
  };
  await lookAhead({ store, backbone: late, photos, views: 1, checkpoint: () => undefined });
  expect(photos.map(has)).toEqual([false, true]);
});
