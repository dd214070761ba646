import type { Segmentation, TrayPicture } from './segmentation.ts';

/** What the thread is started with. */
export interface SegmenterData {
  readonly modelPath: string;
}

export interface SegmenterJob {
  readonly now: TrayPicture;
  readonly accepted: TrayPicture;
}

/** What the thread is asked, one after another. */
export interface SegmenterThread {
  /** Answered when the thread is warm. */
  open(): null;
  segment(job: SegmenterJob): Segmentation;
  /** Ends the thread, which may come before the answer. */
  close(): null;
}
