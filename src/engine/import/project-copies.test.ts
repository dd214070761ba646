import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { LogEvent } from '../../shared/log.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { addRandomIteration } from '../testing/random-head.ts';
import { readHead } from '../training/head-file.ts';
import { createProjectCopies } from './project-copies.ts';

let folder: string;
let store: Store;
let faults: unknown[];
let events: LogEvent[];

beforeEach(() => {
  folder = makeFolder();
  store = openStore(folder);
  faults = [];
  events = [];
});
afterEach(() => {
  store.close();
  removeFolder(folder);
});

const copies = () =>
  createProjectCopies({
    store,
    onEvent: (event) => events.push(event),
    onFault: (fault) => faults.push(fault),
  });
const oldest = { order: 'Oldest', take: 500, skip: 0 } as const;
const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };

function fill(images: number) {
  const shop = store.projects.create({
    name: 'Shop',
    description: 'by the sea',
    domainId: 'd',
    classificationType: 'Multilabel',
    settings: { targetExportPlatforms: ['ONNX'] },
  });
  const apple = store.tags.create(shop.id, { name: 'apple', description: 'red' });
  const none = store.tags.create(shop.id, { name: 'none', type: 'Negative' });
  store.images.add(
    shop.id,
    Array.from({ length: images }, (_, index) => ({
      photo: `photo-${index}`,
      width: 4,
      height: 3,
      metadata: { place: String(index) },
      tagIds: index % 3 === 0 ? [apple.id] : index % 3 === 1 ? [none.id] : [],
      regions: index === 3 ? [{ ...box, tagId: apple.id }] : [],
    })),
  );
  return { shop, apple, none };
}

/** All that makes two projects alike, without the ids that are each one's own. */
function contentsOf(projectId: string) {
  const {
    name: _1,
    id: _2,
    createdAt: _3,
    modifiedAt: _4,
    contentRevision: _5,
    ...project
  } = store.projects.get(projectId)!;
  const images = store.images.list(projectId, {}, oldest);
  return {
    project,
    tags: store.tags.list(projectId).map(({ id: _, ...tag }) => tag),
    images: images.map(({ photo, width, height, metadata, tags, regions }) => ({
      ...{ photo, width, height, metadata },
      tags: tags.map(({ tagName }) => tagName),
      regions: regions.map(({ tagName, left, top }) => ({ tagName, left, top })),
    })),
    iterations: store.iterations.list(projectId).map(({ number, name, status, tags, report }) => ({
      ...{ number, name, status, report },
      tags: tags.map((tag) => tag.name),
    })),
  };
}

async function finish(making: ReturnType<typeof copies>, projectId: string): Promise<void> {
  while (store.projects.get(projectId)?.status === 'Importing') {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  await making.stop();
}

test('a copy holds what its source holds, under ids of its own', async () => {
  const { shop } = fill(7);
  const making = copies();
  const copy = making.begin(shop, 'Other');
  expect(copy).toMatchObject({ name: 'Other', status: 'Importing', imageCount: 0 });
  await finish(making, copy.id);
  expect(faults).toEqual([]);
  expect(contentsOf(copy.id)).toEqual(contentsOf(shop.id));
  const ids = (id: string) => store.images.list(id, {}, oldest).map((image) => image.id);
  expect(ids(copy.id).filter((id) => ids(shop.id).includes(id))).toEqual([]);
});

test('trained iterations come along with heads that name the new tags, unpublished', async () => {
  const { shop } = fill(9);
  const published = { backboneId: 'b', publishName: 'live' };
  addRandomIteration(store, shop.id, published);
  const cut = store.iterations.begin(shop.id, { trainingType: 'Regular', reservedHours: 0 });
  store.trainings.takeContents(cut.id);
  store.iterationImages.validate(
    cut.id,
    store.iterationImages.all(cut.id).map(({ imageId }) => ({ imageId, bytes: Buffer.of(1, 2) })),
  );
  store.iterations.fail(cut.id, 'for this test');
  store.iterations.begin(shop.id, { trainingType: 'Regular', reservedHours: 0 });

  const making = copies();
  const copy = making.begin(shop, 'Other');
  await finish(making, copy.id);
  const [failed, trained, ...more] = store.iterations.list(copy.id);
  expect(more).toEqual([]);
  expect(trained).toMatchObject({ number: 1, status: 'Completed', publishedName: null });
  const tagIds = store.tags.list(copy.id).map(({ id }) => id);
  const { tags } = readHead(store.iterations.head(trained!.id)!, 'b');
  expect(tags.map(({ id }) => id)).toEqual(tagIds);
  expect(failed).toMatchObject({ number: 2, status: 'Failed', errorDetails: 'for this test' });
  expect(failed!.tags.map(({ id }) => id)).toEqual(tagIds);

  const images = store.iterationImages.all(failed!.id);
  const copied = store.images.list(copy.id, { status: 'Tagged' }, oldest);
  expect(images.map(({ imageId }) => imageId).toSorted()).toEqual(
    copied.map(({ id }) => id).toSorted(),
  );
  expect(images.every(({ labels }) => tagIds.includes(labels[0]!.tagId))).toBe(true);
  expect(images.every(({ validation }) => validation?.length === 2)).toBe(true);
});

describe('broken off', () => {
  test('a copy is gone on with by the next engine, and nothing comes twice', async () => {
    const { shop } = fill(80);
    const first = copies();
    const copy = first.begin(shop, 'Other');
    while (store.projects.get(copy.id)!.imageCount === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    await first.stop();
    const part = store.projects.get(copy.id)!;
    expect(part.status).toBe('Importing');
    expect(part.imageCount).toBeLessThan(80);

    const second = copies();
    second.resume();
    await finish(second, copy.id);
    expect(contentsOf(copy.id)).toEqual(contentsOf(shop.id));
    expect(faults).toEqual([]);
  });

  test('a copy of what was deleted meanwhile says that it failed', async () => {
    const { shop } = fill(80);
    const making = copies();
    const copy = making.begin(shop, 'Other');
    store.projects.remove(shop.id);
    await finish(making, copy.id);
    expect(store.projects.get(copy.id)!.status).toBe('Failed');
  });

  test('a copy that is deleted while it is made is left alone', async () => {
    const { shop } = fill(80);
    const making = copies();
    const copy = making.begin(shop, 'Other');
    while (store.projects.get(copy.id)!.imageCount === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    store.projects.remove(copy.id);
    await finish(making, copy.id);
    expect(faults).toEqual([]);
    expect(store.projects.list().map(({ name }) => name)).toEqual(['Shop']);
  });

  test('a project that is to come is there with the note of where from, or not at all', () => {
    const project = { name: 'One', domainId: 'd', classificationType: 'Multiclass' } as const;
    const one = store.imports.create(project, (id) => `copy:${id}`);
    expect(one.status).toBe('Importing');
    const twice = () => store.imports.create({ ...project, name: 'Two' }, () => `copy:${one.id}`);
    expect(twice).toThrow(/UNIQUE/);
    expect(store.projects.list().map(({ name }) => name)).toEqual(['One']);
  });

  test('what a command brought is there as far as it came, and told', async () => {
    const { shop } = fill(3);
    store.imports.begin(shop.id, 'service:shop.example/1');
    const making = copies();
    making.resume();
    await making.stop();
    expect(store.projects.get(shop.id)).toMatchObject({ status: 'Failed', imageCount: 3 });
    expect(events).toMatchObject([{ event: 'import-broken-off', projectId: shop.id }]);
    store.imports.begin(shop.id, 'service:shop.example/1');
    expect(store.projects.get(shop.id)!.status).toBe('Importing');
  });
});
