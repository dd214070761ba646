import { Worker } from 'node:worker_threads';
import type { Photo } from '../../shared/frame.ts';
import type { PhotoRequest } from './camera.ts';
import { PictureError } from './picture-header.ts';
import type {
  JobMessage,
  LookJob,
  PictureJob,
  PictureResults,
  ResultMessage,
  SeenPicture,
} from './pictures-messages.ts';

export interface PicturesOptions {
  /** The built worker; beside this file without it. */
  readonly workerUrl?: URL;
  /** For each job, its waiting included, once the thread is up. Default 3000. */
  readonly deadlineMs?: number;
}

/** Decodes and encodes pictures on a thread of its own. Everything rejects with a PictureError. */
export interface Pictures {
  /** Checks and decodes a picture; photos are cut from it until the next one is seen. */
  look(job: Omit<LookJob, 'kind'>): Promise<SeenPicture>;
  /** A part of the newest picture as a JPEG. */
  photo(request: PhotoRequest): Promise<Photo>;
  close(): Promise<void>;
}

interface Waiting {
  readonly settle: (result: ResultMessage) => void;
  readonly timer: NodeJS.Timeout;
}

/** More for what is asked of a thread before its first answer: it has to load, which may take long. */
const startMs = 10_000;

/** Starts the worker with the first job, and again after it died or did not answer in time. */
export function openPictures(options: PicturesOptions = {}): Pictures {
  const workerUrl = options.workerUrl ?? new URL('./pictures-worker.js', import.meta.url);
  const deadlineMs = options.deadlineMs ?? 3000;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let isUp = false;
  let lastId = 0;
  let closed = false;

  function settle(result: ResultMessage): void {
    const job = waiting.get(result.id);
    if (job === undefined) return;
    waiting.delete(result.id);
    clearTimeout(job.timer);
    if (waiting.size === 0) worker?.unref();
    job.settle(result);
  }

  /** Whatever a thread was asked dies with it. */
  function drop(gone: Worker, fault: 'undecodable' | 'timeout' | 'closed', message: string): void {
    if (worker !== gone) return;
    worker = null;
    for (const id of waiting.keys()) settle({ id, ok: false, fault, message });
  }

  function start(): Worker {
    const started = new Worker(workerUrl);
    started.on('message', (result: ResultMessage) => {
      isUp ||= worker === started;
      settle(result);
    });
    started.on('error', (error) => drop(started, 'undecodable', `The decoder failed: ${error}`));
    started.on('exit', () => drop(started, 'undecodable', 'The decoder ended.'));
    worker = started;
    isUp = false;
    return started;
  }

  function run<K extends PictureJob['kind']>(
    job: PictureJob & { kind: K },
  ): Promise<PictureResults[K]> {
    if (closed) return Promise.reject(new PictureError('closed', 'The decoder is closed.'));
    const thread = worker ?? start();
    const limitMs = isUp ? deadlineMs : startMs + deadlineMs;
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        drop(thread, 'timeout', `The decoder did not answer within ${limitMs} ms.`);
        void thread.terminate();
      }, limitMs);
      waiting.set(id, {
        timer,
        settle: (result) => {
          // The worker answers a job with the result of its kind.
          if (result.ok) resolve(result.value as PictureResults[K]);
          else reject(new PictureError(result.fault, result.message));
        },
      });
      thread.ref();
      thread.postMessage({ id, job } satisfies JobMessage);
    });
  }

  return {
    look: (job) => run({ kind: 'look', ...job }),
    photo: ({ region, maxSide }) => run({ kind: 'photo', region: region ?? null, maxSide }),
    close: async () => {
      closed = true;
      const last = worker;
      if (last === null) return;
      drop(last, 'closed', 'The decoder is closed.');
      await last.terminate();
    },
  };
}
