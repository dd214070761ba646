export interface BucketOptions {
  readonly perSecond: number;
  /** So many may come at once after a rest. */
  readonly burst: number;
  readonly nowMs?: () => number;
}

/** Gives 0 where the client may go on, otherwise the whole seconds after which it may. */
export type TakeToken = (client: string) => number;

/** A bucket of tokens for each client, as in RFC 2697; clients at rest are forgotten. */
export function createTokenBuckets({
  perSecond,
  burst,
  nowMs = () => performance.now(),
}: BucketOptions): TakeToken {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const fullAfterMs = (burst / perSecond) * 1000;
  let sweepAtMs = nowMs() + fullAfterMs;

  const sweep = (now: number): void => {
    for (const [client, { atMs }] of buckets) {
      if (now - atMs >= fullAfterMs) buckets.delete(client);
    }
    sweepAtMs = now + Math.max(fullAfterMs, 1000);
  };

  return (client) => {
    const now = nowMs();
    if (now >= sweepAtMs) sweep(now);
    const { tokens, atMs } = buckets.get(client) ?? { tokens: burst, atMs: now };
    const filled = Math.min(burst, tokens + ((now - atMs) / 1000) * perSecond);
    if (filled < 1) {
      buckets.set(client, { tokens: filled, atMs: now });
      return Math.max(1, Math.ceil((1 - filled) / perSecond));
    }
    buckets.set(client, { tokens: filled - 1, atMs: now });
    return 0;
  };
}
