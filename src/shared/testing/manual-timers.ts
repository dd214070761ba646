import type { Timers } from '../timers.ts';

/** For tests: time stands still until it is passed. */
export interface ManualTimers extends Timers {
  /** Runs what falls due in this time, in order. */
  pass(ms: number): void;
  /** How many wait. */
  waiting(): number;
}

/** Each test has its own. */
export function manualTimers(): ManualTimers {
  const waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    schedule: (delayMs, run) => {
      const timer = { atMs: nowMs + delayMs, run };
      waiting.add(timer);
      return () => waiting.delete(timer);
    },
    pass: (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        const due = [...waiting].filter(({ atMs }) => atMs <= endMs);
        const [next] = due.sort((one, other) => one.atMs - other.atMs);
        if (next === undefined) break;
        waiting.delete(next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = endMs;
    },
    waiting: () => waiting.size,
  };
}
