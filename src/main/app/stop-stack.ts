/** What has to be stopped, the last started first. */
export interface StopStack {
  readonly push: (what: string, stop: () => unknown) => void;
  /** Stops all, whatever of it throws; once, however often it is called. Never rejects. */
  readonly stopAll: () => Promise<void>;
}

/** `failed` is told what could not be stopped; the rest is stopped all the same. */
export function createStopStack(failed: (what: string, error: unknown) => void): StopStack {
  const started: { readonly what: string; readonly stop: () => unknown }[] = [];
  let stopping: Promise<void> | null = null;

  const emptied = async (): Promise<void> => {
    for (let last = started.pop(); last !== undefined; last = started.pop()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- what was started first may serve the rest.
        await last.stop();
      } catch (error) {
        failed(last.what, error);
      }
    }
  };

  return {
    push: (what, stop) => {
      if (stopping === null) {
        started.push({ what, stop });
        return;
      }
      // It came up while all went down.
      stopping = stopping
        .then(async () => stop())
        .then(
          () => undefined,
          (error: unknown) => failed(what, error),
        );
    },
    stopAll: () => (stopping ??= emptied()),
  };
}
