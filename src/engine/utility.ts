import { z } from 'zod';

import { startEngine } from './engine.ts';
import type { Engine, EngineReady } from './engine.ts';
import { endWithThreads } from './process/left-threads.ts';
import { limits } from './domain/limits.ts';
import { defaultModelDir } from './process/model-dir.ts';
import { builtPageDir } from './process/page-dir.ts';

/** What the engine's process tells its parent. */
export type UtilityMessage =
  | ({ readonly kind: 'ready' } & EngineReady)
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string };

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: UtilityMessage): void;
}

const startSchema = z.object({
  dataDir: z.string().min(1),
  modelDir: z.string().min(1).optional(),
  port: z.int().min(0).max(65_535),
  host: z.string().min(1).optional(),
  trainingKey: z.string().min(1).optional(),
  predictionKey: z.string().min(1).optional(),
  allowUrlFetch: z.boolean().optional(),
  threads: z.int().min(1).max(64).optional(),
});

const stopSchema = z.object({ kind: z.literal('stop') });

/** The first message to the process: the engine's options. */
export type UtilityStart = z.infer<typeof startSchema>;

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (!parentPort) throw new Error('This entry is for a utility process of Electron.');
attend(parentPort);

function attend(port: ParentPort): void {
  let starting: Promise<Engine> | undefined;
  port.on('message', ({ data }) => {
    if (starting) {
      if (stopSchema.safeParse(data).success) void stop(port, starting);
      return;
    }
    starting = start(port, data);
    starting.then(
      ({ endpoint, predictionKey, trainingKey, projects }) =>
        port.postMessage({ kind: 'ready', endpoint, predictionKey, trainingKey, projects }),
      (error: unknown) => {
        port.postMessage({ kind: 'failed', message: messageOf(error) });
        process.exitCode = 1;
      },
    );
  });
}

async function start(port: ParentPort, data: unknown): Promise<Engine> {
  const parsed = startSchema.safeParse(data);
  if (!parsed.success) throw new Error(`Bad options: ${z.prettifyError(parsed.error)}`);
  return startEngine({
    modelDir: defaultModelDir(import.meta.url),
    pageDir: builtPageDir(import.meta.url),
    ...definedOnly(parsed.data),
    onFault: (error) => port.postMessage({ kind: 'fault', message: messageOf(error) }),
  });
}

async function stop(port: ParentPort, starting: Promise<Engine>): Promise<void> {
  try {
    const engine = await starting;
    try {
      await engine.close();
    } finally {
      await endWithThreads(engine.threadsEnded(), limits.hangingThreadsMs);
    }
  } catch (error) {
    port.postMessage({ kind: 'fault', message: messageOf(error) });
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

// A parsed optional may be there and undefined; the engine's options are there or not.
function definedOnly<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
