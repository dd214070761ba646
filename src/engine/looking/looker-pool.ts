import { serviceErrors } from '../domain/service-error.ts';
import type { View } from '../model/picture.ts';
import type { Looker, LookerFacts } from './looker.ts';
import { openLookingThread } from './looking-thread.ts';
import type { Look } from './looking-messages.ts';
import type { LookingThread, LookingThreadOptions, Seen } from './looking-thread.ts';

export interface LookerPoolOptions extends LookingThreadOptions {
  /** Pictures looked at at a time, each in a thread of its own. */
  readonly size: number;
  /** All but the first begin so long after it, or sooner where a picture finds none free. */
  readonly othersAfterMs: number;
  /** A thread that could not begin is tried again after so long. */
  readonly retryMs: number;
  readonly closeTimeoutMs: number;
  /** Told of threads that ended by themselves and were replaced. */
  readonly onFault: (error: unknown) => void;
}

/** More views than this of one picture are looked at by several threads. */
const viewsAtOnce = 3;

interface Wish {
  readonly job: () => Look;
  readonly resolve: (seen: Seen) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Looks at pictures in threads of their own, for the model blocks the thread that it runs in. A
 * thread that ends or hangs is replaced; who asked for what it looked at gets an error.
 * @throws what the first thread cannot begin for.
 */
export async function openLookerPool(options: LookerPoolOptions): Promise<Looker> {
  const { size, othersAfterMs, retryMs, closeTimeoutMs, onFault } = options;
  const wishes: Wish[] = [];
  const threads = new Set<LookingThread>();
  const idle: LookingThread[] = [];
  const retries = new Set<NodeJS.Timeout>();
  let isOpen = false;

  const add = (): Promise<LookerFacts> => {
    const thread = openLookingThread(options);
    threads.add(thread);
    let hasBegun = false;
    void thread.ended.then((reason) => {
      threads.delete(thread);
      const place = idle.indexOf(thread);
      if (place >= 0) idle.splice(place, 1);
      if (isOpen) replace(reason, hasBegun);
    });
    return thread.ready.then((facts) => {
      hasBegun = true;
      take(thread);
      return facts;
    });
  };

  const addAgain = (): void => {
    add().catch(() => undefined);
  };

  let others = size - 1;
  const beginOthers = (): void => {
    clearTimeout(othersTimer);
    for (; others > 0; others -= 1) addAgain();
  };

  const replace = (reason: Error, hasBegun: boolean): void => {
    onFault(new Error('A thread that looks at pictures ended; another begins.', { cause: reason }));
    if (hasBegun) {
      addAgain();
      return;
    }
    // It would fail again at once; and nobody shall wait for what may never come.
    if (threads.size === 0) wishes.splice(0).forEach(({ reject }) => reject(reason));
    const timer = setTimeout(() => {
      retries.delete(timer);
      addAgain();
    }, retryMs);
    retries.add(timer);
  };

  const take = (thread: LookingThread): void => {
    const wish = wishes.shift();
    if (!wish) {
      idle.push(thread);
      return;
    }
    const isOver = (): void => {
      if (thread.isAlive()) take(thread);
    };
    thread.look(wish.job()).then(wish.resolve, wish.reject).then(isOver, onFault);
  };

  const look = (job: () => Look): Promise<Seen> =>
    new Promise((resolve, reject) => {
      if (!isOpen) {
        reject(serviceErrors.stopping());
        return;
      }
      if (threads.size === 0) {
        reject(new Error('No thread could begin to look at pictures.'));
        return;
      }
      wishes.push({ job, resolve, reject });
      const thread = idle.shift();
      if (thread) take(thread);
      else beginOthers();
    });

  const rowsOf = async (picture: Uint8Array, views: readonly View[]): Promise<Float32Array[]> => {
    const seen = await look(() => ({ kind: 'features', picture: own(picture), views }));
    return seen.kind === 'features' ? [...seen.rows] : [];
  };

  const close = async (): Promise<void> => {
    isOpen = false;
    clearTimeout(othersTimer);
    retries.forEach((timer) => clearTimeout(timer));
    wishes.splice(0).forEach(({ reject }) => reject(serviceErrors.stopping()));
    await Promise.all([...threads].map((thread) => thread.close(closeTimeoutMs)));
  };

  const facts = await add();
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
      const seen = await look(() => ({ kind: 'propose', picture: own(picture) }));
      return seen.kind === 'proposals' ? [...seen.proposals] : [];
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
