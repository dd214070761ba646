import { expect, test } from 'vitest';

import { measureTag } from './measure.ts';

const there = { left: 0.1, top: 0.1, width: 0.2, height: 0.2 };
const aside = { ...there, left: 0.2 };
const away = { ...there, left: 0.7 };
const thresholds = { threshold: 0.5, overlap: 0.5 };

test('what lies where it was found is right, and but once', () => {
  const { folds, averagePrecision } = measureTag(
    [
      {
        fold: 1,
        truths: [{ tag: 0, box: there }],
        detections: [
          { tag: 0, probability: 0.9, box: there },
          { tag: 0, probability: 0.8, box: there },
          { tag: 1, probability: 0.8, box: there },
        ],
      },
    ],
    0,
    thresholds,
  );
  expect(folds).toEqual([
    { hits: 0, taken: 0, there: 0 },
    { hits: 1, taken: 2, there: 1 },
  ]);
  expect(averagePrecision).toBe(1);
});

test('the overlap that is asked for decides', () => {
  const photos = [
    {
      fold: 0,
      truths: [{ tag: 0, box: there }],
      detections: [{ tag: 0, probability: 0.9, box: aside }],
    },
  ];
  expect(measureTag(photos, 0, thresholds).averagePrecision).toBe(0);
  expect(measureTag(photos, 0, { ...thresholds, overlap: 0.3 }).averagePrecision).toBe(1);
});

test('what was missed, and what was found wrongly before, lowers the average precision', () => {
  const photo = (probability: number, box: typeof there) => ({
    fold: 0,
    truths: [{ tag: 0, box: there }],
    detections: [{ tag: 0, probability, box }],
  });
  // Right, wrong, right of four that are there: precisions 1 and 2/3 at a quarter each.
  const photos = [
    photo(0.9, there),
    photo(0.8, away),
    photo(0.7, there),
    { fold: 0, truths: [{ tag: 0, box: there }], detections: [] },
  ];
  expect(measureTag(photos, 0, thresholds).averagePrecision).toBeCloseTo((1 + 2 / 3) / 4);
});

test('what is less probable than the threshold is not taken, but ranked', () => {
  const { folds, averagePrecision } = measureTag(
    [
      {
        fold: 0,
        truths: [{ tag: 0, box: there }],
        detections: [{ tag: 0, probability: 0.4, box: there }],
      },
    ],
    0,
    thresholds,
  );
  expect(folds).toEqual([{ hits: 0, taken: 0, there: 1 }]);
  expect(averagePrecision).toBe(1);
});
