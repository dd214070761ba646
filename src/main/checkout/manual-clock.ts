import type { Clock } from './clock.ts';

/** A clock for tests: it stands still until it is told to pass time. */
export interface ManualClock extends Clock {
  /** Runs what is due, in order; what that schedules is due as well if it falls in this time. */
  pass(ms: number): Promise<void>;
  /** Resolves when somebody next schedules something. */
  scheduled(): Promise<void>;
}

/** Lets everything run that waits for nothing but a turn. */
export function turns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const waiting: (() => void)[] = [];
  return {
    nowMs: () => nowMs,
    scheduled: () => new Promise((resolve) => waiting.push(resolve)),
    schedule: (delayMs, run) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      for (const resolve of waiting.splice(0)) resolve();
      return () => timers.delete(timer);
    },
    pass: async (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        await turns();
        const due = [...timers].filter(({ atMs }) => atMs <= endMs);
        const [next] = due.sort((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
      }
      nowMs = endMs;
    },
  };
}
