import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

let nowMs = 100.9;

beforeEach(() => {
  nowMs = 100.9;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a timer that rings too early waits for the rest', () => {
  const run = vi.fn();
  systemClock.schedule(200, run);
  nowMs = 300.4;
  vi.advanceTimersByTime(200);
  expect(run).not.toHaveBeenCalled();
  nowMs = 301.2;
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});

test('what was called off does not run, not even after ringing too early', () => {
  const run = vi.fn();
  const cancel = systemClock.schedule(200, run);
  nowMs = 300.4;
  vi.advanceTimersByTime(200);
  cancel();
  nowMs = 400;
  vi.advanceTimersByTime(100);
  expect(run).not.toHaveBeenCalled();
});
