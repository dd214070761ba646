import { expect, it } from 'vitest';
import { createPatch, measure } from './appearance.ts';
import { createOutside } from './outside.ts';

/** A block of 10×10 pixels from a place on, in a picture of 100×50. */
function block(left: number, top: number) {
  const patch = createPatch(100 * 50);
  for (let y = top; y < top + 10; y++) patch.mask.fill(1, y * 100 + left, y * 100 + left + 10);
  measure(patch, 100, { left: 0, top: 0, right: 99, bottom: 49 });
  return patch;
}

const slanted = [
  { x: 0.2, y: 0.1 },
  { x: 0.8, y: 0.2 },
  { x: 0.7, y: 0.9 },
  { x: 0.1, y: 0.8 },
];

it.each([
  { left: 40, top: 20, outside: false },
  { left: 0, top: 20, outside: true },
  { left: 85, top: 20, outside: true },
  { left: 40, top: 0, outside: true },
  { left: 66, top: 20, outside: false },
])('a block at $left, $top lies outside the tray: $outside', ({ left, top, outside }) => {
  expect(createOutside(100, 50, slanted)(block(left, top))).toBe(outside);
});

it('nothing lies outside where no corners are set', () => {
  expect(createOutside(100, 50, null)(block(0, 0))).toBe(false);
});
