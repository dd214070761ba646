import { availableParallelism } from 'node:os';

import { parseCommand, usage, UsageError } from './cli-options.ts';
import type { ServeCommand, TrainCommand } from './cli-options.ts';
import { startEngine } from './engine.ts';
import { defaultModelDir } from './model-dir.ts';
import { builtPageDir } from './page-dir.ts';
import { trainFromFolders } from './train-from-folders.ts';
import type { TrainingProgress } from './train-from-folders.ts';

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.kind === 'help') process.stdout.write(usage);
    else if (command.kind === 'serve') await serve(command);
    else await train(command);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`\n${usage}`);
    return 2;
  }
}

async function serve({ kind: _, ...options }: ServeCommand): Promise<void> {
  const engine = await startEngine({
    modelDir: defaultModelDir(import.meta.url),
    pageDir: builtPageDir(import.meta.url),
    ...options,
    onFault: (error) => process.stderr.write(`${describe(error)}\n`),
  });
  const { close, ...ready } = engine;
  writeLine({ kind: 'ready', ...ready });
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await close();
}

async function train({ kind: _, ...options }: TrainCommand): Promise<void> {
  const result = await trainFromFolders({
    modelDir: defaultModelDir(import.meta.url),
    threads: availableParallelism(),
    ...options,
    onProgress: createProgressLines(),
  });
  writeLine({ kind: 'trained', ...result });
}

const stages = {
  reading: 'Reading photos',
  looking: 'Looking at photos',
  fitting: 'Training',
} as const;

/** A line on stderr for each tenth of a stage, so that it reads well in a log too. */
function createProgressLines(): (progress: TrainingProgress) => void {
  let last = '';
  return (progress) => {
    if (progress.kind === 'skipped') {
      process.stderr.write(`Skipped ${progress.file}: ${progress.reason}\n`);
      return;
    }
    const { kind, done, of } = progress;
    const tenths = of > 0 ? Math.floor((done / of) * 10) * 10 : 100;
    const line = `${stages[kind]}: ${tenths}%`;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
}

function writeLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

process.exitCode = await main(process.argv.slice(2));
