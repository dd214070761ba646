import { describe, expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

function draw(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
}

describe('seededRandom', () => {
  test('gives the published stream of mulberry32', () => {
    expect(draw(1, 3).map((value) => Math.floor(value * 2 ** 32))).toEqual([
      2693262067, 11749833, 2265367787,
    ]);
  });

  test('repeats with the same seed and differs with another', () => {
    expect(draw(42, 50)).toEqual(draw(42, 50));
    expect(draw(42, 50)).not.toEqual(draw(43, 50));
  });

  test('stays in its range and fills it evenly', () => {
    const bins = Array.from({ length: 10 }, () => 0);
    for (const value of draw(7, 10_000)) {
      const bin = Math.floor(value * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(bins).toHaveLength(10);
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
