/** Threads that did not end when they were told to. */
export interface LeftThreads {
  readonly add: (exited: Promise<unknown>) => void;
  /** Resolves when all of them have ended after all. */
  readonly ended: () => Promise<void>;
}

export function createLeftThreads(): LeftThreads {
  const left = new Set<Promise<unknown>>();
  return {
    add(exited) {
      left.add(exited);
      void exited.then(() => left.delete(exited));
    },
    async ended() {
      await Promise.all(left);
    },
  };
}

/**
 * Waits until the process may end. An exit terminates each thread and waits for it: one that is
 * inside ONNX Runtime aborts the process when it comes out, and one that hangs there keeps it for
 * ever. After the time the process is killed, which says by its status that something hung.
 */
export async function endWithThreads(
  ended: Promise<void>,
  timeoutMs: number,
  kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
): Promise<void> {
  const deadline = setTimeout(kill, timeoutMs);
  await ended;
  clearTimeout(deadline);
}
