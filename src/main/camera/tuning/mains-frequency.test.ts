import { expect, test } from 'vitest';
import { mainsHzOf } from './mains-frequency.ts';

test.each([
  ['IE', 50],
  ['DE', 50],
  ['GB', 50],
  ['CN', 50],
  ['IN', 50],
  ['AU', 50],
  ['JM', 50],
  ['AR', 50],
  ['CL', 50],
  ['US', 60],
  ['CA', 60],
  ['MX', 60],
  ['BR', 60],
  ['KR', 60],
  ['TW', 60],
  ['SA', 60],
  ['PH', 60],
  ['JP', null],
] as const)('%s has %s Hz', (region, mainsHz) => {
  expect(mainsHzOf(region)).toBe(mainsHz);
});
