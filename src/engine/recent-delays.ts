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
    // Without a sample yet it says NaN, and a maximum of 0.
    seconds: (quantile) =>
      older.max === 0 ? 0 : (quantile === 1 ? older.max : older.percentile(quantile * 100)) / 1e9,
    stop() {
      clearInterval(timer);
      for (const measuring of measurings) measuring.disable();
    },
  };
}
