import { expect, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import { prototypesOf } from './prototypes.ts';
import { cosine, normalised } from './embedding.ts';

const random = seededRandom(9);
const columns = 24;

/** Photos of a side: one direction, and each its own way a little beside it. */
const side = (direction: number, photos: number): Float32Array[] =>
  Array.from({ length: photos }, () =>
    normalised(
      Float32Array.from({ length: columns }, (_, column) =>
        column === direction ? 1 : (random() - 0.5) / 3,
      ),
    ),
  );

test('photos that are all of one side make one prototype, in their middle', () => {
  const photos = side(0, 16);
  const [prototype, ...others] = prototypesOf(photos);
  expect(others).toEqual([]);
  for (const photo of photos) expect(cosine(photo, prototype!)).toBeGreaterThan(0.8);
});

test('a side that few of the photos show is a prototype of its own', () => {
  const seldom = side(1, 5);
  const prototypes = prototypesOf([...side(0, 20), ...seldom]);
  expect(prototypes).toHaveLength(2);
  for (const photo of seldom) {
    expect(Math.max(...prototypes.map((prototype) => cosine(photo, prototype)))).toBeGreaterThan(
      0.8,
    );
  }
});

test('two photos that went wrong are no prototype', () => {
  expect(prototypesOf([...side(0, 20), ...side(1, 2)])).toHaveLength(1);
});

test('many sides are found, but no more than eight', () => {
  const photos = Array.from({ length: 20 }, (_, direction) => side(direction, 6)).flat();
  const prototypes = prototypesOf(photos);
  expect(prototypes.length).toBeGreaterThan(4);
  expect(prototypes.length).toBeLessThanOrEqual(8);
});
