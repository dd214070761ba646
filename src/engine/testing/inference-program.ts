import { BroadcastChannel } from 'node:worker_threads';

/** What the last byte of a picture tells a inference program to do. */
export const told = { look: 0, end: 1, hang: 2, wait: 3 } as const;

const begunSuffix = '-begun';

export interface InferenceProgramOptions {
  readonly backboneId?: string;
  readonly featureCount?: number;
}

/**
 * A program for inference threads that has no model. A row has the picture's first byte and the turn
 * of the view. It cannot begin where `detectorDir` is not there.
 */
export function inferenceProgram({
  backboneId = 'test',
  featureCount = 2,
}: InferenceProgramOptions = {}): URL {
  const source = `
    import { existsSync } from 'node:fs';
    import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
    if (!existsSync(workerData.detectorDir)) throw new Error('There is no folder.');
    const begun = new BroadcastChannel(workerData.modelDir + '${begunSuffix}');
    begun.postMessage('begun');
    begun.close();
    const allowed = (channel) => new Promise((resolve) => {
      channel.onmessage = resolve;
      channel.postMessage('waiting');
    });
    parentPort.on('message', async ({ id, name, argument }) => {
      if (name === 'close') return parentPort.close();
      const done = (response) => parentPort.postMessage({ kind: 'done', id, response });
      if (name === 'open') {
        return done({
          backboneId: ${JSON.stringify(backboneId)},
          featureCount: ${featureCount},
          proposes: false,
        });
      }
      const { picture, views } = argument;
      const order = picture.at(-1);
      if (order === ${told.end}) process.exit();
      if (order === ${told.hang}) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      if (order === ${told.wait}) {
        const channel = new BroadcastChannel(workerData.modelDir);
        await allowed(channel);
        channel.close();
      }
      const rows = views.map(({ turnDegrees = 0 }) => {
        const row = new Float32Array(${featureCount});
        row.set([picture[0], turnDegrees]);
        return row;
      });
      done({ kind: 'features', rows });
    });`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Resolves when so many threads whose `modelDir` is the name have begun; ask before they do. */
export function threadsBegun(modelDir: string, count: number): Promise<void> {
  const channel = new BroadcastChannel(modelDir + begunSuffix);
  let begun = 0;
  return new Promise((resolve) => {
    channel.onmessage = () => {
      begun += 1;
      if (begun < count) return;
      channel.close();
      resolve();
    };
  });
}

export interface Waiters {
  /** Resolves when so many more pictures are waiting. */
  readonly arrived: (count: number) => Promise<void>;
  readonly letGo: () => void;
  readonly close: () => void;
}

/** Those pictures that were told to wait, in threads whose `modelDir` is the name. */
export function waitersOf(modelDir: string): Waiters {
  const channel = new BroadcastChannel(modelDir);
  let waiting = 0;
  let onArrival = (): void => undefined;
  channel.onmessage = () => {
    waiting += 1;
    onArrival();
  };
  return {
    arrived: (count) =>
      new Promise((resolve) => {
        onArrival = () => {
          if (waiting < count) return;
          waiting -= count;
          resolve();
        };
        onArrival();
      }),
    letGo: () => channel.postMessage('go on'),
    close: () => channel.close(),
  };
}
