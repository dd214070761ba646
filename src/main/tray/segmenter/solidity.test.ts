import { expect, test } from 'vitest';

import { solidityOf } from './solidity.ts';

const width = 10;

/** The pixels of the rows that are marked. */
function partOf(...rows: readonly string[]): readonly number[] {
  return rows.flatMap((row, y) =>
    [...row].flatMap((mark, x) => (mark === '#' ? [y * width + x] : [])),
  );
}

test('a rectangle fills the shape around it', () => {
  expect(solidityOf(partOf('...###', '...###'), { width })).toBeCloseTo(1);
});

test('a corner of three pixels lacks half a pixel of the shape around it', () => {
  expect(solidityOf(partOf('#.', '##'), { width })).toBeCloseTo(3 / 3.5);
});

test('two squares that touch at a corner fill two thirds of the shape around them', () => {
  expect(solidityOf(partOf('#.', '.#'), { width })).toBeCloseTo(2 / 3);
});
