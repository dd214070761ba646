import { monitorEventLoopDelay } from 'node:perf_hooks';

/** By how much timers came late, over one to two windows of the latest past. */
export interface RecentDelays {
  readonly seconds: (quantile: number) => number;
  readonly stop: () => void;
}

const resolutionMs = 20;

/** Two measurings that are begun anew in turn: the older one always spans a whole window. */
export function watchRecentDelays(windowMs: number): RecentDelays {
  const measurings = [0, 1].map(() => monitorEventLoopDelay({ resolution: resolutionMs }));
  let [older, younger] = [measurings[0]!, measurings[1]!];
  for (const measuring of measurings) measuring.enable();
  const timer = setInterval(() => {
    [older, younger] = [younger, older];
    younger.reset();
  }, windowMs);
  timer.unref();
  return {
    seconds(quantile) {
      // Counted from one look to the next, which lie so far apart where nothing is late.
      const apartNs = quantile === 1 ? older.max : older.percentile(quantile * 100);
      // Without a sample yet a percentile is no number.
      return older.max === 0 ? 0 : Math.max(0, apartNs / 1e9 - resolutionMs / 1e3);
    },
    stop() {
      clearInterval(timer);
      for (const measuring of measurings) measuring.disable();
    },
  };
}
