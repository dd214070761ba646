import { afterEach, beforeEach, expect, test } from 'vitest';

import { openStore } from '../store/store.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import type { SourceImage } from './project-source.ts';
import { storeSource } from './store-source.ts';

let folder: string;
let store: Store;
let shop: Project;
let apple: string;

beforeEach(() => {
  folder = makeFolder();
  store = openStore(folder);
  shop = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multilabel',
  });
  apple = store.tags.create(shop.id, { name: 'apple' }).id;
  store.images.add(
    shop.id,
    Array.from({ length: 60 }, (_, index) => ({
      photo: `photo-${index}`,
      width: 4,
      height: 3,
      tagIds: [apple],
    })),
  );
});
afterEach(() => {
  store.close();
  removeFolder(folder);
});

/** Calls back after the first batch, and gives all that came. */
async function read(afterFirst: (images: readonly SourceImage[]) => void): Promise<SourceImage[]> {
  const all: SourceImage[] = [];
  await storeSource(store, shop).eachBatch((images) => {
    if (all.length === 0) afterFirst(images);
    all.push(...images);
  });
  return all;
}

test('what is deleted in the midst takes nothing else along', async () => {
  const images = await read((first) =>
    store.images.remove(
      shop.id,
      first.slice(0, 10).map(({ id }) => id),
    ),
  );
  expect(images.map(({ photo }) => photo)).toEqual(
    Array.from({ length: 60 }, (_, index) => `photo-${index}`),
  );
});

test('so it is with the images of an iteration', async () => {
  const { id } = store.iterations.begin(shop.id, { trainingType: 'Regular', reservedHours: 0 });
  store.trainings.takeContents(id);
  store.iterations.fail(id, 'for this test');
  const photos: string[] = [];
  await storeSource(store, shop).eachIteration({
    begin: () => true,
    images(images) {
      if (photos.length === 0) {
        store.iterationImages.forget(
          shop.id,
          images.slice(0, 10).map(({ imageId }) => imageId),
        );
      }
      photos.push(...images.map(({ photo }) => photo));
    },
    end: () => undefined,
  });
  expect(new Set(photos).size).toBe(60);
});

test('a tag that is made in the midst does not come along, its images do', async () => {
  const images = await read(() => {
    const fresh = store.tags.create(shop.id, { name: 'fresh' }).id;
    const [last] = store.images.list(shop.id, {}, { order: 'Newest', take: 1, skip: 0 });
    store.images.addTags(shop.id, [{ imageId: last!.id, tagId: fresh }]);
  });
  expect(images).toHaveLength(60);
  expect(images.at(-1)!.tagIds).toEqual([apple]);
});
