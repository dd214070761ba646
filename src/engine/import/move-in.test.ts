import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { startFlakyService } from '../testing/flaky-service.ts';
import type { Trouble } from '../testing/flaky-service.ts';
import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { moveIn } from './move-in.ts';
import type { MoveProgress } from './move-in.ts';
import { createRetry } from './retry.ts';
import { openRemoteService } from './service-client.ts';

/** More than a page and a batch hold would take long; a few batches show the same. */
const photos = 40;
const box = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
let shop: RunningEngine;
let project: string;
let tags: { apple: string; bread: string; none: string };

beforeAll(async () => {
  shop = await runEngine();
  const { training } = shop;
  const made = await training.createProject('Shop', {
    description: 'by the sea',
    classificationType: 'Multilabel',
    targetExportPlatforms: ['ONNX'],
  });
  project = made.id!;
  const apple = (await training.createTag(project, 'apple', { description: 'red' })).id!;
  const bread = (await training.createTag(project, 'bread')).id!;
  const none = (await training.createTag(project, 'none', { type: 'Negative' })).id!;
  tags = { apple, bread, none };
  for (let start = 0; start < photos; start += 20) {
    await training.createImagesFromFiles(project, {
      images: Array.from({ length: 20 }, (_, index) => ({
        name: `${start + index}.jpg`,
        contents: drawPhoto('tomato', start + index + 1, 64, 48),
        ...(index % 4 !== 3 && { tagIds: [[apple], [bread, apple], [none]][index % 4]! }),
      })),
      metadata: { batch: String(start) },
    });
  }
});
afterAll(() => shop.stop());

interface Move {
  readonly endpoint?: string;
  readonly key?: string;
  readonly projectId?: string;
  readonly name?: string;
  readonly silenceMs?: number;
}

async function move(store: Store, options: Move = {}) {
  const { endpoint, key, projectId = project, name, silenceMs } = options;
  const waits: string[] = [];
  const progress: MoveProgress[] = [];
  const remote = openRemoteService({
    endpoint: endpoint ?? shop.engine.endpoint,
    trainingKey: key ?? shop.engine.trainingKey,
    projectId,
    ...(silenceMs !== undefined && { silenceMs }),
    retry: createRetry({
      onWait: (seconds, reason) => waits.push(`${seconds} s: ${reason}`),
      sleep: async () => undefined,
    }),
  });
  try {
    const moved = await moveIn({
      store,
      remote,
      origin: `service:shop/${projectId}`,
      onProgress: (each) => progress.push(each),
      ...(name !== undefined && { name }),
    });
    return { ...moved, waits, progress };
  } finally {
    remote.close();
  }
}

function emptyStore(): Store {
  const store = openStore(temporaryFolder());
  onTestFinished(() => store.close());
  return store;
}

const oldest = { order: 'Oldest', take: 500, skip: 0 } as const;

/** What both have, in the words of neither's ids. */
async function source() {
  const images = await shop.training.getImages(project, { take: 256, orderBy: 'Oldest' });
  return images.map(({ width, height, tags: of, metadata }) => ({
    ...{ width, height, metadata },
    tags: (of ?? []).map(({ tagName }) => tagName).toSorted(),
  }));
}

function copied(store: Store, projectId: string) {
  return store.images.list(projectId, {}, oldest).map(({ width, height, tags: of, metadata }) => ({
    ...{ width, height, metadata },
    tags: of.map(({ tagName }) => tagName).toSorted(),
  }));
}

test('a project comes with all that it has', async () => {
  const store = emptyStore();
  const moved = await move(store);
  expect(moved).toMatchObject({ copied: photos, skipped: 0, waits: [] });
  expect(moved.project).toMatchObject({
    name: 'Shop',
    description: 'by the sea',
    classificationType: 'Multilabel',
    settings: { targetExportPlatforms: ['ONNX'] },
    imageCount: photos,
    status: 'Succeeded',
  });
  const { id } = moved.project;
  expect(
    store.tags.list(id).map(({ name, description, type }) => ({ name, description, type })),
  ).toEqual([
    { name: 'apple', description: 'red', type: 'Regular' },
    { name: 'bread', description: '', type: 'Regular' },
    { name: 'none', description: '', type: 'Negative' },
  ]);
  const byTags = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
  expect(copied(store, id).toSorted(byTags)).toEqual((await source()).toSorted(byTags));
  for (const { photo } of store.images.list(id, {}, oldest)) await store.photos.read(photo);
  expect(moved.progress.at(-1)).toEqual({ kind: 'copying', done: photos, of: photos });
});

test('regions come with their places', async () => {
  const { training } = shop;
  const detection = await training.createProject('Shelf', {
    domainId: 'da2e3a8a-40a5-4171-82f4-58522f70fbc1',
  });
  const tag = (await training.createTag(detection.id!, 'tin')).id!;
  await training.createImagesFromFiles(detection.id!, {
    images: [
      { contents: drawPhoto('carton', 1, 64, 48), regions: [{ tagId: tag, ...box }] },
      { contents: drawPhoto('carton', 2, 64, 48) },
    ],
  });
  const store = emptyStore();
  const moved = await move(store, { projectId: detection.id!, name: 'Shelf, moved' });
  expect(moved.project).toMatchObject({ name: 'Shelf, moved', taggedCount: 1, imageCount: 2 });
  const [image] = store.images.list(moved.project.id, { status: 'Tagged' }, oldest);
  expect(image!.regions).toMatchObject([{ tagName: 'tin', ...box }]);
});

