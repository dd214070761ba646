import { ownScript } from '../parts/own-script.ts';
import { callWorker } from '../parts/worker-calls.ts';
import type { EncodeJob, EncodeWorker } from './encode-job.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './encode-worker.ts?worker&url';
import type { Raster } from './scene.ts';

export interface Encoder {
  /** Takes the raster's bytes away: it is empty afterwards. */
  jpegOf(raster: Raster, quality: number): Promise<Uint8Array>;
  /** With transparency, made smaller to `side` pixels each way. */
  webpOf(raster: Raster, side: number, quality: number): Promise<Uint8Array>;
}

/** A film's pictures may be asked for at once, and a slow computer encodes them one by one. */
const deadlineMs = 30_000;

/** In a worker: on a page's own thread Chromium puts encoding off until the page is idle. */
export function createEncoder(): Encoder {
  const script = ownScript('encode-worker', workerUrl);
  const call = callWorker<EncodeWorker>(() => new Worker(script, { type: 'module' }), {
    deadlineMs,
  });
  const encode = (job: EncodeJob): Promise<Uint8Array> =>
    call('encode', job, { transfer: [job.rgba.buffer] });
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
