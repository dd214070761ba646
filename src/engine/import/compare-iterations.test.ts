import { RestError } from '@azure/ms-rest-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { encodeHeldOut } from '../training/validation.ts';
import { compareIterations } from './compare-iterations.ts';
import type { RemoteIteration, RemoteService } from './service-client.ts';

let folder: string;
let store: Store;
let projectId: string;
let iterationId: string;

/** Two photos, of which ours takes the apple for one, and the bread too. */
beforeEach(() => {
  folder = makeFolder();
  store = openStore(folder);
  projectId = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multiclass',
  }).id;
  store.imports.begin(projectId, 'o');
  const ids = ['apple', 'bread'].map((name) => {
    const { id } = store.tags.create(projectId, { name });
    store.imports.setTag(projectId, `old ${name}`, id);
    return id;
  });
  store.imports.addImages(
    projectId,
    ids.map((id, index) => ({
      ...{ sourceId: `old ${index}`, photo: String(index), width: 1, height: 1, tagIds: [id] },
    })),
  );
  iterationId = store.iterations.begin(projectId, {
    trainingType: 'Regular',
    reservedHours: 0,
  }).id;
  const { tags } = store.trainings.takeContents(iterationId)!;
  store.iterationImages.validate(
    iterationId,
    store.iterationImages.all(iterationId).map(({ imageId }) => ({
      imageId,
      bytes: encodeHeldOut({
        fold: 0,
        probabilities: tags.map(({ name }) => (name === 'apple' ? 0.9 : 0.1)),
      }),
    })),
  );
});
afterEach(() => {
  store.close();
  removeFolder(folder);
});

const iteration = (name: string, more: Partial<RemoteIteration> = {}): RemoteIteration => ({
  ...{ id: name, name, status: 'Completed', publishName: null, trainedAt: new Date(0) },
  ...more,
});

const notOffered = async () => {
  throw new RestError('no', undefined, 501);
};

function compareWith(remote: Partial<RemoteService>) {
  const service: RemoteService = {
    project: notOffered,
    isDetection: notOffered,
    tags: notOffered,
    imageCount: notOffered,
    images: notOffered,
    image: notOffered,
    photo: notOffered,
    iterations: async () => [iteration('Iteration 1')],
    imagePerformances: notOffered,
    tagPerformances: notOffered,
    close: () => undefined,
    ...remote,
  };
  return compareIterations({ store, remote: service, projectId, iterationId });
}

test('both are asked about the same photos', async () => {
  const found = await compareWith({
    imagePerformances: async (_, skip) =>
      skip > 0
        ? []
        : [
            { id: 'old 0', predictions: [{ tagId: 'old apple', probability: 0.2 }] },
            { id: 'old 1', predictions: [{ tagId: 'old bread', probability: 0.8 }] },
            { id: 'unknown', predictions: [{ tagId: 'old bread', probability: 0.8 }] },
          ],
  });
  expect(found).toMatchObject({
    kind: 'photo by photo',
    comparison: {
      photos: 2,
      tags: [
        { name: 'apple', old: { precision: null, recall: 0 }, now: { precision: 0.5, recall: 1 } },
        { name: 'bread', old: { precision: 1, recall: 1 }, now: { precision: null, recall: 0 } },
      ],
    },
  });
});

test('sums are taken where the service tells no more', async () => {
  const found = await compareWith({
    tagPerformances: async () => [{ id: 'old bread', precision: 0.7, recall: 0.6 }],
  });
  expect(found).toMatchObject({
    kind: 'sums',
    comparison: {
      tags: [
        { name: 'apple', old: { precision: null }, now: { precision: 0.5, recall: 1 } },
        { name: 'bread', old: { precision: 0.7, recall: 0.6 }, now: { recall: 0 } },
      ],
    },
  });
});

describe('of the old iterations', () => {
  test.each<[string, readonly RemoteIteration[], string]>([
    [
      'the published one counts',
      [
        iteration('newer', { trainedAt: new Date(9) }),
        iteration('live', { publishName: 'shop', trainedAt: new Date(5) }),
      ],
      'live',
    ],
    [
      'the newest counts where none is published',
      [
        iteration('older', { trainedAt: new Date(1) }),
        iteration('newer', { trainedAt: new Date(9) }),
      ],
      'newer',
    ],
  ])('%s', async (_, iterations, expected) => {
    const asked: string[] = [];
    await compareWith({
      iterations: async () => [...iterations],
      tagPerformances: async (id) => {
        asked.push(id);
        return [];
      },
    });
    expect(asked).toEqual([expected]);
  });

  test.each([[[]], [[iteration('half', { status: 'Training' })]]])(
    'none is no fault',
    async (iterations) => {
      const found = await compareWith({ iterations: async () => iterations });
      expect(found).toEqual({ kind: 'none', reason: expect.stringContaining('never trained') });
    },
  );
});

test('a connection that is gone is a fault', async () => {
  const broken = async () => {
    throw new Error('gone');
  };
  await expect(compareWith({ imagePerformances: broken })).rejects.toThrow('gone');
});
