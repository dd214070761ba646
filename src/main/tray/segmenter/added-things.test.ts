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

test('two things with a shallow neck between them are two, a thin one of even width is one', () => {
  // The edge share of a seam that the model half sees.
  const faint = (segmentation: Segmentation, column: number): Segmentation => {
    const { width, height, added, edge } = segmentation;
    for (let y = 0; y < height; y += 1) {
      for (const x of [column - 1, column, column + 1]) {
        if (added[y * width + x]! > 0) edge[y * width + x] = 145;
      }
    }
    return segmentation;
  };
  const wide = Array.from({ length: 16 }, (_, y) => {
    const joint = (y > 5 && y < 10 ? 'a' : '.').repeat(3);
    return `.${'a'.repeat(14)}${joint}${'a'.repeat(14)}.`;
  });
  const things = addedThings(faint(drawn(...wide), 16)).things;
  expect(things.map(({ isParted }) => isParted)).toEqual([true, true]);
  const thin = Array.from({ length: 12 }, (_, y) =>
    y < 3 || y > 8 ? '.'.repeat(33) : `.${'a'.repeat(31)}.`,
  );
  expect(addedThings(faint(drawn(...thin), 16)).things).toMatchObject([
    { left: 1, right: 32, isParted: false },
  ]);
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
