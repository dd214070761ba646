import { Worker } from 'node:worker_threads';

import type { TrainingStage } from './train-iteration.ts';
import { TrainingError } from './training-fault.ts';
import type { TrainingAnswer, TrainingJob, TrainingThreadData } from './training-messages.ts';

export type OnTrainingProgress = (stage: TrainingStage, done: number, of: number) => void;

/** Where trainings run, so that nobody waits for one; it takes one job at a time. */
export interface TrainingThread {
  /** Rejects with TrainingError, or with Error where something went wrong that it did not foresee. */
  readonly train: (iterationId: string, onProgress: OnTrainingProgress) => Promise<void>;
  readonly look: (photos: readonly string[], views: number) => Promise<void>;
  /** False once it has ended, by itself or by `close`. */
  readonly isAlive: () => boolean;
  /** Leaves the job that is under way, and resolves when it has ended or its time is over. */
  readonly close: () => Promise<void>;
}

export interface TrainingThreadOptions {
  /** Where the bundled `training-worker.ts` lies. */
  readonly workerUrl: URL;
  readonly dataDir: string;
  readonly modelDir: string;
  readonly detectorDir: string;
  readonly threads: number;
  readonly closeTimeoutMs: number;
  /** Told of the end, which may never come, of a thread that did not end in time. */
  readonly onLeft: (exited: Promise<unknown>) => void;
}

interface Running {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnTrainingProgress;
}

export function openTrainingThread(options: TrainingThreadOptions): TrainingThread {
  const { workerUrl, dataDir, modelDir, detectorDir, threads, closeTimeoutMs, onLeft } = options;
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData: TrainingThreadData = { dataDir, modelDir, detectorDir, threads, stop };
  const worker = new Worker(workerUrl, { workerData });
  let running: Running | null = null;
  let ended: Error | null = null;

  const end = (error: Error): void => {
    ended ??= error;
    running?.reject(ended);
    running = null;
  };
  // Not `once` of node:events, which fails where the thread does.
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  worker.on('error', (error) => end(new Error('The training thread failed.', { cause: error })));
  worker.on('exit', () => end(new Error('The training thread ended.')));
  worker.on('message', (answer: TrainingAnswer) => {
    if (!running) return;
    if (answer.kind === 'progress') {
      running.onProgress(answer.stage, answer.done, answer.of);
      return;
    }
    const { resolve, reject } = running;
    running = null;
    if (answer.kind === 'done') resolve();
    else reject(answer.isForeseen ? new TrainingError(answer.message) : new Error(answer.message));
  });

  const run = (job: TrainingJob, onProgress: OnTrainingProgress = () => undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      running = { resolve, reject, onProgress };
      worker.postMessage(job);
    });

  return {
    train: (iterationId, onProgress) => run({ kind: 'train', iterationId }, onProgress),
    look: (photos, views) => run({ kind: 'look', photos, views }),
    isAlive: () => ended === null,
    async close() {
      if (ended) return;
      Atomics.store(new Int32Array(stop), 0, 1);
      worker.postMessage({ kind: 'close' } satisfies TrainingJob);
      await new Promise<void>((resolve) => {
        // Not terminated: inside ONNX Runtime that ends the whole process.
        const deadline = setTimeout(() => {
          end(new Error('The training thread was left to itself.'));
          onLeft(exited);
          resolve();
        }, closeTimeoutMs);
        void exited.then(() => {
          clearTimeout(deadline);
          resolve();
        });
      });
    },
  };
}
