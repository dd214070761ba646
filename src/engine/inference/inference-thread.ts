import { Worker } from 'node:worker_threads';

import { PictureError } from '../model/picture.ts';
import type { FeatureExtractorFacts, FeatureExtractorOptions } from './feature-extractor.ts';
import type {
  InferenceRequest,
  InferenceAnswer,
  InferenceJob,
  InferenceThreadData,
} from './inference-messages.ts';

export type InferenceResult = Extract<InferenceAnswer, { readonly kind: 'features' | 'proposals' }>;

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

interface Turn {
  readonly resolve: (result: InferenceResult) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

export function openInferenceThread(options: InferenceThreadOptions): InferenceThread {
  const { workerUrl, modelDir, detectorDir, threads, inferenceTimeoutMs, onLeft } = options;
  const workerData: InferenceThreadData = { modelDir, detectorDir, threads };
  const worker = new Worker(workerUrl, { workerData });
  let turn: Turn | null = null;
  let over: Error | null = null;
  let onFree = (): void => undefined;
  let begin: (facts: FeatureExtractorFacts) => void;
  let fail: (error: Error) => void;
  const ready = new Promise<FeatureExtractorFacts>((resolve, reject) => {
    [begin, fail] = [resolve, reject];
  });
  let tellEnd: (reason: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    tellEnd = resolve;
  });
  // Not `once` of node:events, which fails where the thread does.
  const exited = new Promise((resolve) => {
    worker.once('exit', resolve);
  });
  // Whoever waits for the end learns of it there.
  ready.catch(() => undefined);

  const end = (reason: Error): void => {
    if (over) return;
    over = reason;
    leaveTurn()?.reject(reason);
    fail(reason);
    tellEnd(reason);
  };
  const leaveTurn = (): Turn | null => {
    const left = turn;
    turn = null;
    clearTimeout(left?.deadline);
    onFree();
    return left;
  };
  const sendClose = (): void => worker.postMessage({ kind: 'close' } satisfies InferenceJob);
  // Not terminated: that makes ONNX Runtime end the whole process. It ends by itself where what
  // hangs returns.
  const leaveBehind = (): void => {
    sendClose();
    onLeft(exited);
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('The thread that looked at the picture ended.')));
  worker.on('message', (answer: InferenceAnswer) => {
    if (answer.kind === 'ready') {
      const { kind: _, ...facts } = answer;
      begin(facts);
      return;
    }
    const left = leaveTurn();
    if (answer.kind === 'refused') left?.reject(new PictureError(answer.fault, answer.message));
    else if (answer.kind === 'failed') left?.reject(new Error(answer.message));
    else left?.resolve(answer);
  });

  return {
    ready,
    isAlive: () => over === null,
    ended,
    run: (job) =>
      new Promise((resolve, reject) => {
        if (over) {
          reject(over);
          return;
        }
        const deadline = setTimeout(() => {
          end(new Error(`Nothing was seen in a picture within ${inferenceTimeoutMs} ms.`));
          leaveBehind();
        }, inferenceTimeoutMs);
        turn = { resolve, reject, deadline };
        worker.postMessage(job, [job.picture.buffer]);
      }),
    async close(timeoutMs) {
      if (over) return;
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(() => {
          end(new Error('The thread that looked at the picture was left to itself.'));
          leaveBehind();
          resolve();
        }, timeoutMs);
        void exited.then(() => {
          clearTimeout(deadline);
          resolve();
        });
        onFree = sendClose;
        if (!turn) onFree();
      });
    },
  };
}
