import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { createClassifier } from '../inference/classifier.ts';
import { findDomain } from '../domain/domains.ts';
import { loadFeatureExtractor } from '../inference/feature-extractor.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import type { ClassificationType } from '../store/project-store.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import type { DrawnThing } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { buildTrainingWorker } from '../testing/training-worker.ts';
import type { BuiltWorker } from '../testing/training-worker.ts';
import { TrainingError } from './training-fault.ts';
import { openTrainingThread } from './training-thread.ts';
import type { TrainingThreadOptions } from './training-thread.ts';
import { decodeHeldOut } from './validation.ts';

const modelDir = defaultModelDir(import.meta.url);
const photosEach = 6;
const unseen = 1_000;
const enoughMs = 60_000;
const ignore = (): void => undefined;
let worker: BuiltWorker;

beforeAll(async () => {
  worker = await buildTrainingWorker();
});
afterAll(() => worker.remove());

interface Trial {
  readonly dataDir: string;
  readonly store: Store;
  readonly projectId: string;
  readonly open: (
    options?: Partial<TrainingThreadOptions>,
  ) => ReturnType<typeof openTrainingThread>;
  readonly begin: (trainingType?: 'Regular' | 'Advanced') => string;
}

async function trial(
  things: readonly DrawnThing[] = ['tomato', 'carton'],
  classificationType: ClassificationType = 'Multiclass',
): Promise<Trial> {
  const dataDir = temporaryFolder();
  const store = openStore(dataDir);
  onTestFinished(() => store.close());
  const domainId = findDomain('food')!.id;
  const { id } = store.projects.create({ name: 'Shop', domainId, classificationType });
  for (const thing of things) {
    const tag = store.tags.create(id, { name: thing });
    for (let seed = 1; seed <= photosEach; seed += 1) {
      const photo = await store.photos.keep(drawPhoto(thing, seed));
      store.images.add(id, [{ photo, width: 320, height: 240, tagIds: [tag.id] }]);
    }
  }
  return {
    dataDir,
    store,
    projectId: id,
    open(options) {
      const thread = openTrainingThread({
        workerUrl: worker.url,
        dataDir,
        modelDir,
        detectorDir: modelDir,
        threads: 1,
        closeTimeoutMs: enoughMs,
        onLeft: ignore,
        ...options,
      });
      onTestFinished(() => thread.close());
      return thread;
    },
    begin: (trainingType = 'Regular') =>
      store.iterations.begin(id, { trainingType, reservedHours: 1 }).id,
  };
}

async function classified(store: Store, iterationId: string, thing: DrawnThing) {
  const extractor = await loadFeatureExtractor({
    modelDir,
    detectorDir: temporaryFolder(),
    threads: 1,
  });
  try {
    const classifier = createClassifier(store, extractor);
    return (await classifier.classify(iterationId, drawPhoto(thing, unseen))).named;
  } finally {
    await extractor.close();
  }
}

test('trains what the project holds and says how it went', async () => {
  const { store, projectId, open, begin } = await trial();
  const id = begin();
  const stages: string[] = [];
  await open().train(id, (stage, done, of) => {
    if (done === of) stages.push(`${stage} ${of}`);
  });
  expect(stages).toEqual(['looking 12', 'fitting 4']);
  expect(store.iterations.get(projectId, id)).toMatchObject({
    status: 'Completed',
    contentRevision: store.projects.get(projectId)!.contentRevision,
    report: { photos: 12, fitId: expect.stringMatching(/fit/) },
  });
  for (const { validation } of store.iterationImages.all(id)) {
    expect(decodeHeldOut(validation!, 2)).toBeDefined();
  }
  expect((await classified(store, id, 'carton'))[0]).toMatchObject({ tag: { name: 'carton' } });
});

test('several tags of a photo, with more effort', async () => {
  const { store, projectId, open, begin } = await trial(['tomato', 'carton'], 'Multilabel');
  const both = store.tags.create(projectId, { name: 'seen' });
  const images = store.images.list(projectId, {}, { order: 'Newest', take: 20, skip: 0 });
  store.images.addTags(
    projectId,
    images.map(({ id: imageId }) => ({ imageId, tagId: both.id })),
  );
  const id = begin('Advanced');
  await open().train(id, ignore);
  const found = await classified(store, id, 'tomato');
  const probabilities = Object.fromEntries(found.map((one) => [one.tag.name, one.probability]));
  expect(probabilities['tomato']).toBeGreaterThan(0.5);
  expect(probabilities['seen']).toBeGreaterThan(0.5);
  expect(probabilities['carton']).toBeLessThan(0.5);
});

