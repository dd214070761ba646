import type { Clock } from './clock.ts';

/** A clock for tests: it stands still until it is told to pass time. */
export interface ManualClock extends Clock {
  /** Runs what is due, in order; what that schedules is due as well if it falls in this time. */
  pass(ms: number): Promise<void>;
  /** Resolves when somebody next schedules something. */
  scheduled(): Promise<void>;
  /** Puts the date forward, or back by a negative time; no time passes by it. */
  setForward(ms: number): void;
}

/** Lets everything run that waits for nothing but a turn. */
export function turns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const longestTimerMs = 2 ** 31 - 1;

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let passedMs = 0;
  let setMs = startMs;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const waiting: (() => void)[] = [];
  return {
    nowMs: () => setMs + passedMs,
    monotonicMs: () => passedMs,
    setForward: (ms) => {
      setMs += ms;
    },
    scheduled: () => new Promise((resolve) => waiting.push(resolve)),
    schedule: (delayMs, run) => {
      // As Node has it: what is too long for it runs at once.
      const timer = { atMs: passedMs + (delayMs > longestTimerMs ? 1 : delayMs), run };
      timers.add(timer);
      for (const resolve of waiting.splice(0)) resolve();
      return () => timers.delete(timer);
    },
    pass: async (ms) => {
      const endMs = passedMs + ms;
      for (;;) {
        await turns();
        const due = [...timers].filter(({ atMs }) => atMs <= endMs);
        const [next] = due.sort((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        timers.delete(next);
        passedMs = Math.max(passedMs, next.atMs);
        next.run();
      }
      passedMs = endMs;
    },
  };
}
