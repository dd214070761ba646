import { expect, test } from 'vitest';

import { addedThings } from './added-things.ts';
import type { ChangeClass, Segmentation } from './segmentation.ts';

/** Rows of pixels: `.` same, `a` added, `e` added and an edge, `p` person, `r` removed. */
function drawn(...rows: readonly string[]): Segmentation {
  const width = rows[0]!.length;
  const letters = [...rows.join('')];
  const plane = (...of: readonly string[]): Uint8Array =>
    Uint8Array.from(letters, (letter) => (of.includes(letter) ? 255 : 0));
  const planes: Record<ChangeClass, Uint8Array> = {
    same: plane('.'),
    added: plane('a', 'e'),
    removed: plane('r'),
    person: plane('p'),
    edge: plane('e'),
  };
  return { width, height: rows.length, ...planes };
}

/** A block of that many columns with an edge around it, as rows. */
const block = (columns: number): readonly string[] => {
  const edge = 'e'.repeat(columns);
  const inner = `e${'a'.repeat(columns - 2)}e`;
  return [edge, ...Array.from({ length: 7 }, () => inner), edge];
};

test('two things that touch are two, and each has its edge back', () => {
  const left = block(9);
  const right = block(11);
  const { things, numbers } = addedThings(
    drawn(...left.map((row, at) => `..${row}${right[at]}..`)),
  );
  expect(things).toMatchObject([
    {
      number: 1,
      left: 2,
      top: 0,
      right: 11,
      bottom: 9,
      pixels: 81,
      middleX: expect.closeTo(6),
      middleY: expect.closeTo(4),
    },
    {
      number: 2,
      left: 11,
      top: 0,
      right: 22,
      bottom: 9,
      pixels: 99,
      middleX: expect.closeTo(16),
      middleY: expect.closeTo(4),
    },
  ]);
  expect([numbers[0], numbers[4 * 24 + 10], numbers[4 * 24 + 11]]).toEqual([0, 1, 2]);
});

test('one thing with a neck is one', () => {
  const rows = block(14).map((row, at) =>
    at === 4 ? `${row}${'a'.repeat(12)}` : `${row}${'.'.repeat(12)}`,
  );
  expect(addedThings(drawn(...rows)).things).toMatchObject([{ left: 0, right: 26 }]);
});

test('a speck is no thing, nor is a person or what was removed', () => {
  const { things, numbers } = addedThings(
    drawn(
      'pppppp...rrrrrr.',
      'pppppp...rrrrrr.',
      'pppppp.a.rrrrrr.',
      'pppppp...rrrrrr.',
      '....aaaa........',
      '....aaaa........',
    ),
  );
  expect(things).toEqual([]);
  expect(numbers.every((number) => number === 0)).toBe(true);
});

test('things do not join around the picture’s sides', () => {
  const rows = Array.from({ length: 6 }, () => 'aaaaa....aaaaa');
  expect(addedThings(drawn(...rows)).things.map(({ left, right }) => [left, right])).toEqual([
    [0, 5],
    [9, 14],
  ]);
});
