import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { createProcessLog, printerTo } from '../logging/process-log.ts';
import { backUp } from './store/backup.ts';
import { parseCommand, usage, UsageError } from './cli/cli-options.ts';
import type {
  ExportCommand,
  ImportCommand,
  ImportFileCommand,
  ServeCommand,
  TrainCommand,
} from './cli/cli-options.ts';
import { startEngine } from './engine.ts';
import { exportToFile } from './export/export-to-file.ts';
import { importFromFile } from './import/import-from-file.ts';
import { importFromService } from './import/import-from-service.ts';
import { createImportLines, importSummary } from './import/import-lines.ts';
import { readKey } from './http/key-source.ts';
import { endWithThreads } from './process/left-threads.ts';
import { limits } from './domain/limits.ts';
import { defaultModelDir } from './process/model-dir.ts';
import { builtPageDir } from './process/page-dir.ts';
import { makeDataFolder } from './store/database.ts';
import { lockDataFolder } from './store/data-lock.ts';
import type { FolderUser } from './store/data-lock.ts';
import { trainFromFolders } from './training/train-from-folders.ts';
import type { TrainingProgress } from './training/train-from-folders.ts';

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(args, process.env);
    if (command.kind === 'help') process.stdout.write(usage);
    else if (command.kind === 'serve') await serve(command);
    else if (command.kind === 'train') await alone(command.dataDir, 'train', () => train(command));
    else if (command.kind === 'import')
      await alone(command.dataDir, 'import', () => importProject(command));
    else if (command.kind === 'import-file')
      await alone(command.dataDir, 'import', () => importFile(command));
    else if (command.kind === 'backup') {
      const { dataDir, to } = command;
      writeLine({ kind: 'backed-up', ...(await backUp({ dataDir, to })) });
    } else await exportFile(command);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`\n${usage}`);
    return 2;
  }
}

/** Does what writes to a data folder while nobody else does. @throws StoreError */
async function alone(dataDir: string, user: FolderUser, work: () => Promise<void>): Promise<void> {
  makeDataFolder(dataDir);
  const release = await lockDataFolder(dataDir, user);
  try {
    await work();
  } finally {
    release();
  }
}

async function serve(command: ServeCommand): Promise<void> {
  const { kind: _, logFile, predictionKey: source, trainingKey: other, ...options } = command;
  const toStderr = printerTo(process.stderr);
  const log = createProcessLog({
    print: logFile === undefined ? toStderr : () => undefined,
    complain: toStderr,
  });
  // A wrong path is told at the start.
  if (logFile !== undefined) appendFileSync(logFile, '', { mode: 0o600 });
  log.toFile(logFile ?? join(options.dataDir, 'logs', 'engine.log'));
  const engine = await startEngine({
    modelDir: defaultModelDir(import.meta.url),
    pageDir: builtPageDir(import.meta.url),
    ...options,
    ...(source && { predictionKey: readKey(source) }),
    ...(other && { trainingKey: readKey(other) }),
    onEvent: log.write,
  });
  const { endpoint, predictionKey, trainingKey, projects } = engine;
  // Who reads that it is ready may send a signal at once.
  const stopped = stopSignal();
  if (process.platform !== 'win32') process.on('SIGHUP', engine.reloadCertificate);
  // For whoever started it, a program or a person: all that a client needs. The log has no keys.
  writeLine({ kind: 'ready', endpoint, predictionKey, trainingKey, projects });
  await stopped;
  try {
    await engine.close();
  } finally {
    await log.close();
    await endWithThreads(engine.threadsEnded(), limits.hangingThreadsMs);
  }
}

/**
 * The first signal that asks to end. A second one ends the process as the system does it, at once:
 * whoever sends it has waited enough, and to exit while a thread is inside ONNX Runtime aborts.
 */
async function stopSignal(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
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

async function importProject({ kind: _, trainingKey, ...options }: ImportCommand): Promise<void> {
  const result = await importFromService({
    modelDir: defaultModelDir(import.meta.url),
    threads: availableParallelism(),
    ...options,
    trainingKey: readKey(trainingKey),
    onProgress: createImportLines((line) => process.stderr.write(line)),
  });
  process.stderr.write(importSummary(result));
  writeLine({ kind: 'imported', ...result });
}

async function importFile({ kind: _, ...options }: ImportFileCommand): Promise<void> {
  const onProgress = createImportLines((line) => process.stderr.write(line));
  writeLine({ kind: 'imported', ...(await importFromFile({ ...options, onProgress })) });
}

async function exportFile({ kind: _, ...options }: ExportCommand): Promise<void> {
  const onProgress = createImportLines((line) => process.stderr.write(line));
  writeLine({ kind: 'exported', ...(await exportToFile({ ...options, onProgress })) });
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

process.exitCode = await main(process.argv.slice(2));
