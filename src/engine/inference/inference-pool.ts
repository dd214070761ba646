import { keepAlive } from '../../shared/keep-alive.ts';
import type { Timers } from '../../shared/timers.ts';
import { serviceErrors } from '../domain/service-error.ts';
import type { View } from '../model/picture.ts';
import type { FeatureExtractor, FeatureExtractorFacts } from './feature-extractor.ts';
import { openInferenceThread } from './inference-thread.ts';
import type { InferenceRequest, InferenceResult } from './inference-messages.ts';
import type { InferenceThread, InferenceThreadOptions } from './inference-thread.ts';

export interface InferencePoolOptions extends InferenceThreadOptions {
  /** Pictures looked at at a time, each in a thread of its own. */
  readonly size: number;
  /** All but the first begin so long after it, or sooner where a picture finds none free. */
  readonly othersAfterMs: number;
  /** A thread that could not begin is tried again after so long. */
  readonly retryMs: number;
  readonly closeTimeoutMs: number;
  /** Told of threads that ended by themselves and were replaced. */
  readonly onFault: (error: unknown) => void;
  readonly timers?: Timers;
}

/** More views than this of one picture are looked at by several threads. */
const viewsAtOnce = 3;

interface Waiting {
  readonly job: () => InferenceRequest;
  readonly resolve: (result: InferenceResult) => void;
  readonly reject: (reason: unknown) => void;
}

/** The place of one thread, whichever lives there. */
interface Slot {
  thread: InferenceThread | null;
  /** The last one could not begin. */
  isFailing: boolean;
  readonly stop: () => void;
}

/**
 * Looks at pictures in threads of their own, for the model blocks the thread that it runs in. A
 * thread that ends or hangs is replaced; who asked for what it looked at gets an error.
 * @throws what the first thread cannot begin for.
 */
export async function openInferencePool(options: InferencePoolOptions): Promise<FeatureExtractor> {
  const { size, othersAfterMs, retryMs, closeTimeoutMs, onFault, timers } = options;
  const queue: Waiting[] = [];
  const slots = new Set<Slot>();
  const idle: InferenceThread[] = [];
  let isOpen = false;

  /** Keeps one thread; rejects where it cannot begin at once. */
  const add = (): Promise<FeatureExtractorFacts> =>
    new Promise((resolve, reject) => {
      let hasBegun = false;
      const slot: Slot = { thread: null, isFailing: false, stop: () => keeper.stop() };
      slots.add(slot);
      const keeper = keepAlive({
        start: async (life) => {
          hasBegun = false;
          // It may succeed, and then takes what waits.
          slot.isFailing = false;
          const thread = openInferenceThread(options);
          slot.thread = thread;
          void thread.ended.then((reason) => {
            const place = idle.indexOf(thread);
            if (place >= 0) idle.splice(place, 1);
            life.ended(reason);
          });
          resolve(await thread.ready);
          if (!life.isCurrent()) return;
          hasBegun = true;
          take(thread);
        },
        // What had begun is replaced at once; what could not begin would fail again at once.
        backoffMs: [0, retryMs],
        healthyAfterMs: 0,
        ...(timers && { timers }),
        onEnded: (reason) => {
          slot.isFailing = !hasBegun;
          reject(reason);
          if (isOpen) tellEnd(reason);
        },
      });
    });

  const noneCanBegin = (): boolean => [...slots].every(({ isFailing }) => isFailing);

  const tellEnd = (reason: unknown): void => {
    onFault(new Error('A thread that looks at pictures ended; another begins.', { cause: reason }));
    // Nobody shall wait for what may never come.
    if (noneCanBegin()) queue.splice(0).forEach((waiting) => waiting.reject(reason));
  };

  let others = size - 1;
  const beginOthers = (): void => {
    clearTimeout(othersTimer);
    for (; others > 0; others -= 1) add().catch(() => undefined);
  };

  const take = (thread: InferenceThread): void => {
    const next = queue.shift();
    if (!next) {
      idle.push(thread);
      return;
    }
    const isOver = (): void => {
      if (thread.isAlive()) take(thread);
    };
    thread.run(next.job()).then(next.resolve, next.reject).then(isOver, onFault);
  };

  const ask = (job: () => InferenceRequest): Promise<InferenceResult> =>
    new Promise((resolve, reject) => {
      if (!isOpen) {
        reject(serviceErrors.stopping());
        return;
      }
      if (noneCanBegin()) {
        reject(new Error('No thread could begin to look at pictures.'));
        return;
      }
      queue.push({ job, resolve, reject });
      const thread = idle.shift();
      if (thread) take(thread);
      else beginOthers();
    });

  const rowsOf = async (picture: Uint8Array, views: readonly View[]): Promise<Float32Array[]> => {
    const result = await ask(() => ({ kind: 'features', picture: own(picture), views }));
    return result.kind === 'features' ? [...result.rows] : [];
  };

  const stopAll = (): void => slots.forEach(({ stop }) => stop());

  const close = async (): Promise<void> => {
    isOpen = false;
    clearTimeout(othersTimer);
    stopAll();
    queue.splice(0).forEach(({ reject }) => reject(serviceErrors.stopping()));
    await Promise.all([...slots].map(({ thread }) => thread?.close(closeTimeoutMs)));
  };

  const facts = await add().catch((error: unknown) => {
    stopAll();
    throw error;
  });
  isOpen = true;
  // The first is enough to begin with: each takes half a second of a core, which at that moment a
  // kiosk's window and camera want too.
  const othersTimer = setTimeout(beginOthers, othersAfterMs);
  return {
    ...facts,
    async features(picture, views) {
      const parts = inParts(views, Math.min(size, Math.ceil(views.length / viewsAtOnce)));
      return (await Promise.all(parts.map((part) => rowsOf(picture, part)))).flat();
    },
    async propose(picture) {
      const result = await ask(() => ({ kind: 'propose', picture: own(picture) }));
      return result.kind === 'proposals' ? [...result.proposals] : [];
    },
    close,
  };
}

/** The thread takes its picture's bytes away; whoever asked may still need them. */
function own(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(picture);
}

function inParts<Item>(items: readonly Item[], count: number): (readonly Item[])[] {
  return Array.from({ length: count }, (_, part) =>
    items.slice(
      Math.floor((part * items.length) / count),
      Math.floor(((part + 1) * items.length) / count),
    ),
  );
}
