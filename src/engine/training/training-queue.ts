import { limits } from '../domain/limits.ts';
import type { Store } from '../store/store.ts';
import type { TrainingStage } from './train-iteration.ts';
import { TrainingError } from './training-fault.ts';
import type { TrainingThread } from './training-thread.ts';

interface Which {
  readonly projectId: string;
  readonly iterationId: string;
}

/** For logs and metrics. */
export type TrainingEvent =
  | (Which & { readonly kind: 'queued'; readonly waiting: number })
  | (Which & { readonly kind: 'started' })
  | (Which & {
      readonly kind: 'progress';
      readonly stage: TrainingStage;
      readonly done: number;
      readonly of: number;
    })
  | (Which & { readonly kind: 'completed'; readonly tookMs: number })
  | (Which & { readonly kind: 'failed'; readonly message: string });

/** Trains iterations in the order in which they began, one at a time. */
export interface TrainingQueue {
  readonly add: (iteration: { readonly id: string; readonly projectId: string }) => void;
  /** Photos that a training is likely to ask for: they are looked at while there is none. */
  readonly foresee: (photos: readonly string[], views: number) => void;
  /** Leaves what is under way for the next start. */
  readonly close: () => Promise<void>;
}

export interface TrainingQueueOptions {
  readonly store: Store;
  readonly openThread: () => TrainingThread;
  readonly onEvent: (event: TrainingEvent) => void;
  /** Told of what nobody could foresee. */
  readonly onFault: (error: unknown) => void;
}

/** Begins with what an earlier run of the engine has left unfinished. */
export function createTrainingQueue(options: TrainingQueueOptions): TrainingQueue {
  const { store, openThread, onEvent, onFault } = options;
  const waiting: Which[] = [];
  const foreseen: { readonly photo: string; readonly views: number }[] = [];
  let thread: TrainingThread | null = null;
  let idle: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;
  let isClosed = false;

  const usableThread = (): TrainingThread => {
    if (!thread?.isAlive()) thread = openThread();
    return thread;
  };

  const fail = (which: Which, message: string): void => {
    store.iterations.fail(which.iterationId, message);
    onEvent({ ...which, kind: 'failed', message });
  };

  const train = async (which: Which): Promise<void> => {
    const tries = store.iterations.attempt(which.iterationId, 1);
    // Its project was deleted meanwhile.
    if (tries === 0) return;
    if (tries > limits.trainingAttempts) {
      fail(
        which,
        `The engine stopped ${limits.trainingAttempts} times in the midst of this training, so ` +
          'it does not try again by itself.',
      );
      return;
    }
    const startedMs = performance.now();
    onEvent({ ...which, kind: 'started' });
    try {
      await usableThread().train(which.iterationId, (stage, done, of) =>
        onEvent({ ...which, kind: 'progress', stage, done, of }),
      );
      onEvent({ ...which, kind: 'completed', tookMs: performance.now() - startedMs });
    } catch (error) {
      if (isClosed) {
        store.iterations.attempt(which.iterationId, -1);
        return;
      }
      // Deleted with its project, which took its photos away.
      if (!store.iterations.get(which.projectId, which.iterationId)) return;
      if (error instanceof TrainingError) {
        fail(which, error.message);
        return;
      }
      onFault(error);
      fail(which, `The training failed unexpectedly: ${reasonOf(error)}`);
    }
  };

  const look = async (): Promise<void> => {
    const [first] = foreseen;
    if (!first) return;
    const same = foreseen.findIndex(({ views }) => views !== first.views);
    const most = Math.min(limits.photosForeseenAtOnce, same < 0 ? Infinity : same);
    const part = foreseen.splice(0, most);
    try {
      await usableThread().look(
        part.map(({ photo }) => photo),
        first.views,
      );
    } catch {
      // Only a help: the training itself looks again, and tells what it finds.
      foreseen.length = 0;
    }
  };

  const work = async (): Promise<void> => {
    while (!isClosed) {
      const next = waiting.shift();
      if (next) await train(next);
      else if (foreseen.length > 0) await look();
      else return;
    }
  };

  const wake = (): void => {
    if (working || isClosed) return;
    clearTimeout(idle);
    working = work()
      .catch(onFault)
      .finally(() => {
        working = null;
        if (isClosed) return;
        if (waiting.length > 0 || foreseen.length > 0) wake();
        else idle = setTimeout(rest, limits.trainerIdleMs).unref();
      });
  };

  // The thread holds a model and its memory, which an engine that only predicts has no use for.
  const rest = (): void => {
    const last = thread;
    thread = null;
    last?.close().catch(onFault);
  };

  const add = (which: Which): void => {
    waiting.push(which);
    onEvent({ ...which, kind: 'queued', waiting: waiting.length });
    wake();
  };

  for (const { id, projectId } of store.iterations.unfinished())
    add({ projectId, iterationId: id });

  return {
    add: ({ id, projectId }) => add({ projectId, iterationId: id }),
    foresee(photos, views) {
      if (isClosed) return;
      const room = limits.photosForeseen - foreseen.length;
      foreseen.push(...photos.slice(0, Math.max(room, 0)).map((photo) => ({ photo, views })));
      wake();
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await thread?.close();
      await working;
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}
