import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openStore } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createPredict } from './predict.ts';
import { createSemaphore } from './semaphore.ts';

test('a project that is deleted while its picture is recognised is not found', async () => {
  const dataDir = temporaryFolder();
  const store = openStore(dataDir);
  onTestFinished(store.close);
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: 'ee85a74c-405e-4adc-bb47-ffa8ca0c9f31',
    classificationType: 'Multiclass',
  });
  const predict = createPredict({
    store,
    classifier: {
      warm: () => undefined,
      headOf: () => {
        throw new Error('Nobody asks for a head.');
      },
      async classify() {
        store.projects.remove(id);
        return { named: [], features: new Float32Array() };
      },
    },
    finder: undefined,
    enter: createSemaphore({ running: 1, waiting: 1 }, () => new Error('It is full.')),
  });
  const picture = drawPhoto('tomato', 1);
  const question = { kind: 'classify', projectId: id, iterationId: 'i', picture } as const;
  await expect(predict({ ...question, keep: true })).rejects.toMatchObject({
    status: 404,
    code: 'NotFoundProject',
  });
  const left = readdirSync(join(dataDir, 'photos'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
});
