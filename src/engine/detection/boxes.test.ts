import fc from 'fast-check';
import { expect, test } from 'vitest';

import { containmentOf, meanBox, suppressed, withinPicture } from './boxes.ts';
import { overlapOf } from '../../shared/overlap.ts';

const box = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  width,
  height,
});

test.each([
  ['the same', box(0.1, 0.2, 0.3, 0.4), box(0.1, 0.2, 0.3, 0.4), 1],
  ['apart', box(0, 0, 0.2, 0.2), box(0.5, 0.5, 0.2, 0.2), 0],
  ['touching', box(0, 0, 0.2, 0.2), box(0.2, 0, 0.2, 0.2), 0],
  ['half over', box(0, 0, 0.2, 0.2), box(0.1, 0, 0.2, 0.2), 1 / 3],
  ['one in the other', box(0, 0, 0.4, 0.4), box(0.1, 0.1, 0.2, 0.2), 1 / 4],
  ['of no size', box(0.1, 0.1, 0, 0), box(0.1, 0.1, 0, 0), 0],
])('the overlap of two boxes: %s', (_, a, b, overlap) => {
  expect(overlapOf(a, b)).toBeCloseTo(overlap);
  expect(overlapOf(b, a)).toBeCloseTo(overlap);
});

test('how far a box lies in another', () => {
  const outer = box(0, 0, 0.4, 0.4);
  expect(containmentOf(outer, box(0.1, 0.1, 0.1, 0.1))).toBeCloseTo(1);
  expect(containmentOf(box(0.35, 0, 0.1, 0.1), outer)).toBeCloseTo(0.5);
  expect(containmentOf(outer, box(0.5, 0, 0.1, 0.1))).toBe(0);
  expect(containmentOf(outer, box(0.1, 0.1, 0, 0))).toBe(0);
});

test('a box is cut to the picture', () => {
  expect(withinPicture(box(-0.1, 0.5, 0.3, 0.7))).toEqual({
    left: 0,
    top: 0.5,
    width: expect.closeTo(0.2) as number,
    height: 0.5,
  });
  expect(withinPicture(box(1.2, 0, 0.3, 0.3)).width).toBe(0);
});

const side = fc.double({ min: 0, max: 1, noNaN: true });
const anyItem = fc
  .tuple(side, side, side, side)
  .map(([left, top, width, height]) => ({ box: box(left, top, width, height) }));

test('of boxes that overlap too much the first alone stays', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 30 }), side, (items, most) => {
      const kept = suppressed(items, most);
      expect(kept[0]).toBe(items[0]);
      for (const [index, one] of kept.entries()) {
        for (const other of kept.slice(0, index)) {
          expect(overlapOf(one.box, other.box)).toBeLessThanOrEqual(most);
        }
      }
      for (const item of items.filter((each) => !kept.includes(each))) {
        expect(kept.some((each) => overlapOf(each.box, item.box) > most)).toBe(true);
      }
    }),
  );
});

test('the mean of boxes lies nearer to the heavier one', () => {
  const mean = meanBox([
    { box: box(0, 0, 0.2, 0.2), weight: 3 },
    { box: box(0.4, 0, 0.2, 0.4), weight: 1 },
  ]);
  expect(mean.left).toBeCloseTo(0.1);
  expect(mean.width).toBeCloseTo(0.2);
  expect(mean.height).toBeCloseTo(0.25);
});
