/** Time as the checkout and the demo terminal see it, so that tests can pass it at will. */
export interface Clock {
  /** Milliseconds of Date.now(). */
  nowMs(): number;
  /** Milliseconds since some moment, whatever becomes of the date: waits are measured by it. */
  monotonicMs(): number;
  /** Runs once, when `monotonicMs` has gone on by the delay or more; the answer calls it off. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** What is longer Node takes for 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule: (delayMs, run) => {
    const dueMs = performance.now() + delayMs;
    let timer: NodeJS.Timeout;
    // A timer counts whole milliseconds from the loop's turn, so it may ring a fraction too early:
    // who then looks at the clock would find that nothing is due, and wait for what never comes.
    const ring = (): void => {
      const leftMs = dueMs - performance.now();
      if (leftMs > 0) timer = setTimeout(ring, Math.min(leftMs, longestTimerMs));
      else run();
    };
    timer = setTimeout(ring, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
};