test('a photo with a path for an address comes as an artifact', async () => {
  const [image] = await shop.training.getImages(project, { take: 1 });
  const { pathname, search } = new URL(image!.originalImageUri!);
  const remote = openRemoteService({
    endpoint: shop.engine.endpoint,
    trainingKey: shop.engine.trainingKey,
    projectId: project,
    retry: createRetry({ onWait: () => undefined }),
  });
  onTestFinished(remote.close);
  const direct = await remote.photo(image!.originalImageUri!);
  expect((await remote.photo(`${pathname}${search}`)).equals(direct)).toBe(true);
});

describe('the second time', () => {
  test('only what is new comes', async () => {
    const store = emptyStore();
    await move(store);
    const more = await shop.training.createImagesFromData(project, drawPhoto('banana', 9, 64, 48), {
      tagIds: [tags.bread],
    });
    const again = await move(store);
    expect(again).toMatchObject({ copied: 1, skipped: 0 });
    expect(again.project.imageCount).toBe(photos + 1);
    await shop.training.deleteImages(project, { imageIds: [more.images![0]!.image!.id!] });
  });

  test('what was deleted here stays away', async () => {
    const store = emptyStore();
    const { project: here } = await move(store);
    const [first] = store.images.list(here.id, {}, oldest);
    store.images.remove(here.id, [first!.id]);
    expect(await move(store)).toMatchObject({ copied: 0 });
  });
});

describe('a service in trouble', () => {
  async function withTrouble(troubleFor: (path: string, count: number) => Trouble | undefined) {
    const flaky = await startFlakyService(shop.engine.endpoint, troubleFor);
    onTestFinished(flaky.close);
    return flaky;
  }

  test('is waited for as it asks, and nothing is lost', async () => {
    const slow = { status: 429, headers: { 'retry-after': '7' } };
    const { endpoint } = await withTrouble((_, count) => (count % 3 === 0 ? slow : undefined));
    const store = emptyStore();
    const moved = await move(store, { endpoint });
    expect(moved).toMatchObject({ copied: photos, skipped: 0 });
    expect(new Set(moved.waits)).toEqual(new Set(['7 s: the service asks to slow down']));
  });

  test('is asked again after errors and torn answers', async () => {
    const { endpoint } = await withTrouble((path, count) => {
      if (path.startsWith('/pictures') && count % 5 === 0) return { isTorn: true };
      return count % 4 === 0 ? { status: 503 } : undefined;
    });
    // A torn answer is known by its silence alone.
    const moved = await move(emptyStore(), { endpoint, silenceMs: 300 });
    expect(moved).toMatchObject({ copied: photos, skipped: 0 });
    expect(moved.waits.join()).toMatch(/the service answered 503/);
    expect(moved.waits.join()).toMatch(/stopped in its midst/);
  });

  test('that lost a photo costs that one alone, which is told', async () => {
    const lost = new Set<string>();
    const { endpoint } = await withTrouble((path) => {
      if (!path.startsWith('/pictures')) return undefined;
      if (lost.size === 0) lost.add(path.slice(0, 90));
      return lost.has(path.slice(0, 90)) ? { status: 404 } : undefined;
    });
    const store = emptyStore();
    const moved = await move(store, { endpoint });
    expect(moved).toMatchObject({ copied: photos - 1, skipped: 1 });
    expect(moved.progress).toContainEqual({
      kind: 'skipped',
      imageId: expect.stringMatching(/^[\da-f-]{36}$/),
      reason: expect.stringContaining('404'),
    });
    expect(await move(store)).toMatchObject({ copied: 1, skipped: 0 });
  });

  test('for good ends the work, which a second run ends well', async () => {
    const { endpoint } = await withTrouble((_, count) =>
      count > 30 ? { status: 500 } : undefined,
    );
    const store = emptyStore();
    await expect(move(store, { endpoint })).rejects.toThrow(/stopped answering.*Run the command/);
    const [part] = store.projects.list();
    expect(part).toMatchObject({ status: 'Importing' });
    expect(part!.imageCount).toBeGreaterThan(0);
    expect(part!.imageCount).toBeLessThan(photos);
    const moved = await move(store);
    expect(moved).toMatchObject({ copied: photos - part!.imageCount, skipped: 0 });
    expect(moved.project).toMatchObject({ imageCount: photos, status: 'Succeeded' });
  });
});

describe('refused with words that help', () => {
  test('is a wrong key', async () => {
    await expect(move(emptyStore(), { key: 'wrong' })).rejects.toThrow(
      /does not accept the training key/,
    );
  });

  test('is a project that is not there, with those that are', async () => {
    const projectId = '00000000-0000-4000-8000-000000000000';
    await expect(move(emptyStore(), { projectId })).rejects.toThrow(
      new RegExp(`has no project ${projectId}. It has .*${project} \\(Shop\\)`),
    );
  });

  test('is an endpoint where nobody answers', async () => {
    await expect(move(emptyStore(), { endpoint: 'http://127.0.0.1:9' })).rejects.toThrow(
      /127\.0\.0\.1:9 cannot be read as Custom Vision: .*ECONNREFUSED/,
    );
  });

  test('is a name that is taken', async () => {
    const store = emptyStore();
    store.projects.create({ name: 'Shop', domainId: 'd', classificationType: 'Multiclass' });
    await expect(move(store)).rejects.toThrow(/already.*--name/);
  });
});
