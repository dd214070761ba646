import { describe, expect, it } from 'vitest';
import { createRandom, mixSeeds, seedOfText } from './random.ts';

describe('createRandom', () => {
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
