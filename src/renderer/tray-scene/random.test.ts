import { describe, expect, it } from 'vitest';
import { createRandom, mixSeeds, seedOfText } from './random.ts';

function draw(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe('createRandom', () => {
  it('gives the published stream of mulberry32', () => {
    expect(draw(1, 3).map((value) => Math.floor(value * 2 ** 32))).toEqual([
      2693262067, 11749833, 2265367787,
    ]);
  });

  it('repeats with the same seed and differs with another', () => {
    expect(draw(42, 50)).toEqual(draw(42, 50));
    expect(draw(42, 50)).not.toEqual(draw(43, 50));
  });

  it('stays in its range and fills it evenly', () => {
    const bins = Array.from({ length: 10 }, () => 0);
    for (const value of draw(7, 10_000)) {
      const bin = Math.floor(value * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(bins).toHaveLength(10);
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('draws normal numbers of mean 0 and deviation 1', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(1, 1);
  });

  it('draws every index and none beyond', () => {
    const random = createRandom(5);
    const drawn = new Set(Array.from({ length: 300 }, () => random.index(6)));
    expect([...drawn].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('seeds', () => {
  it('differ for neighbouring parts and for their order', () => {
    const seeds = new Set<number>();
    for (let a = 0; a < 60; a += 1) for (let b = 0; b < 60; b += 1) seeds.add(mixSeeds(a, b));
    expect(seeds.size).toBe(3600);
  });

  it('differ for different words', () => {
    expect(seedOfText('red-apple')).not.toBe(seedOfText('green-apple'));
  });
});
