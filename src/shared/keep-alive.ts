import { systemTimers } from './timers.ts';
import type { Timers } from './timers.ts';

/** One life of what is kept alive. */
export interface Life {
  /** It is over. Only a life's first word counts, and none of one that another has replaced. */
  readonly ended: (reason: unknown) => void;
  /** False once it has ended, was replaced or nothing is to live any more. */
  readonly isCurrent: () => boolean;
}

/** What comes after an end. */
export interface AfterEnd {
  /** Ends in a row, this one counted, without a healthy life between them. */
  readonly failures: number;
  /** Null: it was given up. */
  readonly againInMs: number | null;
}

export interface KeepAliveOptions {
  /** Begins a life, which runs once this has resolved. What it throws ends that life. */
  readonly start: (life: Life) => void | Promise<void>;
  /** Before the start that follows the first failure in a row, the second, …; the last one stays. */
  readonly backoffMs: readonly [number, ...number[]];
  /** A life that ran for so long is no failure: the next end is the first in a row again. */
  readonly healthyAfterMs: number;
  /** After so many failures in a row nothing is started any more. Default: it is never given up. */
  readonly giveUpAfter?: number;
  readonly onEnded?: (reason: unknown, after: AfterEnd) => void;
  readonly timers?: Timers;
}

export interface KeptAlive {
  /** Begins anew at once, in every state but stopped, and forgets the failures there were. */
  readonly restart: () => void;
  /** Nothing is started any more. What lives is for the caller to end. */
  readonly stop: () => void;
}

/**
 * Keeps alive what may end by itself, and begins at once.
 *
 *              resolved                ended
 *   starting ───────────▶ running ──────────────┐
 *    ▲    │ threw, ended                        ▼
 *    │    └────────────────────────────────▶ waiting ──▶ given up
 *    └────────────────────────────────────────┘   too many in a row
 */
export function keepAlive({
  start,
  backoffMs,
  healthyAfterMs,
  giveUpAfter = Infinity,
  onEnded = () => undefined,
  timers = systemTimers,
}: KeepAliveOptions): KeptAlive {
  let current: Life | null = null;
  let failures = 0;
  let cancelStart = (): void => undefined;
  let isStopped = false;

  const begin = (): void => {
    let runsSinceMs: number | null = null;
    const isCurrent = (): boolean => current === life;
    const life: Life = {
      isCurrent,
      ended: (reason) => {
        if (!isCurrent()) return;
        current = null;
        const wasHealthy =
          runsSinceMs !== null && timers.monotonicMs() - runsSinceMs >= healthyAfterMs;
        failures = wasHealthy ? 1 : failures + 1;
        const waitMs = backoffMs[Math.min(failures, backoffMs.length) - 1] ?? 0;
        const againInMs = failures < giveUpAfter ? waitMs : null;
        // Before the word of it, which may stop or restart this.
        if (againInMs !== null) cancelStart = timers.schedule(againInMs, begin);
        onEnded(reason, { failures, againInMs });
      },
    };
    const runs = (): void => {
      runsSinceMs = timers.monotonicMs();
    };
    current = life;
    try {
      const starting = start(life);
      if (starting === undefined) runs();
      else starting.then(runs, life.ended);
    } catch (error) {
      life.ended(error);
    }
  };

  begin();
  return {
    restart: () => {
      if (isStopped) return;
      cancelStart();
      failures = 0;
      begin();
    },
    stop: () => {
      isStopped = true;
      current = null;
      cancelStart();
    },
  };
}
