import { expect, test } from 'vitest';
import { conditionOf, outOfService } from '../devices/recogniser/recogniser-condition.ts';
import { recogniserNotice } from './device-notices.ts';

const working = { kind: 'working' } as const;
const out = { kind: 'out', fault: 'wrong-key', message: 'PredictionKey is wrong.' } as const;

test.each([
  [{ via: 'first', first: working, second: null }, null],
  [{ via: 'second', first: out, second: working }, 'recognition-second-endpoint'],
  [{ via: 'none', first: out, second: null }, 'recognition-down'],
] as const)('of a recogniser %j the shopper reads %s', (health, notice) => {
  expect(recogniserNotice({ ...conditionOf(health), sinceMs: 0 })).toBe(notice);
});

test('staff read what the endpoint said', () => {
  expect(conditionOf({ via: 'none', first: out, second: null })).toMatchObject({
    advice: expect.stringContaining('PredictionKey is wrong.') as string,
  });
  expect(recogniserNotice({ ...outOfService(null), sinceMs: 0 })).toBe('recognition-down');
});
