import type { Reply } from '../../shared/contracts/refusal.ts';

/** The newest of what main has said, for as long as the window lives. */
export interface LatestStore<T> {
  /** Null before the first. */
  current(): T | null;
  subscribe(listener: () => void): () => void;
}

export interface LatestSource<T> {
  readonly listen: (listener: (value: T) => void) => unknown;
  /** What holds in main; null where there is nothing yet. */
  readonly fetch: () => Promise<Reply<T | null>>;
  /** What becomes of both; the same as `now` where the next one says nothing new. */
  readonly merge?: (now: T, next: T) => T;
}

/**
 * Listens first and fetches then, so that nothing is missed between the two; what was fetched is dropped
 * where something came meanwhile. A fetch that fails is tried `again` while there is nothing.
 */
export function createLatestStore<T>(
  { listen, fetch, merge = (_now, next) => next }: LatestSource<T>,
  later: (again: () => void) => void,
): LatestStore<T> {
  let latest: T | null = null;
  const listeners = new Set<() => void>();

  function take(value: T): void {
    const next = latest === null ? value : merge(latest, value);
    if (next === latest) return;
    latest = next;
    for (const listener of listeners) listener();
  }

  async function fetchFirst(): Promise<void> {
    const reply = await fetch().catch(() => null);
    if (latest !== null) return;
    if (reply?.ok !== true) later(() => void fetchFirst());
    else if (reply.value !== null) take(reply.value);
  }

  listen(take);
  void fetchFirst();

  return {
    current: () => latest,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls with what there is at once, then with each that comes, until the function returned is called. */
export function follow<T>(store: LatestStore<T>, listener: (value: T) => void): () => void {
  const tell = (): void => {
    const value = store.current();
    if (value !== null) listener(value);
  };
  tell();
  return store.subscribe(tell);
}
