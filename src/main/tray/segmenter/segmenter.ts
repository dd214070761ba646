import { Worker } from 'node:worker_threads';

import { callThread } from '../../../shared/calls/thread-calls.ts';
import type { Segmentation, TrayPicture } from './segmentation.ts';
import type { SegmenterData, SegmenterThread } from './segmenter-messages.ts';

/** Tells pixel by pixel what changed on the tray, in a thread of its own, one pair after another. */
export interface Segmenter {
  /**
   * The pictures are copied.
   * @throws Error where the pair is no good, or the model fails, hangs or is closed.
   */
  readonly segment: (now: TrayPicture, accepted: TrayPicture) => Promise<Segmentation>;
  /** Resolves, with its reason, when it can be asked nothing more; it never rejects. */
  readonly ended: Promise<Error>;
  /** Waits for what it was asked last, but not for long. */
  readonly close: () => Promise<void>;
}

export interface SegmenterOptions {
  /** The built `segmenter-worker.ts`. */
  readonly workerUrl: URL;
  readonly modelPath: string;
  /** A thread that takes so long to load the model and to warm it up is given up. Default 15,000. */
  readonly openTimeoutMs?: number;
  /** A thread that takes so long for a pair, or to end, is given up. Default 3000. */
  readonly segmentTimeoutMs?: number;
}

/** @throws Error that names the file, where the model cannot be loaded, or not in time. */
export async function openSegmenter({
  workerUrl,
  modelPath,
  openTimeoutMs = 15_000,
  segmentTimeoutMs = 3000,
}: SegmenterOptions): Promise<Segmenter> {
  const workerData: SegmenterData = { modelPath };
  const worker = new Worker(workerUrl, { workerData });
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  const calls = callThread<SegmenterThread>(worker, {
    inOrder: true,
    endError: (cause) => cause ?? new Error("The tray's segmenter ended."),
    lateError: (name, limitMs) =>
      new Error(
        name === 'open'
          ? `${modelPath} could not be loaded within ${limitMs} ms.`
          : `The tray's segmenter did not answer within ${limitMs} ms.`,
      ),
    onLate: (error) => {
      leave(error);
      worker.unref();
    },
  });
  // Not terminated: that makes ONNX Runtime end the whole process. It ends where what hangs returns.
  const leave = (reason: Error): void => {
    calls.call('close').catch(() => undefined);
    calls.end(reason);
  };

  await calls.call('open', undefined, { deadlineMs: openTimeoutMs });
  return {
    segment: (now, accepted) =>
      calls.call('segment', { now, accepted }, { deadlineMs: segmentTimeoutMs }),
    ended: calls.ended,
    async close() {
      if (calls.isEnded()) return;
      leave(new Error("The tray's segmenter is closed."));
      await new Promise<void>((resolve) => {
        const patience = setTimeout(() => {
          worker.unref();
          resolve();
        }, segmentTimeoutMs);
        void exited.then(() => {
          clearTimeout(patience);
          resolve();
        });
      });
    },
  };
}
