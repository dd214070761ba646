import { expect, test } from 'vitest';

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
  const gates = tags.map(() => ({ threshold: 0.1, width: 0.01 }));
  const near = tags.map(() => 1);
  const random = seededRandom(1);
  for (let time = 0; time < 500; time += 1) {
    const scores = Float64Array.from(tags, ({ type }) => (type === 'Negative' ? -800 : random()));
    const found = exclusiveProbabilities({ tags, temperature: 1, gates }, scores, near);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  }
});
