import { z } from 'zod';

import { createProcessLog } from '../logging/process-log.ts';
import type { EngineMessage, EngineRequest } from '../shared/engine-messages.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { endWithThreads } from './process/left-threads.ts';
import { limits } from './domain/limits.ts';
import { defaultModelDir } from './process/model-dir.ts';
import { builtPageDir } from './process/page-dir.ts';

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: EngineMessage): void;
}

const startSchema = z.object({
  kind: z.literal('start'),
  dataDir: z.string().min(1),
  modelDir: z.string().min(1).exactOptional(),
  logFile: z.string().min(1).exactOptional(),
  port: z.int().min(0).max(65_535),
  host: z.string().min(1).exactOptional(),
  trainingKey: z.string().min(1).exactOptional(),
  predictionKey: z.string().min(1).exactOptional(),
  allowUrlFetch: z.boolean().exactOptional(),
  threads: z.int().min(1).max(64).exactOptional(),
}) satisfies z.ZodType<Extract<EngineRequest, { kind: 'start' }>>;

const stopSchema = z.object({ kind: z.literal('stop') }) satisfies z.ZodType<
  Extract<EngineRequest, { kind: 'stop' }>
>;

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (!parentPort) throw new Error('This entry is for a utility process of Electron.');
attend(parentPort);

// It has no terminal: what it prints is for what goes wrong outside the log.
const log = createProcessLog({
  print: () => undefined,
  complain: (line) => void process.stderr.write(line),
});

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
  const { kind: _, logFile, ...options } = parsed.data;
  if (logFile !== undefined) log.toFile(logFile);
  return startEngine({
    modelDir: defaultModelDir(import.meta.url),
    pageDir: builtPageDir(import.meta.url),
    ...options,
    onEvent: log.write,
    onFault: (error) => port.postMessage({ kind: 'fault', message: messageOf(error) }),
  });
}

async function stop(port: ParentPort, starting: Promise<Engine>): Promise<void> {
  try {
    const engine = await starting;
    try {
      await engine.close();
    } finally {
      await log.close();
      await endWithThreads(engine.threadsEnded(), limits.hangingThreadsMs);
    }
  } catch (error) {
    port.postMessage({ kind: 'fault', message: messageOf(error) });
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
