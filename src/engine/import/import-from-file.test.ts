import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { ZipFile } from 'yazl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { exportProject } from '../export/project-archive.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { addRandomIteration } from '../testing/random-head.ts';
import { unzip } from '../testing/unzip.ts';
import { openArchive } from './archive-source.ts';
import { bringProject } from './bring-project.ts';
import { importFromFile } from './import-from-file.ts';

const photos = 60;
const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
const oldest = { order: 'Oldest', take: 500, skip: 0 } as const;
let folder: string;
let file: string;
let here: Store;
let shop: string;

beforeEach(async () => {
  folder = makeFolder();
  file = join(folder, 'shop.zip');
  here = openStore(join(folder, 'here'));
  shop = here.projects.create({
    name: 'Shop',
    description: 'by the sea',
    domainId: 'd',
    classificationType: 'Multilabel',
    settings: { targetExportPlatforms: ['ONNX'] },
  }).id;
  const apple = here.tags.create(shop, { name: 'apple', description: 'red' }).id;
  const none = here.tags.create(shop, { name: 'none', type: 'Negative' }).id;
  const photo = await here.photos.keep(drawPhoto('tomato', 1, 32, 24));
  const other = await here.photos.keep(drawPhoto('banana', 2, 32, 24));
  here.images.add(shop, [
    { photo, width: 32, height: 24, tagIds: [apple], metadata: { place: 'till' } },
    { photo: other, width: 32, height: 24, regions: [{ ...box, tagId: none }] },
  ]);
});
afterEach(() => {
  here.close();
  removeFolder(folder);
});

const noProgress = (): void => undefined;
const write = (to = file) => exportProject(here, here.projects.get(shop)!, to, noProgress);
const there = (): string => join(folder, 'there');
const bring = (name?: string) =>
  importFromFile({
    dataDir: there(),
    file,
    onProgress: noProgress,
    ...(name !== undefined && { name }),
  });

async function withThere<T>(look: (store: Store) => T | Promise<T>): Promise<T> {
  const store = openStore(there());
  try {
    return await look(store);
  } finally {
    store.close();
  }
}

function contentsOf(store: Store, id: string) {
  const { description, classificationType, settings, imageCount, taggedCount, status } =
    store.projects.get(id)!;
  return {
    project: { description, classificationType, settings, imageCount, taggedCount, status },
    tags: store.tags.list(id).map(({ id: _, ...tag }) => tag),
    images: store.images.list(id, {}, oldest).map(({ photo, metadata, tags, regions }) => ({
      ...{ photo, metadata },
      tags: tags.map(({ tagName }) => tagName),
      regions: regions.map(({ tagName, left, height }) => ({ tagName, left, height })),
    })),
    iterations: store.iterations.list(id).map(({ number, name, status: state, report, tags }) => ({
      ...{ number, name, state, report },
      tags: tags.map((tag) => tag.name),
    })),
  };
}

async function addMany(): Promise<void> {
  const names: string[] = [];
  for (let index = 0; index < photos; index += 1) {
    names.push(await here.photos.keep(drawPhoto('carton', index + 10, 16, 12)));
  }
  here.images.add(
    shop,
    names.map((photo) => ({ photo, width: 16, height: 12 })),
  );
}

test('a project goes through a file with all that it has', async () => {
  addRandomIteration(here, shop, { backboneId: 'b', publishName: 'live' });
  const cut = here.iterations.begin(shop, { trainingType: 'Advanced', reservedHours: 2 });
  here.trainings.takeContents(cut.id);
  const [first] = here.iterationImages.all(cut.id);
  here.iterationImages.validate(cut.id, [
    { imageId: first!.imageId, bytes: Buffer.of(1, 2, 3, 4) },
  ]);
  here.iterations.fail(cut.id, 'for this test');
  // Its photo is then the iteration's alone.
  const removed = here.images.remove(shop, [first!.imageId]);

  expect(await write()).toEqual({ images: 1, iterations: 2 });
  const { projectId } = await bring('Branch');
  await withThere(async (store) => {
    expect(store.projects.get(projectId)!.name).toBe('Branch');
    expect(contentsOf(store, projectId)).toEqual(contentsOf(here, shop));
    for (const photo of removed) await store.photos.read(photo);
    const [failed, trained] = store.iterations.list(projectId);
    expect(trained!.publishedName).toBeNull();
    expect(store.iterations.head(trained!.id)).toBeDefined();
    const images = store.iterationImages.all(failed!.id);
    expect(images.map(({ validation }) => validation && [...validation])).toContainEqual([
      1, 2, 3, 4,
    ]);
    const [image] = store.images.list(projectId, {}, oldest);
    expect(images.map(({ imageId }) => imageId)).toContain(image!.id);
  });
});

