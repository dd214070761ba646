import { expect, onTestFinished, test } from 'vitest';

import { createClassifier } from './classifier.ts';
import { findDomain } from './domains.ts';
import { openStore } from './store/store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { addRandomIteration } from './testing/random-head.ts';

test('a tag is told by the type that it had in its project', async () => {
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
  const types = classifier
    .headOf(iterationId)
    .tags.map((tag) => [tag.name, classifier.typeOf(iterationId, tag)]);
  expect(types).toEqual([
    ['any product', 'GeneralProduct'],
    ['milk', 'Regular'],
  ]);
});
