import { limits } from '../domain/limits.ts';
import { serviceErrors } from '../domain/service-error.ts';
import { createSemaphore } from './semaphore.ts';
import type { Semaphore } from './semaphore.ts';

/** @throws ServiceError */
export type FetchPicture = (url: URL, mostBytes: number) => Promise<Buffer>;

export interface PictureFetcherOptions {
  readonly running: number;
  readonly runningPerHost: number;
  /** For each host, and for all; what finds no place is refused with 429. */
  readonly waiting: number;
}

/** Fetches so many pictures at a time that hosts that are slow keep no others waiting for long. */
export function createPictureFetcher(options: PictureFetcherOptions): FetchPicture {
  const { running, runningPerHost, waiting } = options;
  const full = (): Error => serviceErrors.rateLimited();
  const enter = createSemaphore({ running, waiting }, full);
  const hosts = new Map<string, { readonly enter: Semaphore; fetching: number }>();
  return async (url, mostBytes) => {
    const host = hosts.get(url.host) ?? {
      enter: createSemaphore({ running: runningPerHost, waiting }, full),
      fetching: 0,
    };
    hosts.set(url.host, host);
    host.fetching += 1;
    try {
      return await host.enter(() => enter(() => fetchPicture(url, mostBytes)));
    } finally {
      host.fetching -= 1;
      if (host.fetching === 0) hosts.delete(url.host);
    }
  };
}

/**
 * Fetches a picture with a deadline for all of it, few redirects and a size limit.
 * @throws ServiceError
 */
export async function fetchPicture(url: URL, mostBytes: number): Promise<Buffer> {
  const signal = AbortSignal.timeout(limits.urlFetchTimeoutMs);
  let response: Response;
  try {
    response = await followRedirects(url, signal);
    if (!response.ok || !response.body) throw serviceErrors.urlUnreachable();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      chunks.push(chunk);
      // One byte over is enough for the picture's own check to refuse it by name.
      if (size > mostBytes) break;
    }
    return Buffer.concat(chunks);
  } catch {
    throw serviceErrors.urlUnreachable();
  }
}

async function followRedirects(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let hop = 0; hop <= limits.urlFetchRedirects; hop += 1) {
    const response = await fetch(url, { redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    url = new URL(location, url);
    if (!isWebUrl(url)) break;
  }
  throw serviceErrors.urlUnreachable();
}

export function isWebUrl(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}
