export interface SemaphoreOptions {
  readonly running: number;
  readonly waiting: number;
}

export interface Semaphore {
  <T>(task: () => Promise<T>): Promise<T>;
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
  const enter = async <T>(task: () => Promise<T>): Promise<T> => {
    if (inside < running) inside += 1;
    else if (queue.length >= waiting) throw full();
    // Whoever leaves hands its place on, so `inside` stays as it is.
    else await new Promise<void>((enter) => queue.push(enter));
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
