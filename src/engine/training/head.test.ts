import { describe, expect, test } from 'vitest';

import { exclusiveProbabilities } from './head.ts';
import type { HeadTag } from './head.ts';
import { seededRandom } from '../../shared/seeded-random.ts';

test('no probability is below zero, however the sum of the others is rounded', () => {
  const tags = ['a', 'b', 'c', 'd', 'none'].map((id): HeadTag => ({
    id,
    name: id,
    type: id === 'none' ? 'Negative' : 'Regular',
  }));
  // Wide open: what is seen is just what was taught.
  const acceptances = tags.map(() => ({ threshold: 0.1, width: 0.01 }));
  const near = tags.map(() => 1);
  const random = seededRandom(1);
  for (let time = 0; time < 500; time += 1) {
    const scores = Float64Array.from(tags, ({ type }) => (type === 'Negative' ? -800 : random()));
    const found = exclusiveProbabilities({ tags, temperature: 1, acceptances }, scores, near);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  }
});

describe('how near a picture is', () => {
  const tags = ['a', 'b', 'none'].map((id): HeadTag => ({
    id,
    name: id,
    type: id === 'none' ? 'Negative' : 'Regular',
  }));
  const acceptances = tags.map(() => ({ threshold: 0.5, width: 0.05 }));
  const found = (shares: readonly number[], near: readonly number[]): number[] =>
    exclusiveProbabilities(
      { tags, temperature: 1, acceptances },
      Float64Array.from(shares, Math.log),
      near,
    );

  test('takes from all products alike, and leaves their order to the classifier', () => {
    const [a, b, none] = found([0.6, 0.4, 1e-9], [0.3, 0.6, 0]);
    expect(a! / b!).toBeCloseTo(1.5, 5);
    expect(a! + b! + none!).toBeCloseTo(1, 5);
    expect(a!).toBeLessThan(0.3);
  });

  test('takes nothing where products are near, however much the Negative tag has', () => {
    const [a, b, none] = found([0.3, 0.1, 0.6], [1, 1, 0]);
    expect([a, b, none].map((one) => Number(one!.toFixed(2)))).toEqual([0.3, 0.1, 0.6]);
  });

  test('is nothing to go by where no product has a share', () => {
    expect(found([0, 0, 1], [1, 1, 0])).toEqual([0, 0, 1]);
  });
});
