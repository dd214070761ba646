import { seededRandom } from '../../shared/seeded-random.ts';

/** A stream of pseudo-random numbers; the same seed gives the same stream everywhere. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  between(low: number, high: number): number;
  /** A whole number from 0 to `count` - 1. */
  index(count: number): number;
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
  chance(probability: number): boolean;
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    index: (count) => Math.floor(next() * count),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability) => next() < probability,
  };
}

/** A seed of its own for each part of something, so that parts do not disturb each other. */
export function mixSeeds(...parts: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part >>> 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

export function seedOfText(text: string): number {
  let hash = 0;
  for (const character of text) hash = Math.imul(hash, 31) + (character.codePointAt(0) ?? 0);
  return hash >>> 0;
}
