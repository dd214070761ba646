import { expect, test } from 'vitest';

import { embeddingOf, nearnessByTag } from './embedding.ts';
import { dot, matrixOf } from '../model/matrix.ts';

test('an embedding has length one and keeps the signs, and nothing stays nothing', () => {
  const embedding = embeddingOf([4, -9, 0]);
  expect(dot(embedding, embedding)).toBeCloseTo(1, 6);
  expect(embedding[0]).toBeCloseTo(2 / Math.sqrt(13), 6);
  expect(embedding[1]).toBeCloseTo(-3 / Math.sqrt(13), 6);
  expect([...embeddingOf([0, 0])]).toEqual([0, 0]);
});

test('each tag is as near as the nearest of its prototypes', () => {
  const prototypes = matrixOf(
    [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ],
    2,
  );
  const near = nearnessByTag(prototypes, [0, 2, 2], 3, Float32Array.of(0.8, 0.6));
  expect(near.map((one) => Number(one.toFixed(5)))).toEqual([0.8, 0, 0.96]);
});
