import { expect, test } from 'vitest';

import { encodeDetections } from '../detection/held-out-detections.ts';
import { compareDetections, judgedElsewhere, judgedPhoto } from './compare-detections.ts';

const tags = ['apple', 'bread'].map((name) => ({
  ...{ id: name, name, description: '', type: 'Regular' as const, imageCount: 1 },
}));
const left = { left: 0.1, top: 0.1, width: 0.25, height: 0.25 };
const right = { left: 0.625, top: 0.1, width: 0.25, height: 0.25 };

/** An apple at the left, a bread at the right; ours finds the apple, and takes the bread for one. */
const ours = judgedPhoto(
  { tags },
  {
    labels: [
      { tagId: 'apple', regionId: '1', ...left },
      { tagId: 'bread', regionId: '2', ...right },
    ],
    validation: encodeDetections({
      fold: 1,
      detections: [
        { tag: 0, probability: 0.75, box: left },
        { tag: 0, probability: 0.75, box: right },
      ],
    }),
  },
)!;

test('what was never judged is not compared', () => {
  expect(judgedPhoto({ tags }, { labels: [], validation: null })).toBeUndefined();
});

test('both are judged by boxes that overlap', () => {
  const placeOf = (tagId: string) => ['old apple', 'old bread'].indexOf(tagId);
  const old = judgedElsewhere(
    ours,
    [
      { tagId: 'old bread', probability: 0.9, boundingBox: { ...right, left: 0.65 } },
      // Beside it, less probable than what counts, and no place at all.
      { tagId: 'old apple', probability: 0.9, boundingBox: { ...left, left: 0.4 } },
      { tagId: 'old apple', probability: 0.4, boundingBox: left },
      { tagId: 'old apple', probability: 0.9 },
    ],
    placeOf,
  );
  expect(compareDetections([{ old, now: ours }], tags)).toEqual({
    threshold: 0.5,
    photos: 1,
    tags: [
      {
        ...{ name: 'apple', photos: 1 },
        ...{ old: { precision: 0, recall: 0 }, now: { precision: 0.5, recall: 1 } },
      },
      {
        ...{ name: 'bread', photos: 1 },
        ...{ old: { precision: 1, recall: 1 }, now: { precision: null, recall: 0 } },
      },
    ],
    total: {
      ...{ name: 'all tags', photos: 1 },
      ...{ old: { precision: 0.5, recall: 0.5 }, now: { precision: 0.5, recall: 0.5 } },
    },
  });
});
