import type { FastifyRequest } from 'fastify';

import { limits } from '../domain/limits.ts';
import type { AdjustableLimits } from '../domain/limits.ts';
import { serviceErrors } from '../domain/service-error.ts';
import type { KeyKind } from '../domain/service-error.ts';
import { givenKey, kindsOf } from './keys.ts';
import type { Keys } from './keys.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** An onRequest hook: before the body is read, since a stranger's megabytes are none of our work. */
export type AccessCheck = (request: FastifyRequest) => Promise<void>;

/** Lets through whoever brings the key of the API, no more often than the limits say. */
export function createAccess(
  keys: Keys,
  rates: AdjustableLimits,
): Readonly<Record<KeyKind, AccessCheck>> {
  const buckets = {
    prediction: createTokenBuckets({
      perSecond: rates.predictionsPerSecond,
      burst: rates.predictionBurst,
    }),
    training: createTokenBuckets({
      perSecond: rates.trainingCallsPerSecond,
      burst: rates.trainingBurst,
    }),
  };
  // Whoever tries keys shall not get far, and shall not slow down who stands beside with the right one.
  const wrongKeys = createTokenBuckets({
    perSecond: limits.wrongKeysPerSecond,
    burst: limits.wrongKeyBurst,
  });

  const check =
    (wanted: KeyKind): AccessCheck =>
    async ({ headers, query, ip }) => {
      const found = kindsOf(givenKey(wanted, headers, query), keys);
      const waitSeconds = found.includes(wanted) ? buckets[wanted](ip) : wrongKeys(ip);
      if (waitSeconds > 0) throw serviceErrors.rateLimited(waitSeconds);
      if (found.length === 0) throw serviceErrors.accessDenied();
      if (!found.includes(wanted)) throw serviceErrors.wrongKind(wanted);
    };
  return { prediction: check('prediction'), training: check('training') };
}
