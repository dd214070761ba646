import { expect, test } from 'vitest';
import { areAtOneThing, liesInside, sharedPart, shownPart } from './box.ts';
import type { Box } from './film.ts';

const box = (left: number, top: number, right: number, bottom: number): Box => ({
  left,
  top,
  right,
  bottom,
});
const square = box(0, 0, 10, 10);

test.each([
  { other: box(0, 0, 10, 10), part: 1 },
  // A part of it, and all of it and more.
  { other: box(2, 2, 4, 4), part: 1 },
  { other: box(-20, -20, 30, 30), part: 1 },
  { other: box(5, 0, 15, 10), part: 0.5 },
  { other: box(5, 5, 25, 25), part: 0.25 },
  { other: box(10, 0, 20, 10), part: 0 },
  { other: box(20, 20, 30, 30), part: 0 },
])('of the smaller of two boxes $part lies in the other', ({ other, part }) => {
  expect(sharedPart(square, other)).toBeCloseTo(part);
  expect(sharedPart(other, square)).toBeCloseTo(part);
});

test('two boxes are at one thing where three tenths of the smaller are in the other', () => {
  expect(areAtOneThing(square, box(7, 0, 17, 10))).toBe(true);
  expect(areAtOneThing(square, box(7.1, 0, 17.1, 10))).toBe(false);
});

test('a framing shows what is in it', () => {
  const framing = { width: 20, height: 10, left: 5, top: 5 };
  expect(shownPart(box(0, 0, 10, 10), framing)).toEqual(box(5, 5, 10, 10));
  expect(shownPart(box(0, 0, 5, 10), framing)).toBeNull();
  expect(liesInside(box(7, 7, 23, 13), framing, 2)).toBe(true);
  for (const out of [box(6, 7, 23, 13), box(7, 6, 23, 13), box(7, 7, 24, 13), box(7, 7, 23, 14)]) {
    expect(liesInside(out, framing, 2)).toBe(false);
  }
});
