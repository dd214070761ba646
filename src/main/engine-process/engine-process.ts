import { utilityProcess } from 'electron';
import { z } from 'zod';

export interface EngineOptions {
  /** The bundled entry of the engine's utility process. */
  readonly entry: string;
  readonly dataFolder: string;
  readonly modelFolder: string;
}

/** What a kiosk needs to know of its own engine. */
export interface EngineReady {
  readonly endpoint: string;
  readonly predictionKey: string;
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly publishedNames: readonly string[];
  }[];
}

const readyMessage = z.object({
  kind: z.literal('ready'),
  endpoint: z.url(),
  predictionKey: z.string().min(1),
  projects: z.array(
    z.object({ id: z.string(), name: z.string(), publishedNames: z.array(z.string()) }),
  ),
});

const failedMessage = z.object({ kind: z.literal('failed'), message: z.string() });

const restartDelayMs = 1_000;
const stopTimeoutMs = 3_000;

/**
 * Keeps the engine running in a process of its own. The first `ready` resolves; when the process
 * dies it is started again on the same port, so that whoever holds the endpoint can go on.
 */
export function startEngineProcess(
  options: EngineOptions,
  log: (event: string, details: Record<string, unknown>) => void,
): { ready: Promise<EngineReady>; stop: () => Promise<void> } {
  let child: Electron.UtilityProcess | null = null;
  let stopping = false;
  let port = 0;
  let restart: NodeJS.Timeout | null = null;
  const { promise: ready, resolve, reject } = withResolvers<EngineReady>();

  const run = (): void => {
    const current = utilityProcess.fork(options.entry, [], {
      serviceName: 'Freshlane engine',
      stdio: 'pipe',
    });
    child = current;
    current.stderr?.on('data', (chunk: Buffer) => log('engine-said', { text: String(chunk) }));
    current.stdout?.on('data', (chunk: Buffer) => log('engine-said', { text: String(chunk) }));
    current.on('message', (message: unknown) => {
      const parsed = readyMessage.safeParse(message);
      if (parsed.success) {
        port = Number(new URL(parsed.data.endpoint).port);
        resolve(parsed.data);
        return;
      }
      const failed = failedMessage.safeParse(message);
      if (failed.success) {
        log('engine-failed', { message: failed.data.message });
        reject(new Error(failed.data.message));
      }
    });
    current.on('exit', (code) => {
      child = null;
      if (stopping) return;
      log('engine-ended', { code });
      restart = setTimeout(run, restartDelayMs);
    });
    current.postMessage({
      kind: 'start',
      dataDir: options.dataFolder,
      modelDir: options.modelFolder,
      port,
    });
  };
  run();
  // Whoever awaits `ready` sees the failure; that nobody does so at once is no fault.
  ready.catch(() => undefined);

  return {
    ready,
    stop: () => {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      const running = child;
      if (running === null) return Promise.resolve();
      return new Promise((done) => {
        const timer = setTimeout(() => running.kill(), stopTimeoutMs);
        running.once('exit', () => {
          clearTimeout(timer);
          done();
        });
        running.postMessage({ kind: 'stop' });
      });
    },
  };
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  // Promise.withResolvers is missing in Node 20.
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
