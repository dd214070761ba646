import { expect, test } from 'vitest';

import { addFolds, averagePrecision, countFolds, measured } from './performance.ts';

const tag = (probabilities: readonly number[], truths: readonly number[]) => ({
  probabilities: Float32Array.from(probabilities),
  truths: Uint8Array.from(truths),
});
const foldOf = Uint8Array.of(0, 0, 1, 1, 2, 2);
const found = tag([0.9, 0.5, 0.8, 0.1, 0.7, 0.6], [1, 0, 1, 0, 0, 1]);

test.each([
  [0.5, { precision: 3 / 5, recall: 1 }],
  [0.75, { precision: 1, recall: 2 / 3 }],
  [0.95, { precision: 0, recall: 0 }],
])('at a threshold of %s', (threshold, expected) => {
  const { precision, recall } = measured(countFolds(found, foldOf, threshold), 0);
  expect({ precision, recall }).toEqual(expected);
});

test('deviations are those of the folds that have something to say', () => {
  const counts = countFolds(found, foldOf, 0.5);
  expect(counts).toEqual([
    { hits: 1, taken: 2, there: 1 },
    { hits: 1, taken: 1, there: 1 },
    { hits: 1, taken: 2, there: 1 },
  ]);
  expect(measured(counts, 0).precisionStdDeviation).toBeCloseTo(Math.sqrt(1 / 12), 10);
  expect(measured(counts, 0).recallStdDeviation).toBe(0);
  expect(measured(countFolds(found, foldOf, 0.85), 0).precisionStdDeviation).toBe(0);
});

test.each<[string, readonly number[], readonly number[], number]>([
  ['all told apart', [0.9, 0.8, 0.2], [1, 1, 0], 1],
  ['one before the second', [0.9, 0.8, 0.7], [1, 0, 1], (1 + 2 / 3) / 2],
  ['none told apart', [0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], (1 / 3 + 2 / 4) / 2],
  ['a tag without photos', [0.5], [0], 0],
])('average precision of %s', (_, probabilities, truths, expected) => {
  expect(averagePrecision(tag(probabilities, truths))).toBeCloseTo(expected, 10);
});

test('in total each pair of photo and tag counts alike', () => {
  const other = tag([0, 0.9, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]);
  const both = addFolds([countFolds(found, foldOf, 0.5), countFolds(other, foldOf, 0.5)]);
  expect(measured(both, 0)).toMatchObject({ precision: 4 / 6, recall: 1 });
});
