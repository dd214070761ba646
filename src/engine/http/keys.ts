import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type { KeyKind } from '../domain/service-error.ts';

export type Keys = Readonly<Record<KeyKind, string>>;

/** Which keys this is. Both are compared in full, so that the time tells nothing of either. */
export function kindsOf(given: string | undefined, keys: Keys): readonly KeyKind[] {
  if (given === undefined) return [];
  const digestOfGiven = digest(given);
  const isKey = {
    prediction: timingSafeEqual(digestOfGiven, digest(keys.prediction)),
    training: timingSafeEqual(digestOfGiven, digest(keys.training)),
  };
  return (['prediction', 'training'] as const).filter((kind) => isKey[kind]);
}

/**
 * The key of a request: in the header of the API that it is for, in the one that all of Azure's
 * services take, or in the query, where `ApiKeyCredentials` of the SDK may be told to put it.
 */
export function givenKey(
  kind: KeyKind,
  headers: IncomingHttpHeaders,
  query: unknown,
): string | undefined {
  const given = headers[`${kind}-key`] ?? headers['ocp-apim-subscription-key'];
  if (typeof given === 'string') return given;
  const parameters = Object.entries((query ?? {}) as Record<string, unknown>);
  const names = [`${kind}-key`, 'subscription-key'];
  const found = parameters.find(([name]) => names.includes(name.toLowerCase()))?.[1];
  return typeof found === 'string' ? found : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
