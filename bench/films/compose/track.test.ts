import { expect, test } from 'vitest';
import { momentOf } from './track.ts';
import type { Track } from './track.ts';

const track: Track = [
  { atS: 1, x: 0, y: 10, angle: 0, lift: 1 },
  { atS: 2, x: 100, y: 10, angle: 1, lift: 0, bowPx: 8 },
  { atS: 3, x: 100, y: 10, angle: 1, lift: 0 },
  { atS: 4, x: 60, y: 10, angle: 1, lift: 0, by: 'even' },
];

test('it stays where it is before the first key and after the last', () => {
  expect(momentOf(track, 0)).toEqual(momentOf(track, 1));
  expect(momentOf(track, 9)).toMatchObject({ x: 60, y: 10, lift: 0, scale: 1 });
});

test('a reach sets out and arrives slowly, and is bent aside in the middle', () => {
  const travelled = (fromS: number, toS: number): number =>
    momentOf(track, toS).x - momentOf(track, fromS).x;
  expect(travelled(1, 1.1)).toBeLessThan(2);
  expect(travelled(1.45, 1.55)).toBeGreaterThan(15);
  expect(travelled(1.9, 2)).toBeLessThan(2);
  expect(momentOf(track, 1.5)).toMatchObject({ x: 50, y: 18 });
});

test('it rests between keys of one place, and goes evenly where that is asked', () => {
  expect(momentOf(track, 2.3)).toEqual(momentOf(track, 2.7));
  expect(momentOf(track, 3.25).x).toBeCloseTo(90);
});

test('what is high is larger', () => {
  expect(momentOf(track, 1).scale).toBeGreaterThan(momentOf(track, 2).scale);
});