test('many photos come in many batches, and a second import is a project of its own', async () => {
  await addMany();
  await write();
  const first = await bring();
  expect(first).toMatchObject({ projectName: 'Shop', images: photos + 2 });
  const second = await bring('Second');
  expect(second.projectId).not.toBe(first.projectId);
  await withThere((store) => {
    expect(contentsOf(store, second.projectId)).toEqual(contentsOf(here, shop));
  });
});

test('what a kill broke off is gone on with', async () => {
  await addMany();
  await write();
  const begun = await withThere(async (store) => {
    const archive = await openArchive(file, store);
    const { id } = store.projects.create(archive.source.project);
    store.imports.begin(id, `file:${archive.id}`);
    let batches = 0;
    const killed = bringProject(store, id, {
      ...archive.source,
      eachBatch: (take) =>
        archive.source.eachBatch((images) => {
          if ((batches += 1) > 1) throw new Error('killed');
          take(images);
        }),
    });
    await expect(killed).rejects.toThrow('killed');
    archive.close();
    expect(store.projects.get(id)).toMatchObject({ status: 'Importing', imageCount: 25 });
    return id;
  });
  expect(await bring()).toMatchObject({ projectId: begun, images: photos + 2 });
  await withThere((store) => {
    expect(contentsOf(store, begun)).toEqual(contentsOf(here, shop));
  });
});

describe('refused is', () => {
  test('a file that is there already', async () => {
    await writeFile(file, 'precious');
    await expect(write()).rejects.toThrow(/shop\.zip is there already/);
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  test('a name that is taken', async () => {
    await write();
    await bring();
    await expect(bring()).rejects.toThrow(/"Shop" here already.*--name/);
  });

  test('what is no archive', async () => {
    await writeFile(file, 'no zip at all, but long enough to be looked at');
    await expect(bring()).rejects.toThrow(/shop\.zip cannot be read as an exported project/);
    removeFolder(file);
    await expect(bring()).rejects.toThrow(/shop\.zip cannot be read.*no such file/);
  });

  test('a damaged one, of which nothing stays', async () => {
    await addMany();
    await write();
    const bytes = await readFile(file);
    const middle = bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff]), bytes.length >> 1);
    bytes.fill(7, middle + 20, middle + 40);
    await writeFile(file, bytes);
    await expect(bring()).rejects.toThrow(/is damaged at photos\//);
    await withThere((store) => expect(store.projects.list()).toEqual([]));
    expect(photosIn(there())).toBe(0);
  });

  test('one that lacks a photo, of which nothing stays', async () => {
    await write();
    const zip = new ZipFile();
    for (const [name, bytes] of await unzip(await readFile(file))) {
      if (!name.startsWith('photos/')) zip.addBuffer(bytes, name);
    }
    zip.end();
    await writeFile(file, await buffer(zip.outputStream));
    await expect(bring()).rejects.toThrow(/is damaged at photos\/[\da-f]{64}: it is not there/);
    await withThere((store) => expect(store.projects.list()).toEqual([]));
  });
});

test('a photo that is gone ends the export by its name, and leaves no file', async () => {
  const [image] = here.images.list(shop, {}, oldest);
  await here.photos.remove(image!.photo);
  await expect(write()).rejects.toThrow(`The photo ${image!.photo} is missing`);
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder)).toEqual(['here']);
});

function photosIn(dataDir: string): number {
  return readdirSync(join(dataDir, 'photos'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  ).length;
}
