import type { Segmentation, TrayPicture } from './segmentation.ts';

/** What the thread is started with. */
export interface SegmenterData {
  readonly modelPath: string;
}

/** One after another: each is sent when the one before was answered. */
export type SegmenterJob =
  | { readonly kind: 'segment'; readonly now: TrayPicture; readonly accepted: TrayPicture }
  | { readonly kind: 'close' };

export type SegmenterAnswer =
  /** The first one: the thread takes jobs from now on, and is warm. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'segmented'; readonly segmentation: Segmentation }
  | { readonly kind: 'failed'; readonly message: string };
