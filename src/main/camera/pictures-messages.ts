import type { Photo, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Orientation } from '../../shared/orientation.ts';
import type { PictureFault, PictureSize } from './picture-header.ts';

/** The JPEG itself, or the absolute path of the file that holds it. */
export type PictureSource =
  | { readonly kind: 'bytes'; readonly jpeg: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

export interface LookJob {
  readonly kind: 'look';
  readonly source: PictureSource;
  /** Refuses any other size; null takes every size. */
  readonly expected: PictureSize | null;
  /** What makes it upright; its photos are, too. */
  readonly orientation: Orientation;
  /** When the picture was taken, in milliseconds on the caller's clock; its photos carry it. */
  readonly atMs: number;
}

export interface PhotoJob {
  readonly kind: 'photo';
  readonly region: ItemRegion | null;
  readonly maxSide: number;
}

export type PictureJob = LookJob | PhotoJob;

/** A picture that has been decoded, upright, and is the one that photos are now cut from. */
export interface SeenPicture extends PictureSize {
  /** As the camera gave it. */
  readonly sizeAsTaken: PictureSize;
  readonly jpeg: Uint8Array;
  readonly thumb: Thumb;
}

export interface PictureResults {
  look: SeenPicture;
  photo: Photo;
}

export interface JobMessage {
  readonly id: number;
  readonly job: PictureJob;
}

export type ResultMessage =
  | { readonly id: number; readonly ok: true; readonly value: PictureResults['look' | 'photo'] }
  | {
      readonly id: number;
      readonly ok: false;
      readonly fault: PictureFault;
      readonly message: string;
    };
