import { utilityProcess } from 'electron';
import { z } from 'zod';
import type { EngineAccess, EngineMessage, EngineRequest } from '../../shared/engine-messages.ts';
import { keepAlive } from '../../shared/keep-alive.ts';
import type { Life } from '../../shared/keep-alive.ts';
import type { Timers } from '../../shared/timers.ts';
import type { Log } from '../../shared/log.ts';

export interface EngineProcessOptions {
  /** The bundled entry of the engine's utility process. */
  readonly entry: string;
  readonly dataFolder: string;
  readonly modelFolder: string;
  /** Where it writes its own log. */
  readonly logFile: string;
  readonly log: Log;
  /** Each time it answers; the endpoint is the same as before where its port is still free. */
  readonly onReady: (ready: EngineReady) => void;
  /** It did not start, or it ended by itself; the next try is on its way. */
  readonly onDown: (message: string) => void;
  readonly timers?: Timers;
}

/** What a kiosk needs to know of its own engine. */
export type EngineReady = Omit<EngineAccess, 'trainingKey'>;

const engineMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    endpoint: z.url(),
    predictionKey: z.string().min(1),
    trainingKey: z.string().min(1),
    projects: z.array(
      z.object({ id: z.string(), name: z.string(), publishedNames: z.array(z.string()) }),
    ),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('fault'), message: z.string() }),
]) satisfies z.ZodType<EngineMessage>;

/** How long to wait before the first, second, … start after one that failed; the last stays. */
const restartMs = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
/** An engine that has answered for this long is no longer held against the next one. */
const healthyAfterMs = 60_000;
const stopTimeoutMs = 3_000;

/** Keeps the engine running in a process of its own until it is stopped. */
export function startEngineProcess(options: EngineProcessOptions): { stop: () => Promise<void> } {
  const { log } = options;
  let child: Electron.UtilityProcess | null = null;
  let port = 0;

  /** Resolves when the engine answers. */
  const run = (life: Life): Promise<void> =>
    new Promise((resolve) => {
      const current = utilityProcess.fork(options.entry, [], {
        serviceName: 'Freshlane engine',
        stdio: 'pipe',
      });
      child = current;
      for (const stream of [current.stdout, current.stderr]) {
        stream?.on('data', (chunk: Buffer) =>
          log.info('engine-said', { text: String(chunk).trim() }),
        );
      }
      current.on('message', (raw: unknown) => {
        const parsed = engineMessage.safeParse(raw);
        if (!parsed.success) {
          log.warn('engine-message-refused');
          return;
        }
        const message = parsed.data;
        switch (message.kind) {
          case 'ready':
            port = Number(new URL(message.endpoint).port);
            resolve();
            options.onReady(readyOf(message));
            return;
          case 'failed':
            log.error('engine-failed', { message: message.message });
            options.onDown(message.message);
            // Its port may be another program's by now.
            port = 0;
            current.kill();
            return;
          case 'fault':
            log.error('engine-fault', { message: message.message });
        }
      });
      current.on('exit', (code) => {
        child = null;
        life.ended(code);
      });
      tell(current, {
        kind: 'start',
        dataDir: options.dataFolder,
        modelDir: options.modelFolder,
        logFile: options.logFile,
        port,
      });
    });
  const keeper = keepAlive({
    start: run,
    backoffMs: restartMs,
    healthyAfterMs,
    onEnded: (code, { againInMs }) => {
      log.error('engine-ended', { code, againInMs });
      options.onDown(`The engine ended with ${code}.`);
    },
    ...(options.timers && { timers: options.timers }),
  });

  return {
    stop: () => {
      keeper.stop();
      const running = child;
      if (running === null) return Promise.resolve();
      return new Promise((done) => {
        const timer = setTimeout(() => running.kill(), stopTimeoutMs);
        running.once('exit', () => {
          clearTimeout(timer);
          done();
        });
        tell(running, { kind: 'stop' });
      });
    },
  };
}

function tell(engine: Electron.UtilityProcess, request: EngineRequest): void {
  engine.postMessage(request);
}

/** A kiosk trains nothing, so it keeps no key to do so. */
function readyOf({ endpoint, predictionKey, projects }: EngineAccess): EngineReady {
  return { endpoint, predictionKey, projects };
}
