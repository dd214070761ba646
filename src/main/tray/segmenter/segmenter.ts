import { Worker } from 'node:worker_threads';

import type { Segmentation, TrayPicture } from './segmentation.ts';
import type { SegmenterAnswer, SegmenterData, SegmenterJob } from './segmenter-messages.ts';

/**
 * Tells pixel by pixel what changed on the tray, in a thread of its own. One pair at a time; of those
 * that come meanwhile the newest waits.
 */
export interface Segmenter {
  /**
   * Null where a newer pair came before this one's turn. The pictures are copied.
   * @throws Error where the model fails, hangs or is closed: the tray then goes by its rules alone.
   */
  readonly segment: (now: TrayPicture, accepted: TrayPicture) => Promise<Segmentation | null>;
  readonly close: () => Promise<void>;
}

export interface SegmenterOptions {
  /** The built `segmenter-worker.ts`. */
  readonly workerUrl: URL;
  readonly modelPath: string;
  /** A thread that takes so long for a pair is given up. Default 3000. */
  readonly segmentTimeoutMs?: number;
}

interface Turn {
  readonly job: SegmenterJob;
  readonly resolve: (segmentation: Segmentation | null) => void;
  readonly reject: (error: Error) => void;
}

/** @throws Error that names the file, where the model cannot be loaded. */
export async function openSegmenter({
  workerUrl,
  modelPath,
  segmentTimeoutMs = 3000,
}: SegmenterOptions): Promise<Segmenter> {
  const workerData: SegmenterData = { modelPath };
  const worker = new Worker(workerUrl, { workerData });
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  let turn: Turn | null = null;
  let next: Turn | null = null;
  let deadline: NodeJS.Timeout | undefined;
  let over: Error | null = null;
  let onReady = (): void => undefined;
  let onEnd: (reason: Error) => void = () => undefined;

  const send = (job: SegmenterJob): void => worker.postMessage(job);
  const end = (reason: Error): void => {
    if (over) return;
    over = reason;
    clearTimeout(deadline);
    turn?.reject(reason);
    next?.reject(reason);
    turn = next = null;
    onEnd(reason);
  };
  const take = (taken: Turn | null): void => {
    turn = taken;
    if (!taken) return;
    deadline = setTimeout(() => {
      end(new Error(`The tray's segmenter did not answer within ${segmentTimeoutMs} ms.`));
      // Not terminated: that makes ONNX Runtime end the whole process. It ends where what hangs returns.
      worker.unref();
      send({ kind: 'close' });
    }, segmentTimeoutMs);
    send(taken.job);
  };
  worker.on('error', (error: unknown) => {
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => end(new Error("The tray's segmenter ended.")));
  worker.on('message', (answer: SegmenterAnswer) => {
    if (answer.kind === 'ready') return onReady();
    clearTimeout(deadline);
    const answered = turn;
    const waiting = next;
    next = null;
    take(waiting);
    if (answer.kind === 'failed') answered?.reject(new Error(answer.message));
    else answered?.resolve(answer.segmentation);
  });

  await new Promise<void>((resolve, reject) => {
    onReady = resolve;
    onEnd = reject;
  });
  return {
    segment: (now, accepted) =>
      new Promise((resolve, reject) => {
        if (over) {
          reject(over);
          return;
        }
        next?.resolve(null);
        next = null;
        const asked: Turn = { job: { kind: 'segment', now, accepted }, resolve, reject };
        // The picture's planes are used again by who took it.
        if (turn) next = { ...asked, job: structuredClone(asked.job) };
        else take(asked);
      }),
    async close() {
      if (over) return;
      send({ kind: 'close' });
      end(new Error("The tray's segmenter is closed."));
      await exited;
    },
  };
}
