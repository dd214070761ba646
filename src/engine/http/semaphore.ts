export interface SemaphoreOptions {
  readonly running: number;
  readonly waiting: number;
}

export interface Semaphore {
  /** Where the signal aborts, a task that waits gives its place up and is never begun. */
  <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** How many wait for their turn. */
  readonly waiting: () => number;
}

/** Lets so many through at a time and so many wait; what finds no place is refused with `full`. */
export function createSemaphore(
  { running, waiting }: SemaphoreOptions,
  full: () => Error,
): Semaphore {
  let inside = 0;
  const queue: (() => void)[] = [];
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(enter), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(enter);
    });
  const enter = async <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted();
    if (inside < running) inside += 1;
    else if (queue.length >= waiting) throw full();
    // Whoever leaves hands its place on, so `inside` stays as it is.
    else await turn(signal);
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next) next();
      else inside -= 1;
    }
  };
  return Object.assign(enter, { waiting: () => queue.length });
}
