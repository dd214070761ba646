import type { Raster } from './scene.ts';

/** A picture of `side` pixels each way, or as large as it is. */
export interface EncodeJob extends Raster {
  readonly side?: number;
  readonly type: 'image/jpeg' | 'image/webp';
  readonly quality: number;
}

/** What the worker is asked. */
export interface EncodeWorker {
  encode(job: EncodeJob): Uint8Array;
}
