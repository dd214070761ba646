import { expect, test } from 'vitest';

import { createTokenBuckets } from './token-buckets.ts';

function buckets(perSecond: number, burst: number) {
  let now = 0;
  const take = createTokenBuckets({ perSecond, burst, nowMs: () => now });
  return { take, pass: (seconds: number) => (now += seconds * 1000) };
}

test('a burst goes through, then as many as the rate allows', () => {
  const { take, pass } = buckets(2, 3);
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 1]);
  pass(0.5);
  expect([take('a'), take('a')]).toEqual([0, 1]);
});

test('a slow rate says after how many seconds to come again', () => {
  const { take, pass } = buckets(0.1, 1);
  expect([take('a'), take('a')]).toEqual([0, 10]);
  pass(4);
  expect(take('a')).toBe(6);
});

test('one client does not take from another, and a rest fills no more than the burst', () => {
  const { take, pass } = buckets(1, 2);
  expect([take('a'), take('a'), take('b')]).toEqual([0, 0, 0]);
  pass(3600);
  expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 1]);
});
