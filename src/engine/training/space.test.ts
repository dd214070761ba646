import { expect, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import { dot, matrixOf, rowOf } from './matrix.ts';
import { fitSpace, normalise, place } from './space.ts';

const random = seededRandom(11);
const columns = 12;
/** Two tags that differ in the first numbers; the last three numbers are always nothing. */
const rows = Array.from({ length: 40 }, (_, row) =>
  normalise(
    Array.from({ length: columns }, (__, column) =>
      column >= columns - 3 ? 0 : random() + (column === row % 2 ? 4 : 0),
    ),
  ),
);
const labels = rows.map((_, row) => row % 2);
const fit = (dimensions: number) =>
  fitSpace({
    rows: matrixOf(rows, columns),
    labels,
    classes: 2,
    dimensions,
    random: seededRandom(1),
  });

test('normalised features have length one and keep their signs', () => {
  const normalised = normalise([4, -9, 0]);
  expect(dot(normalised, normalised)).toBeCloseTo(1, 6);
  expect(normalised[0]).toBeCloseTo(2 / Math.sqrt(13), 6);
  expect(normalised[1]).toBeCloseTo(-3 / Math.sqrt(13), 6);
  expect([...normalise([0, 0])]).toEqual([0, 0]);
});

test('a taught picture has a heading of length one, a stranger a shorter one', () => {
  const space = fit(columns);
  const taught = place(space, rows[0]!).heading;
  expect(dot(taught, taught)).toBeCloseTo(1, 3);
  const strange = rows[0]!.slice();
  strange[columns - 1] = 1;
  const heading = place(space, strange).heading;
  expect(dot(heading, heading)).toBeLessThan(0.5);
});

test('pictures of one tag head the same way, of two tags opposite ways', () => {
  const space = fit(columns);
  const [a, b, c] = [0, 2, 1].map((row) => place(space, rows[row]!).heading);
  expect(dot(a!, b!)).toBeGreaterThan(0.4);
  expect(dot(a!, c!)).toBeLessThan(-0.3);
});

test('with few dimensions the basis keeps the direction that tells the tags apart', () => {
  const space = fit(1);
  expect(space.basis.rows).toBe(1);
  const direction = rowOf(space.basis, 0);
  expect(Math.abs(direction[0]! - direction[1]!)).toBeGreaterThan(1.2);
});
