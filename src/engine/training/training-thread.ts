import { Worker } from 'node:worker_threads';

import { callThread } from '../../shared/calls/thread-calls.ts';
import type { TrainingStage } from './train-iteration.ts';
import { TrainingError } from './training-fault.ts';
import { foreseen } from './training-messages.ts';
import type { TrainingCalls, TrainingProgress, TrainingThreadData } from './training-messages.ts';

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

export function openTrainingThread(options: TrainingThreadOptions): TrainingThread {
  const { workerUrl, dataDir, modelDir, detectorDir, threads, closeTimeoutMs, onLeft } = options;
  // Not by a call's signal: no message arrives in the midst of a step of a training.
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData: TrainingThreadData = { dataDir, modelDir, detectorDir, threads, stop };
  const worker = new Worker(workerUrl, { workerData });
  const calls = callThread<TrainingCalls, TrainingProgress>(worker, {
    inOrder: true,
    errorOf: ({ code, message }) =>
      code === foreseen ? new TrainingError(message) : new Error(message),
    endError: (cause) =>
      cause === undefined
        ? new Error('The training thread ended.')
        : new Error('The training thread failed.', { cause }),
  });
  // Not `once` of node:events, which fails where the thread does.
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  return {
    train: async (iterationId, onProgress) => {
      await calls.call('train', iterationId, {
        onProgress: ({ stage, done, of }) => onProgress(stage, done, of),
      });
    },
    look: async (photos, views) => {
      await calls.call('look', { photos, views });
    },
    isAlive: () => !calls.isEnded(),
    async close() {
      if (calls.isEnded()) return;
      Atomics.store(new Int32Array(stop), 0, 1);
      calls.call('close').catch(() => undefined);
      await new Promise<void>((resolve) => {
        // Not terminated: inside ONNX Runtime that ends the whole process.
        const deadline = setTimeout(() => {
          calls.end(new Error('The training thread was left to itself.'));
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
