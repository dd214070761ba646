import { setTimeout } from 'node:timers/promises';

import { RestError } from '@azure/ms-rest-js';

import { limits } from '../domain/limits.ts';

/** A project that cannot be moved; the message says which setting or what to do. */
export class MoveError extends Error {
  override readonly name = 'MoveError';
}

export interface RetryOptions {
  /** Told of each wait, so that nobody takes it for a hang. */
  readonly onWait: (seconds: number, reason: string) => void;
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly timeoutMs?: number;
}

/** How a call ended that may do better the next time. */
interface Passing {
  readonly reason: string;
  /** What the service asked for; doubled at each try where it did not. */
  readonly waitMs?: number;
  /** A service that only asks to wait is asked again for as long as it takes. */
  readonly isRateLimit: boolean;
}

export type Retry = <T>(call: (signal: AbortSignal) => Promise<T>, tries?: number) => Promise<T>;

/**
 * Calls again what failed for a while only: limits of rate, errors of the service, connections that
 * broke. What fails for good, or too often, is thrown on.
 */
export function createRetry({
  onWait,
  sleep = setTimeout,
  timeoutMs = limits.moveCallTimeoutMs,
}: RetryOptions): Retry {
  return async (call, tries = limits.moveTries) => {
    for (let failed = 0, waited = 0; ; waited += 1) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await call(signal);
      } catch (error) {
        const passing = signal.aborted ? timedOut(timeoutMs) : passingFault(error);
        if (!passing) throw error;
        if (!passing.isRateLimit) failed += 1;
        if (failed >= tries) throw error;
        const waitMs =
          passing.waitMs ?? Math.min(1_000 * 2 ** Math.min(waited, 16), limits.moveWaitMs);
        onWait(waitMs / 1_000, passing.reason);
        await sleep(waitMs);
      }
    }
  };
}

function timedOut(timeoutMs: number): Passing {
  return { reason: `no answer within ${timeoutMs / 1_000} s`, isRateLimit: false };
}

/** A fetch or a read from a stream that broke in its midst has a code and no status. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

function passingFault(error: unknown): Passing | undefined {
  const status = statusOf(error);
  if (status === undefined) {
    if (!(error instanceof Error) || !('code' in error)) return undefined;
    return { reason: error.message, isRateLimit: false };
  }
  if (status !== 408 && status !== 429 && status < 500) return undefined;
  const header = (error as RestError).response?.headers.get('retry-after');
  const waitMs = header === undefined ? undefined : retryAfterMs(header, Date.now());
  return {
    reason: status === 429 ? 'the service asks to slow down' : `the service answered ${status}`,
    ...(waitMs !== undefined && { waitMs }),
    isRateLimit: status === 429,
  };
}

/** Seconds or a date, as HTTP allows; undefined where it is neither. */
export function retryAfterMs(header: string, nowMs: number): number | undefined {
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(at - nowMs, 0);
}
