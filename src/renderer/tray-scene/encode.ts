import { ownScript } from '../parts/own-script.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './encode-worker.ts?worker&url';
import type { Raster } from './scene.ts';

/** What the worker is asked for: a picture of `side` pixels each way, or as large as it is. */
export interface EncodeOrder extends Raster {
  readonly id: number;
  readonly side?: number;
  readonly type: 'image/jpeg' | 'image/webp';
  readonly quality: number;
}

export type EncodeAnswer =
  | { readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly problem: string };

export interface Encoder {
  /** Takes the raster's bytes away: it is empty afterwards. */
  jpegOf(raster: Raster, quality: number): Promise<Uint8Array>;
  /** With transparency, made smaller to `side` pixels each way. */
  webpOf(raster: Raster, side: number, quality: number): Promise<Uint8Array>;
}

/** In a worker: on a page's own thread Chromium puts encoding off until the page is idle. */
export function createEncoder(): Encoder {
  const worker = new Worker(ownScript('encode-worker', workerUrl), { type: 'module' });
  const waiting = new Map<
    number,
    { resolve(bytes: Uint8Array): void; reject(problem: Error): void }
  >();
  let lastId = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<EncodeAnswer>) => {
    const order = waiting.get(data.id);
    waiting.delete(data.id);
    if ('bytes' in data) order?.resolve(data.bytes);
    else order?.reject(new Error(data.problem));
  });
  worker.addEventListener('error', (event) => {
    for (const order of waiting.values()) order.reject(new Error(event.message));
    waiting.clear();
  });
  const encode = (order: Omit<EncodeOrder, 'id'>): Promise<Uint8Array> => {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...order, id } satisfies EncodeOrder, [order.rgba.buffer]);
    });
  };
  return {
    jpegOf: (raster, quality) => encode({ ...raster, type: 'image/jpeg', quality }),
    webpOf: ({ width, height, rgba }, side, quality) =>
      encode({
        width,
        height,
        rgba: withoutPremultiplying(rgba),
        side,
        type: 'image/webp',
        quality,
      }),
  };
}

/** WebGL leaves edges multiplied by their coverage; image data wants them plain. */
function withoutPremultiplying(
  rgba: Uint8ClampedArray<ArrayBuffer>,
): Uint8ClampedArray<ArrayBuffer> {
  const plain = new Uint8ClampedArray(rgba);
  for (let i = 0; i < plain.length; i += 4) {
    const alpha = plain[i + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = i; channel < i + 3; channel += 1) {
      plain[channel] = ((plain[channel] ?? 0) * 255) / alpha;
    }
  }
  return plain;
}
