import { Worker } from 'node:worker_threads';

import type { Segmentation, TrayPicture } from './segmentation.ts';
import type { SegmenterAnswer, SegmenterData, SegmenterJob } from './segmenter-messages.ts';

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

interface Turn {
  readonly resolve: (segmentation: Segmentation) => void;
  readonly reject: (error: Error) => void;
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
  /** In the order of their answers. */
  const turns: Turn[] = [];
  let deadline: NodeJS.Timeout | undefined;
  let over: Error | null = null;
  let tellEnd: (reason: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    tellEnd = resolve;
  });
  let onReady = (): void => undefined;

  const send = (job: SegmenterJob): void => worker.postMessage(job);
  const end = (reason: Error): void => {
    if (over) return;
    over = reason;
    clearTimeout(deadline);
    turns.splice(0).forEach(({ reject }) => reject(reason));
    tellEnd(reason);
  };
  const giveUp = (reason: Error): void => {
    end(reason);
    // Not terminated: that makes ONNX Runtime end the whole process. It ends where what hangs returns.
    worker.unref();
    send({ kind: 'close' });
  };
  const watch = (): void => {
    clearTimeout(deadline);
    if (turns.length === 0) return;
    deadline = setTimeout(() => {
      giveUp(new Error(`The tray's segmenter did not answer within ${segmentTimeoutMs} ms.`));
    }, segmentTimeoutMs);
  };
  worker.on('error', (error: unknown) => {
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => end(new Error("The tray's segmenter ended.")));
  worker.on('message', (answer: SegmenterAnswer) => {
    if (answer.kind === 'ready') return onReady();
    const turn = turns.shift();
    watch();
    if (answer.kind === 'failed') turn?.reject(new Error(answer.message));
    else turn?.resolve(answer.segmentation);
  });

  const openDeadline = setTimeout(() => {
    giveUp(new Error(`${modelPath} could not be loaded within ${openTimeoutMs} ms.`));
  }, openTimeoutMs);
  try {
    await new Promise<void>((resolve, reject) => {
      onReady = resolve;
      void ended.then(reject);
    });
  } finally {
    clearTimeout(openDeadline);
  }
  return {
    segment: (now, accepted) =>
      new Promise((resolve, reject) => {
        if (over) {
          reject(over);
          return;
        }
        turns.push({ resolve, reject });
        if (turns.length === 1) watch();
        send({ kind: 'segment', now, accepted });
      }),
    ended,
    async close() {
      if (over) return;
      send({ kind: 'close' });
      end(new Error("The tray's segmenter is closed."));
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
