import type { Readable } from 'node:stream';

import { limits } from '../domain/limits.ts';
import { serviceErrors } from '../domain/service-error.ts';

/**
 * A body as it comes in, up to a limit. The time in which the reader works on a chunk is its own;
 * what comes too slowly is cut off, so that it does not keep a place that others wait for.
 * @throws ServiceError
 */
export async function* bodyChunks(body: Readable, mostBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  let waitedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let isTooSlow = false;
  const wait = (): (() => void) => {
    const startedMs = performance.now();
    const allowedMs = limits.bodyGraceMs + (size / limits.bodyBytesPerSecond) * 1000 - waitedMs;
    timer = setTimeout(() => {
      isTooSlow = true;
      body.destroy();
    }, allowedMs);
    return () => {
      clearTimeout(timer);
      waitedMs += performance.now() - startedMs;
    };
  };
  let arrived = wait();
  try {
    // Left as it is at a failure: destroyed, it would take the answer's connection with it.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      arrived();
      size += (chunk as Buffer).byteLength;
      if (size > mostBytes) throw serviceErrors.bodyTooLarge(mostBytes);
      yield chunk as Buffer;
      arrived = wait();
    }
  } catch (error) {
    if (isTooSlow) throw serviceErrors.tooSlow();
    if (body.destroyed) throw serviceErrors.bodyCutShort();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
