import type { Raster } from './scene.ts';

/** What the worker is asked for: a picture of `side` pixels each way, or as large as it is. */
export interface EncodeOrder extends Raster {
  readonly side?: number;
  readonly type: 'image/jpeg' | 'image/webp';
  readonly quality: number;
}
