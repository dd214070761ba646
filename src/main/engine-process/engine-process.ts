import { utilityProcess } from 'electron';
import { z } from 'zod';
import type { CallReply } from '../../shared/calls/call-messages.ts';
import { createCalls } from '../../shared/calls/calls.ts';
import type { Calls } from '../../shared/calls/calls.ts';
import type { EngineAccess, EngineCalls, EngineFault } from '../../shared/engine-messages.ts';
import { keepAlive } from '../../shared/keep-alive.ts';
import type { Life } from '../../shared/keep-alive.ts';
import { systemTimers } from '../../shared/timers.ts';
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
  /** It did not start, it hangs, or it ended by itself; the next try is on its way. */
  readonly onDown: (message: string) => void;
  readonly timers?: Timers;
}

/** What a kiosk needs to know of its own engine. */
export type EngineReady = Omit<EngineAccess, 'trainingKey'>;

const id = z.int();

const engineReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id, response: z.unknown() }),
  z.object({ kind: z.literal('failed'), id, failure: z.object({ message: z.string() }) }),
  z.object({ kind: z.literal('progress'), id, progress: z.object({ message: z.string() }) }),
]) satisfies z.ZodType<CallReply<EngineFault>>;

const engineAccess = z.object({
  endpoint: z.url(),
  predictionKey: z.string().min(1),
  trainingKey: z.string().min(1),
  projects: z.array(
    z.object({ id: z.string(), name: z.string(), publishedNames: z.array(z.string()) }),
  ),
}) satisfies z.ZodType<EngineAccess>;

/** How long to wait before the first, second, … start after one that failed; the last stays. */
const restartMs = [1_000, 2_000, 5_000, 15_000, 60_000] as const;
/** An engine that has answered for this long is no longer held against the next one. */
const healthyAfterMs = 60_000;
/** For opening the largest folder that a kiosk may have. */
const startTimeoutMs = 300_000;
const askEveryMs = 10_000;
/** An engine that is silent for this long recognises nothing any more. */
const hangMs = 20_000;
const stopTimeoutMs = 3_000;

/** One process, until it ends. */
interface EngineChild {
  readonly utility: Electron.UtilityProcess;
  readonly calls: Calls<EngineCalls, EngineFault>;
  /** Whether it did not answer in time, which was told. */
  isHung: boolean;
}

/** Keeps the engine running in a process of its own until it is stopped. */
export function startEngineProcess(options: EngineProcessOptions): { stop: () => Promise<void> } {
  const { log, timers = systemTimers } = options;
  let child: EngineChild | null = null;
  let port = 0;

  const open = (life: Life): EngineChild => {
    const utility = utilityProcess.fork(options.entry, [], {
      serviceName: 'Freshlane engine',
      stdio: 'pipe',
    });
    for (const stream of [utility.stdout, utility.stderr]) {
      stream?.on('data', (chunk: Buffer) =>
        log.info('engine-said', { text: String(chunk).trim() }),
      );
    }
    const calls = createCalls<EngineCalls, EngineFault>({
      post: (message) => utility.postMessage(message),
      on: (receive) =>
        utility.on('message', (raw: unknown) => {
          const parsed = engineReply.safeParse(raw);
          if (parsed.success) receive(parsed.data);
          else log.warn('engine-message-refused');
        }),
      lateError: (_name, limitMs) =>
        new Error(`The engine did not answer within ${limitMs / 1000} seconds.`),
      onLate: ({ message }) => {
        opened.isHung = true;
        log.error('engine-hangs', { message });
        options.onDown(message);
        endHung(utility);
      },
      timers,
    });
    utility.on('exit', (code) => {
      child = null;
      calls.end(new Error(`The engine ended with ${code}.`));
      life.ended(code);
    });
    const opened: EngineChild = { utility, calls, isHung: false };
    return opened;
  };

  /** Resolves when the engine answers. */
  const run = async (life: Life): Promise<void> => {
    const current = open(life);
    child = current;
    const { utility, calls } = current;
    const onProgress = ({ message }: EngineFault): void => log.error('engine-fault', { message });
    calls.call('faults', undefined, { onProgress }).catch(() => undefined);
    const { dataFolder: dataDir, modelFolder: modelDir, logFile } = options;
    try {
      const asked = { dataDir, modelDir, logFile, port };
      const given = await calls.call('start', asked, { deadlineMs: startTimeoutMs });
      const access = engineAccess.parse(given);
      port = Number(new URL(access.endpoint).port);
      options.onReady(readyOf(access));
    } catch (error) {
      // Its port may be another program's by now.
      if (!calls.isEnded()) port = 0;
      if (!calls.isEnded() && !current.isHung) {
        const message = error instanceof Error ? error.message : String(error);
        log.error('engine-failed', { message });
        options.onDown(message);
        utility.kill();
      }
      // That ends the life.
      throw await calls.ended;
    }
    watchForHang(calls, timers);
  };

  const keeper = keepAlive({
    start: run,
    backoffMs: restartMs,
    healthyAfterMs,
    onEnded: (code, { againInMs }) => {
      log.error('engine-ended', { code, againInMs });
      options.onDown(`The engine ended with ${code}.`);
    },
    timers,
  });

  return {
    stop: async () => {
      keeper.stop();
      if (child === null) return;
      const { utility, calls } = child;
      const cancel = timers.schedule(stopTimeoutMs, () => endHung(utility));
      // It ends instead of an answer.
      calls.call('stop').catch(() => undefined);
      await calls.ended;
      cancel();
    },
  };
}

/** Asks again and again whether it is there; an answer that is late ends it. */
function watchForHang(calls: Calls<EngineCalls, EngineFault>, timers: Timers): void {
  timers.schedule(askEveryMs, () => {
    calls.call('alive', undefined, { deadlineMs: hangMs }).then(
      () => watchForHang(calls, timers),
      () => undefined,
    );
  });
}

/** A process that was stopped, or is busy without end, heeds no gentler signal. */
function endHung(engine: Electron.UtilityProcess): void {
  if (engine.pid === undefined) {
    engine.kill();
    return;
  }
  try {
    process.kill(engine.pid, 'SIGKILL');
  } catch {
    // It has ended by itself, and says so in a moment.
  }
}

/** A kiosk trains nothing, so it keeps no key to do so. */
function readyOf({ endpoint, predictionKey, projects }: EngineAccess): EngineReady {
  return { endpoint, predictionKey, projects };
}
