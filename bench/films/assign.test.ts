import { expect, test } from 'vitest';
import { assign } from './assign.ts';

test('each claim has the best that is left to it', () => {
  expect(assign([[2, 1], [1]])).toEqual([2, 1]);
  expect(assign([[0], [0], []])).toEqual([0, null, null]);
});

test('a claim gives way where it can have another thing, so that most have one', () => {
  expect(assign([[0, 1], [0]])).toEqual([1, 0]);
  expect(assign([[0, 1], [1, 2], [0]])).toEqual([1, 2, 0]);
});
