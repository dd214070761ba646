import type { Photo, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Orientation } from '../../shared/orientation.ts';
import type { PictureSize } from './picture-error.ts';

/** The JPEG itself, or the absolute path of the file that holds it. */
export type PictureSource =
  | { readonly kind: 'bytes'; readonly jpeg: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

export interface LookJob {
  readonly source: PictureSource;
  /** Refuses any other size; null takes every size. */
  readonly expected: PictureSize | null;
  /** What makes it upright; its photos are, too. */
  readonly orientation: Orientation;
  /** When the picture was taken, in milliseconds on the caller's clock; its photos carry it. */
  readonly atMs: number;
}

export interface PhotoJob {
  readonly region: ItemRegion | null;
  readonly maxSide: number;
}

/** A picture that has been decoded, upright, and is the one that photos are now cut from. */
export interface SeenPicture extends PictureSize {
  /** As the camera gave it. */
  readonly sizeAsTaken: PictureSize;
  readonly jpeg: Uint8Array;
  readonly thumb: Thumb;
}

/** What the thread is asked; a failure's code is a PictureFault. */
export interface PictureThread {
  look(job: LookJob): SeenPicture;
  photo(job: PhotoJob): Photo;
}
