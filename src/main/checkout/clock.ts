/** Time as the checkout and the demo terminal see it, so that tests can pass it at will. */
export interface Clock {
  /** Milliseconds of Date.now(). */
  nowMs(): number;
  /** Milliseconds since some moment, whatever becomes of the date: waits are measured by it. */
  monotonicMs(): number;
  /** Runs once after the delay; the answer calls it off. */
  schedule(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
