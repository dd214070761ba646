import type { Photo } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Orientation } from '../../shared/orientation.ts';

/** A frame is handed over with it, and closed by who takes it. */
export interface PhotoJob {
  readonly frame: VideoFrame;
  readonly region: ItemRegion | null;
  readonly maxSide: number;
  readonly orientation: Orientation;
}

/** What the worker is asked. */
export interface PhotoWorker {
  photo(job: PhotoJob): Omit<Photo, 'atMs'>;
}