test('photos that were looked at ahead are not read again', async () => {
  const { store, projectId, dataDir, open, begin } = await trial();
  const images = store.images.list(projectId, {}, { order: 'Oldest', take: 20, skip: 0 });
  const thread = open();
  await thread.look(
    images.map(({ photo }) => photo),
    4,
  );
  rmSync(join(dataDir, 'photos'), { recursive: true });
  const id = begin();
  await thread.train(id, ignore);
  expect(store.iterations.get(projectId, id)?.status).toBe('Completed');
});

test('photos whose files are missing or damaged are named, all of them', async () => {
  const { store, projectId, dataDir, open, begin } = await trial();
  const images = store.images.list(projectId, {}, { order: 'Oldest', take: 20, skip: 0 });
  const [gone, spoilt] = [images[0]!, images[1]!];
  const fileOf = (photo: string) => join(dataDir, 'photos', photo.slice(0, 2), photo);
  rmSync(fileOf(gone.photo));
  writeFileSync(fileOf(spoilt.photo), 'nothing');
  const training = open().train(begin(), ignore);
  await expect(training).rejects.toThrow(TrainingError);
  await expect(training).rejects.toThrow(
    new RegExp(
      `image ${gone.id} \\("tomato"\\): its file ${gone.photo} is missing.*` +
        `image ${spoilt.id} \\("tomato"\\): its file ${spoilt.photo} is damaged.*upload them again`,
    ),
  );
});

test('tags that lost their photos meanwhile are named', async () => {
  const { store, projectId, open, begin } = await trial();
  const id = begin();
  store.images.removeAll(projectId);
  await expect(open().train(id, ignore)).rejects.toThrow(/"carton" \(0\), "tomato" \(0\)/);
});

test('a stop in the midst leaves the iteration for a later thread', async () => {
  const { store, projectId, open, begin } = await trial();
  const id = begin();
  const thread = open();
  let closing: Promise<void> | undefined;
  const training = thread.train(id, () => {
    closing ??= thread.close();
  });
  await expect(training).rejects.toThrow(/stopped|ended/);
  await closing;
  expect(thread.isAlive()).toBe(false);
  expect(store.iterations.get(projectId, id)?.status).toBe('Training');
  const { contentRevision } = store.iterations.get(projectId, id)!;

  store.images.removeAll(projectId);
  await nextTurn();
  await open().train(id, ignore);
  expect(store.iterations.get(projectId, id)).toMatchObject({
    status: 'Completed',
    contentRevision,
  });
});

test('a thread that cannot start is closed without a word', async () => {
  const { open } = await trial([]);
  const thread = open({ workerUrl: new URL('file:///nowhere/training-worker.js') });
  await expect(thread.close()).resolves.toBeUndefined();
});

test('a thread that does not end in time is left to itself, and tells its end', async () => {
  const name = randomUUID();
  const source = `
    import { BroadcastChannel, parentPort } from 'node:worker_threads';
    const channel = new BroadcastChannel(${JSON.stringify(name)});
    parentPort.on('message', ({ name }) => {
      if (name !== 'close') return;
      channel.onmessage = () => {
        channel.postMessage('still there');
        channel.close();
        parentPort.close();
      };
      channel.postMessage('told to close');
    });`;
  const channel = new BroadcastChannel(name);
  onTestFinished(() => channel.close());
  const told = (): Promise<unknown> =>
    new Promise((resolve) => {
      channel.onmessage = (event: unknown) => resolve((event as { readonly data: unknown }).data);
    });
  const left: Promise<unknown>[] = [];
  const { open, begin } = await trial([]);
  const thread = open({
    workerUrl: new URL(`data:text/javascript,${encodeURIComponent(source)}`),
    closeTimeoutMs: 1,
    onLeft: (exited) => void left.push(exited),
  });
  const training = expect(thread.train(begin(), ignore)).rejects.toThrow(/left to itself/);
  const closing = told();
  await thread.close();
  await training;
  expect(thread.isAlive()).toBe(false);
  expect(left).toHaveLength(1);
  expect(await closing).toBe('told to close');
  const alive = told();
  channel.postMessage('go on');
  expect(await alive).toBe('still there');
  await left[0];
});

test('a thread without a model says which', async () => {
  const { open, begin } = await trial();
  const thread = open({ modelDir: temporaryFolder() });
  await expect(thread.train(begin(), ignore)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('backbone.json') },
  });
  expect(thread.isAlive()).toBe(false);
});
