import { Worker } from 'node:worker_threads';

import { callThread } from '../../shared/calls/thread-calls.ts';
import { PictureError } from '../model/picture.ts';
import type { PictureFault } from '../model/picture.ts';
import type { FeatureExtractorFacts, FeatureExtractorOptions } from './feature-extractor.ts';
import type {
  InferenceCalls,
  InferenceRequest,
  InferenceResult,
  InferenceThreadData,
} from './inference-messages.ts';

/** A thread that looks at one picture at a time. */
export interface InferenceThread {
  /** Rejects where the thread could not begin. */
  readonly ready: Promise<FeatureExtractorFacts>;
  readonly isAlive: () => boolean;
  /** Resolves, with its reason, when the thread can be asked nothing more; it never rejects. */
  readonly ended: Promise<Error>;
  /** Takes the picture's bytes for its own. @throws PictureError, or Error where the thread ends. */
  readonly run: (job: InferenceRequest) => Promise<InferenceResult>;
  /** Resolves when it has ended, or is left to itself because that takes too long. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

export interface InferenceThreadOptions extends FeatureExtractorOptions {
  /** Where the built `inference-worker.ts` lies. */
  readonly workerUrl: URL;
  /** A thread that looks at one picture for so long is given up. */
  readonly inferenceTimeoutMs: number;
  /** Told of the end, which may never come, of one that was given up or did not end in time. */
  readonly onLeft: (exited: Promise<unknown>) => void;
}

export function openInferenceThread(options: InferenceThreadOptions): InferenceThread {
  const { workerUrl, modelDir, detectorDir, threads, inferenceTimeoutMs, onLeft } = options;
  const workerData: InferenceThreadData = { modelDir, detectorDir, threads };
  const worker = new Worker(workerUrl, { workerData });
  // Not `once` of node:events, which fails where the thread does.
  const exited = new Promise((resolve) => {
    worker.once('exit', resolve);
  });
  const calls = callThread<InferenceCalls>(worker, {
    inOrder: true,
    errorOf: ({ code, message }) =>
      code === undefined ? new Error(message) : new PictureError(code as PictureFault, message),
    endError: (cause) => cause ?? new Error('The thread that looked at the picture ended.'),
    lateError: (_name, limitMs) => new Error(`Nothing was seen in a picture within ${limitMs} ms.`),
    onLate: (error) => leaveBehind(error),
  });
  const sendClose = (): void => void calls.call('close').catch(() => undefined);
  // Not terminated: that makes ONNX Runtime end the whole process. It ends by itself where what
  // hangs returns.
  const leaveBehind = (reason: Error): void => {
    sendClose();
    calls.end(reason);
    onLeft(exited);
  };
  const ready = calls.call('open');
  // Whoever waits for the end learns of it there.
  ready.catch(() => undefined);
  let running: Promise<unknown> = Promise.resolve();

  return {
    ready,
    isAlive: () => !calls.isEnded(),
    ended: calls.ended,
    run: (job) => {
      const result = calls.call('run', job, {
        deadlineMs: inferenceTimeoutMs,
        transfer: [job.picture.buffer],
      });
      running = result;
      return result;
    },
    async close(timeoutMs) {
      if (calls.isEnded()) return;
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(() => {
          leaveBehind(new Error('The thread that looked at the picture was left to itself.'));
          resolve();
        }, timeoutMs);
        void exited.then(() => {
          clearTimeout(deadline);
          resolve();
        });
        running.then(sendClose, sendClose);
      });
    },
  };
}
