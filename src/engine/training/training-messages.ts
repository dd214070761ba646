import type { TrainingStage } from './train-iteration.ts';

/** What the training thread is started with. */
export interface TrainingThreadData {
  readonly dataDir: string;
  readonly modelDir: string;
  readonly detectorDir: string;
  readonly threads: number;
  /** An Int32 that is not 0 as soon as the thread shall stop, seen even in the midst of a fit. */
  readonly stop: SharedArrayBuffer;
}

/** One after another: a job begins when the one before was answered. */
export type TrainingJob =
  | { readonly kind: 'train'; readonly iterationId: string }
  /** Computes features ahead, so that a later training finds them. */
  | { readonly kind: 'look'; readonly photos: readonly string[]; readonly views: number }
  | { readonly kind: 'close' };

export type TrainingAnswer =
  | {
      readonly kind: 'progress';
      readonly stage: TrainingStage;
      readonly done: number;
      readonly of: number;
    }
  | { readonly kind: 'done' }
  /** `isForeseen` where the message is in words for whoever asked for the training. */
  | { readonly kind: 'failed'; readonly message: string; readonly isForeseen: boolean };
