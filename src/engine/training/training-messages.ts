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

/** What the thread is asked, one after another. */
export interface TrainingCalls {
  train(iterationId: string): null;
  /** Computes features ahead, so that a later training finds them. */
  look(ahead: { readonly photos: readonly string[]; readonly views: number }): null;
  /** Ends the thread, which may come before the answer. */
  close(): null;
}

export interface TrainingProgress {
  readonly stage: TrainingStage;
  readonly done: number;
  readonly of: number;
}

/** The code of a failure whose message is in words for whoever asked for the training. */
export const foreseen = 'foreseen';
