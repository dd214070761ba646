import { expect, test } from 'vitest';

import { headingOf, nearnessByTag } from './heading.ts';
import { dot, matrixOf } from '../model/matrix.ts';

test('a heading has length one and keeps the signs, and nothing stays nothing', () => {
  const heading = headingOf([4, -9, 0]);
  expect(dot(heading, heading)).toBeCloseTo(1, 6);
  expect(heading[0]).toBeCloseTo(2 / Math.sqrt(13), 6);
  expect(heading[1]).toBeCloseTo(-3 / Math.sqrt(13), 6);
  expect([...headingOf([0, 0])]).toEqual([0, 0]);
});

test('each tag is as near as the nearest of its faces', () => {
  const faces = matrixOf(
    [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ],
    2,
  );
  const near = nearnessByTag(faces, [0, 2, 2], 3, Float32Array.of(0.8, 0.6));
  expect(near.map((one) => Number(one.toFixed(5)))).toEqual([0.8, 0, 0.96]);
});
