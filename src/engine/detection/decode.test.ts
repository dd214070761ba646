import { expect, test } from 'vitest';

import { decodeScale } from './decode.ts';

const head = { classes: 2, steps: 3 };
const side = 4;
const cells = side * side;
const channels = head.classes + 4 * head.steps;

/** An output in which nothing is there but what is set. */
function output(set: (put: (channel: number, cell: number, value: number) => void) => void) {
  const values = new Float32Array(channels * cells);
  values.fill(-10, 0, head.classes * cells);
  set((channel, cell, value) => {
    values[channel * cells + cell] = value;
  });
  return { values, side };
}

const whole = { width: 1, height: 1 };

test('a cell tells where the sides of its thing are', () => {
  // The second class, in column 2 of row 1; each side surely one step away, the lower one two.
  const cell = 1 * side + 2;
  const [found, ...more] = decodeScale(
    output((put) => {
      put(1, cell, 0);
      [1, 1, 1, 2].forEach((step, direction) =>
        put(head.classes + direction * head.steps + step, cell, 50),
      );
    }),
    head,
    whole,
    0.1,
  );
  expect(more).toEqual([]);
  expect(found?.objectness).toBeCloseTo(0.5);
  expect(found?.box.left).toBeCloseTo(1.5 / side);
  expect(found?.box.top).toBeCloseTo(0.5 / side);
  expect(found?.box.width).toBeCloseTo(2 / side);
  expect(found?.box.height).toBeCloseTo(3 / side);
});

test('a distance that is not sure lies in between', () => {
  const [found] = decodeScale(
    output((put) => put(0, 0, 3)),
    head,
    whole,
    0.1,
  );
  // All steps are alike: one on the average, to each side.
  expect(found?.box.width).toBeCloseTo(2 / side);
});

test('boxes are fractions of the picture, and the filling beside it shows nothing', () => {
  const inPicture = 0;
  const inFilling = 3 * side;
  const found = decodeScale(
    output((put) => {
      put(0, inPicture, 3);
      put(0, inFilling, 3);
    }),
    head,
    { width: 1, height: 0.5 },
    0.1,
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.box.top).toBeCloseTo((0.5 - 1) / side / 0.5);
  expect(found[0]?.box.height).toBeCloseTo(2 / side / 0.5);
});
