import { expect, onTestFinished, test } from 'vitest';

import { createClassifier } from './classifier.ts';
import { findDomain } from '../domain/domains.ts';
import { openStore } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { addRandomIteration } from '../testing/random-head.ts';

test('a tag is told by the type that it was taught with', async () => {
  const store = openStore(temporaryFolder());
  onTestFinished(store.close);
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  });
  const any = store.tags.create(id, { name: 'any product', type: 'GeneralProduct' });
  const milk = store.tags.create(id, { name: 'milk' });
  store.images.add(
    id,
    [any, milk].map((tag) => ({ photo: tag.id, width: 1, height: 1, tagIds: [tag.id] })),
  );
  const iterationId = addRandomIteration(store, id, { backboneId: 'b' });
  store.tags.update(id, any.id, { type: 'Regular' });

  const featureCount = 1_280;
  const classifier = createClassifier(store, {
    backboneId: 'b',
    featureCount,
    proposes: false,
    features: async () => [new Float32Array(featureCount)],
    propose: async () => [],
    close: async () => undefined,
  });
  const { named } = await classifier.classify(iterationId, drawPhoto('carton', 1));
  expect(new Map(named.map(({ tag }) => [tag.name, tag.type]))).toEqual(
    new Map([
      ['any product', 'GeneralProduct'],
      ['milk', 'Regular'],
    ]),
  );
});
