import { z } from 'zod';

import { createProcessLog } from '../logging/process-log.ts';
import type { CallMessage, CallReply } from '../shared/calls/call-messages.ts';
import { serveCalls } from '../shared/calls/serve-calls.ts';
import type { EngineCalls, EngineFault, EngineStart } from '../shared/engine-messages.ts';
import { messageText } from '../shared/error-text.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { endWithThreads } from './process/left-threads.ts';
import { limits } from './domain/limits.ts';
import { defaultModelDir } from './process/model-dir.ts';
import { builtPageDir } from './process/page-dir.ts';

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: CallReply<EngineFault>): void;
}

const startSchema = z.object({
  dataDir: z.string().min(1),
  modelDir: z.string().min(1).exactOptional(),
  logFile: z.string().min(1).exactOptional(),
  port: z.int().min(0).max(65_535),
  host: z.string().min(1).exactOptional(),
  trainingKey: z.string().min(1).exactOptional(),
  predictionKey: z.string().min(1).exactOptional(),
  allowUrlFetch: z.boolean().exactOptional(),
  threads: z.int().min(1).max(64).exactOptional(),
}) satisfies z.ZodType<EngineStart>;

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (!parentPort) throw new Error('This entry is for a utility process of Electron.');
attend(parentPort);

// It has no terminal: what it prints is for what goes wrong outside the log.
const log = createProcessLog({
  print: () => undefined,
  complain: (line) => void process.stderr.write(line),
});

type TellFault = (fault: EngineFault) => void;

function attend(port: ParentPort): void {
  let starting: Promise<Engine> | undefined;
  let tellFault: TellFault = () => undefined;
  const onFault = (error: unknown): void => tellFault({ message: messageText(error) });
  serveCalls<EngineCalls, EngineFault>({
    post: (reply) => port.postMessage(reply),
    on: (receive) => port.on('message', ({ data }) => receive(data as CallMessage<EngineCalls>)),
    handlers: {
      start: async (options) => {
        if (starting) throw new Error('It has been started already.');
        starting = start(options, onFault);
        try {
          const { endpoint, predictionKey, trainingKey, projects } = await starting;
          return { endpoint, predictionKey, trainingKey, projects };
        } catch (error) {
          process.exitCode = 1;
          throw error;
        }
      },
      alive: () => null,
      faults: (_none, tell) => {
        tellFault = tell;
        return new Promise<null>(() => undefined);
      },
      stop: async () => {
        await stop(starting, onFault);
        return null;
      },
    },
  });
}

async function start(asked: EngineStart, onFault: (error: unknown) => void): Promise<Engine> {
  const parsed = startSchema.safeParse(asked);
  if (!parsed.success) throw new Error(`Bad options: ${z.prettifyError(parsed.error)}`);
  const { logFile, ...options } = parsed.data;
  if (logFile !== undefined) log.toFile(logFile);
  return startEngine({
    modelDir: defaultModelDir(import.meta.url),
    pageDir: builtPageDir(import.meta.url),
    ...options,
    onEvent: log.write,
    onFault,
  });
}

async function stop(
  starting: Promise<Engine> | undefined,
  onFault: (error: unknown) => void,
): Promise<void> {
  try {
    const engine = await starting;
    try {
      await engine?.close();
    } finally {
      await log.close();
      if (engine) await endWithThreads(engine.threadsEnded(), limits.hangingThreadsMs);
    }
  } catch (error) {
    onFault(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}
