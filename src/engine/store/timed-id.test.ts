import { expect, test } from 'vitest';

import { timedId } from './timed-id.ts';

test('ids are UUIDs of version 7 that tell their time', () => {
  const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const id = timedId(ms);
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(ms);
});

test('ids of later times come later, and those of one time differ', () => {
  const ids = [1, 2, 3, 255, 256, 65_536].map((more) => timedId(Date.UTC(2026) + more));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(Array.from({ length: 100 }, () => timedId(5))).size).toBe(100);
});
