import { Worker } from 'node:worker_threads';
import { callThread } from '../../shared/calls/thread-calls.ts';
import type { Calls } from '../../shared/calls/calls.ts';
import type { Photo } from '../../shared/frame.ts';
import type { PhotoRequest } from './camera.ts';
import { PictureError } from './picture-error.ts';
import type { PictureFault } from './picture-error.ts';
import type { LookJob, PictureThread, SeenPicture } from './pictures-messages.ts';

export interface PicturesOptions {
  /** The built worker; beside this file without it. */
  readonly workerUrl?: URL;
  /** For each job, its waiting included, once the thread is up. Default 3000. */
  readonly deadlineMs?: number;
}

/** Decodes and encodes pictures on a thread of its own. Everything rejects with a PictureError. */
export interface Pictures {
  /** Checks and decodes a picture; photos are cut from it until the next one is seen. */
  look(job: LookJob): Promise<SeenPicture>;
  /** A part of the newest picture as a JPEG. */
  photo(request: PhotoRequest): Promise<Photo>;
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly calls: Calls<PictureThread>;
  /** It has answered. */
  isUp: boolean;
}

/** More for what is asked of a thread before its first answer: it has to load, which may take long. */
const startMs = 10_000;

/** Starts the worker with the first job, and again after it died or did not answer in time. */
export function openPictures(options: PicturesOptions = {}): Pictures {
  const workerUrl = options.workerUrl ?? new URL('./pictures-worker.js', import.meta.url);
  const deadlineMs = options.deadlineMs ?? 3000;
  let thread: Thread | null = null;
  let closed = false;

  function start(): Thread {
    const worker = new Worker(workerUrl);
    const calls = callThread<PictureThread>(worker, {
      errorOf: ({ code, message }) => new PictureError(code as PictureFault, message),
      endError: (cause) =>
        new PictureError(
          'undecodable',
          cause === undefined ? 'The decoder ended.' : `The decoder failed: ${cause}`,
        ),
      lateError: (_job, limitMs) =>
        new PictureError('timeout', `The decoder did not answer within ${limitMs} ms.`),
      // Whatever a thread that hangs was asked dies with it.
      onLate: (error) => {
        calls.end(error);
        void worker.terminate();
      },
    });
    return { worker, calls, isUp: false };
  }

  async function run<T>(
    ask: (calls: Thread['calls'], limits: { readonly deadlineMs: number }) => Promise<T>,
  ): Promise<T> {
    if (closed) throw new PictureError('closed', 'The decoder is closed.');
    if (thread === null || thread.calls.isEnded()) thread = start();
    const asked = thread;
    asked.worker.ref();
    try {
      return await ask(asked.calls, { deadlineMs: asked.isUp ? deadlineMs : startMs + deadlineMs });
    } finally {
      asked.isUp = true;
      if (asked.calls.waiting() === 0) asked.worker.unref();
    }
  }

  return {
    look: (job) => run((calls, limits) => calls.call('look', job, limits)),
    photo: ({ region, maxSide }) =>
      run((calls, limits) => calls.call('photo', { region: region ?? null, maxSide }, limits)),
    close: async () => {
      closed = true;
      if (thread === null) return;
      thread.calls.end(new PictureError('closed', 'The decoder is closed.'));
      await thread.worker.terminate();
    },
  };
}
