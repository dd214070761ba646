import { expect, test } from 'vitest';
import { createConfusion } from './confusion.ts';
import type { JudgedPhoto } from './confusion.ts';

function confusionOf(tagIds: readonly string[], photos: readonly JudgedPhoto[], threshold: number) {
  const confusion = createConfusion(tagIds, threshold);
  photos.forEach(confusion.add);
  return confusion.rows;
}

const photo = (label: string, probabilities: readonly number[] | null) => ({
  tagIds: [label],
  probabilities,
});

test('a photo counts in its own row, where it was taken for what it most looked like', () => {
  const photos = [
    photo('apple', [0.9, 0.1]),
    photo('apple', [0.2, 0.8]),
    photo('bread', [0.3, 0.7]),
    photo('bread', [0.4, 0.45]),
  ];
  expect(confusionOf(['apple', 'bread'], photos, 0.5)).toEqual([
    [1, 1, 0],
    [0, 1, 1],
  ]);
});

test('what reaches the threshold just so is recognised', () => {
  expect(confusionOf(['apple', 'bread'], [photo('apple', [0.5, 0.5])], 0.5)[0]).toEqual([1, 0, 0]);
});

test('photos that say nothing here are left out', () => {
  const photos = [
    photo('apple', null),
    photo('gone', [0.9, 0.1]),
    { tagIds: ['apple', 'bread'], probabilities: [0.9, 0.9] },
    { tagIds: [], probabilities: [0.9, 0.1] },
  ];
  expect(confusionOf(['apple', 'bread'], photos, 0.5)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});
