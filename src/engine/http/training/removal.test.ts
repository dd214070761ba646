import { expect, onTestFinished, test } from 'vitest';

import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { removeIteration } from './removal.ts';

const photos = 120;

function trained(): { store: Store; projectId: string; iterationId: string } {
  const store = openStore(temporaryFolder());
  onTestFinished(store.close);
  const { id: projectId } = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multiclass',
  });
  const tag = store.tags.create(projectId, { name: 'apple' });
  store.images.add(
    projectId,
    Array.from({ length: photos }, (_, index) => ({
      photo: `photo-${index}`,
      width: 4,
      height: 3,
      tagIds: [tag.id],
    })),
  );
  store.trainings.add(projectId, {
    backboneId: 'b',
    fingerprint: '',
    head: Buffer.from('head'),
    report: null,
    validationOf: () => Buffer.of(1),
  });
  return { store, projectId, iterationId: store.iterations.list(projectId)[0]!.id };
}

test('an iteration of many photos goes in steps, and never looks whole meanwhile', async () => {
  const { store, projectId, iterationId } = trained();
  expect(store.iterationImages.count(iterationId, undefined)).toBe(photos);
  const steps: { readonly gone: number; readonly status: string | undefined }[] = [];
  const watched: Store = {
    ...store,
    dropUnused(names) {
      steps.push({
        gone: names.length,
        status: store.iterations.get(projectId, iterationId)?.status,
      });
      return store.dropUnused(names);
    },
  };
  await removeIteration(watched, projectId, iterationId);
  expect(store.iterations.list(projectId)).toEqual([]);
  expect(steps.reduce((sum, { gone }) => sum + gone, 0)).toBe(photos);
  expect(Math.max(...steps.map(({ gone }) => gone))).toBeLessThanOrEqual(50);
  expect(steps.slice(0, -1).map(({ status }) => status)).toEqual(['Failed', 'Failed', 'Failed']);
});

test('an iteration of which a kill left a part is deleted at the second time', async () => {
  const { store, projectId, iterationId } = trained();
  const killed: Store = {
    ...store,
    dropUnused: () => Promise.reject(new Error('Killed.')),
  };
  await expect(removeIteration(killed, projectId, iterationId)).rejects.toThrow('Killed.');
  expect(store.iterations.get(projectId, iterationId)).toMatchObject({
    status: 'Failed',
    errorDetails: expect.stringContaining('Delete it again'),
  });
  await removeIteration(store, projectId, iterationId);
  expect(store.iterations.list(projectId)).toEqual([]);
});
