import { RestError } from '@azure/ms-rest-js';
import { describe, expect, test } from 'vitest';

import { createRetry, retryAfterMs } from './retry.ts';

function retrying() {
  const slept: number[] = [];
  const retry = createRetry({
    onWait: () => undefined,
    sleep: async (ms) => slept.push(ms),
  });
  return { slept, retry };
}

/** Fails with each of the faults, then gives "answer". */
function failing(...faults: readonly Error[]): () => Promise<string> {
  let next = 0;
  return async () => {
    const fault = faults[next];
    next += 1;
    if (fault) throw fault;
    return 'answer';
  };
}

const status = (code: number): RestError => new RestError(`answered ${code}`, undefined, code);

describe('waits', () => {
  test('twice as long each time, to a limit', async () => {
    const { slept, retry } = retrying();
    const faults = Array.from({ length: 9 }, () => status(503));
    expect(await retry(failing(...faults), 20)).toBe('answer');
    expect(slept).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
  });

  test('for as long as it takes where only the rate is too high', async () => {
    const { slept, retry } = retrying();
    const faults = Array.from({ length: 50 }, () => status(429));
    expect(await retry(failing(...faults), 2)).toBe('answer');
    expect(slept).toHaveLength(50);
  });

  test('after a connection that broke', async () => {
    const { slept, retry } = retrying();
    const broken = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    expect(await retry(failing(broken))).toBe('answer');
    expect(slept).toEqual([1_000]);
  });
});

describe('gives up', () => {
  test('after so many tries', async () => {
    const { slept, retry } = retrying();
    const faults = [status(500), status(502), status(503)];
    await expect(retry(failing(...faults), 3)).rejects.toBe(faults[2]);
    expect(slept).toHaveLength(2);
  });

  test.each([status(400), status(401), status(404), new Error('not understood')])(
    'at once at %s',
    async (fault) => {
      const { slept, retry } = retrying();
      await expect(retry(failing(fault))).rejects.toBe(fault);
      expect(slept).toEqual([]);
    },
  );
});

test.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['Mon, 23 Nov 2026 04:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 03:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After %j is read', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2026-11-23T04:00:00Z'))).toBe(ms);
});
