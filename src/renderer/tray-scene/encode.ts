import { ownScript } from '../parts/own-script.ts';
import { orderFrom } from '../parts/worker-orders.ts';
import type { EncodeOrder } from './encode-order.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './encode-worker.ts?worker&url';
import type { Raster } from './scene.ts';

export interface Encoder {
  /** Takes the raster's bytes away: it is empty afterwards. */
  jpegOf(raster: Raster, quality: number): Promise<Uint8Array>;
  /** With transparency, made smaller to `side` pixels each way. */
  webpOf(raster: Raster, side: number, quality: number): Promise<Uint8Array>;
}

/** In a worker: on a page's own thread Chromium puts encoding off until the page is idle. */
export function createEncoder(): Encoder {
  const script = ownScript('encode-worker', workerUrl);
  const order = orderFrom<EncodeOrder, Uint8Array>(() => new Worker(script, { type: 'module' }));
  const encode = (raster: EncodeOrder): Promise<Uint8Array> => order(raster, [raster.rgba.buffer]);
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
