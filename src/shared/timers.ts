/** Waits, by a clock that nobody sets back or forth. */
export interface Timers {
  monotonicMs(): number;
  /** Runs once after the delay, unless the returned function is called before. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Node and every page have these; src/shared sees the types of neither. */
const host = globalThis as unknown as {
  readonly performance: { now(): number };
  readonly setTimeout: (run: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
};

export const systemTimers: Timers = {
  monotonicMs: () => host.performance.now(),
  schedule: (delayMs, run) => {
    const timer = host.setTimeout(run, delayMs);
    return () => host.clearTimeout(timer);
  },
};
