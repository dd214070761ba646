import { setTimeout as realTimeout } from 'node:timers/promises';

import { expect, onTestFinished, test, vi } from 'vitest';

import { watchRecentDelays } from './recent-delays.ts';

const windowMs = 30_000;
const blockedMs = 300;

function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
}

test('a delay is told for a window after it, and not for ever', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const delays = watchRecentDelays(windowMs);
  onTestFinished(delays.stop);
  await expect
    .poll(
      async () => {
        block();
        await realTimeout(1);
        return delays.seconds(1);
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan((blockedMs / 1000) * 0.9);
  expect(delays.seconds(0.5)).toBeLessThanOrEqual(delays.seconds(1));
  vi.advanceTimersByTime(windowMs);
  expect(delays.seconds(1)).toBeGreaterThan((blockedMs / 1000) * 0.9);
  vi.advanceTimersByTime(windowMs);
  expect(delays.seconds(1)).toBe(0);
});
