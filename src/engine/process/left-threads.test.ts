import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createLeftThreads, endWithThreads } from './left-threads.ts';

const timeoutMs = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the process may end when all threads that were left have ended', async () => {
  const left = createLeftThreads();
  const ends: (() => void)[] = [];
  for (let thread = 0; thread < 2; thread += 1) {
    left.add(new Promise<void>((resolve) => ends.push(resolve)));
  }
  const over = vi.fn();
  const kill = vi.fn();
  const waiting = endWithThreads(left.ended(), timeoutMs, kill).then(over);
  ends[0]!();
  await vi.advanceTimersByTimeAsync(timeoutMs - 1);
  expect(over).not.toHaveBeenCalled();
  ends[1]!();
  await waiting;
  await vi.advanceTimersByTimeAsync(timeoutMs);
  expect(kill).not.toHaveBeenCalled();
});

test('a thread that never ends has the process killed when its time is over', async () => {
  const kill = vi.fn();
  void endWithThreads(new Promise(() => undefined), timeoutMs, kill);
  await vi.advanceTimersByTimeAsync(timeoutMs - 1);
  expect(kill).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(kill).toHaveBeenCalledOnce();
});
