import { appendFileSync, mkdirSync } from 'node:fs';
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LogFileOptions {
  /** A new file begins before one would become larger; 10 MB where it is not given. */
  readonly bytes?: number;
  /** The current one and those before it, `FILE.1`, `FILE.2`, …; five where it is not given. */
  readonly files?: number;
  /** Once for each time that nothing can be written any more. */
  readonly onTrouble: (error: unknown) => void;
  /** The line that says how many could not be written; it stands before the next one that is. */
  readonly lostLine: (count: number) => string;
}

interface WaitingLine {
  readonly text: string;
  readonly bytes: number;
  /** How many it tells of: more than one where it says that they were lost. */
  readonly lines: number;
}

export interface LogFile {
  /** Returns at once and never throws. */
  readonly write: (line: string) => void;
  /** Writes what waits in this thread, and a last line, for a process that ends at once. Never throws. */
  readonly writeRest: (last?: string) => void;
  /** Resolves when all is on its way to the disk, and at the latest after a second. */
  readonly close: () => Promise<void>;
}

/** What waits for a disk that does not answer. */
const waitingMostBytes = 1024 * 1024;
const closeTimeoutMs = 1_000;

/**
 * Appends lines to a file and begins a new one when it is full. The disk is another thread's work, so a
 * slow one holds up nobody; what still waits when the process exits is written then. What cannot be
 * written is lost: a log that fails must stop nothing.
 */
export function openLogFile(
  path: string,
  { bytes = 10 * 1024 * 1024, files = 5, onTrouble, lostLine }: LogFileOptions,
): LogFile {
  let waiting: WaitingLine[] = [];
  let waitingBytes = 0;
  let underWay: readonly WaitingLine[] = [];
  let lost = 0;
  let running: Promise<void> | null = null;
  /** Null where it has to be looked up. */
  let size: number | null = null;
  let isInTrouble = false;
  /** What failed may have left half a line. */
  let isLineOpen = false;

  const tellTrouble = (error: unknown): void => {
    if (!isInTrouble) onTrouble(error);
    isInTrouble = true;
  };

  const wait = (text: string, lines = 1): void => {
    const length = Buffer.byteLength(text);
    waiting.push({ text, bytes: length, lines });
    waitingBytes += length;
  };

  const tellLost = (): void => {
    if (lost > 0) wait(lostLine(lost), lost);
    lost = 0;
  };

  const append = async (): Promise<void> => {
    size ??= await sizeOf(path);
    if (size > 0 && size + (waiting[0]?.bytes ?? 0) > bytes) {
      // A file that cannot step aside grows on, and is tried again when as much has been added.
      await makeWay(path, files - 1).catch(tellTrouble);
      size = 0;
    }
    // As many as fit, and one in any case.
    let count = 0;
    let written = 0;
    for (const line of waiting) {
      if (count > 0 && size + written + line.bytes > bytes) break;
      count += 1;
      written += line.bytes;
    }
    underWay = waiting.splice(0, count);
    waitingBytes -= written;
    const text = textOf(underWay);
    await appendInFolder(path, isLineOpen ? `\n${text}` : text);
    size += written;
    isInTrouble = false;
    isLineOpen = false;
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after another, in their order.
        await append();
      } catch (error) {
        size = null;
        for (const { lines } of [...underWay, ...waiting]) lost += lines;
        waiting = [];
        waitingBytes = 0;
        isLineOpen = true;
        tellTrouble(error);
      }
      underWay = [];
    }
    running = null;
  };

  /** What is under way may be there twice then, which is better than not at all. */
  const writeRest = (last?: string): void => {
    tellLost();
    if (last !== undefined) wait(last);
    const rest = textOf([...underWay, ...waiting]);
    waiting = [];
    waitingBytes = 0;
    if (rest === '') return;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, rest, { mode: 0o600 });
    } catch (error) {
      tellTrouble(error);
    }
  };
  const onExit = (): void => writeRest();
  // Electron's main process does not always come to this: who ends it calls it as well.
  process.on('exit', onExit);

  return {
    writeRest,
    write: (line) => {
      if (waitingBytes + Buffer.byteLength(line) > waitingMostBytes) {
        lost += 1;
        return;
      }
      tellLost();
      wait(line);
      running ??= run();
    },
    close: async () => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeTimeoutMs);
      });
      await Promise.race([running, timeout]);
      clearTimeout(timer);
      if (running === null) process.off('exit', onExit);
    },
  };
}

function textOf(lines: readonly WaitingLine[]): string {
  return lines.map(({ text }) => text).join('');
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function appendInFolder(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text, { mode: 0o600 });
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, text, { mode: 0o600 });
  }
}

/**
 * The current file steps aside first, as `FILE.0`: where that fails, the older ones stay as they are.
 * A rotation that broke off is ended before the next one begins.
 */
async function makeWay(path: string, older: number): Promise<void> {
  await shift(path, older);
  await rename(path, `${path}.0`);
  await shift(path, older);
}

/** Makes `FILE.0` the newest of the older ones. Only where all places are taken the oldest goes. */
async function shift(path: string, older: number): Promise<void> {
  if (!(await exists(`${path}.0`))) return;
  let free = 1;
  // oxlint-disable-next-line no-await-in-loop -- the first gap.
  while (free < older && (await exists(`${path}.${free}`))) free += 1;
  for (let number = free - 1; number >= 0; number -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- each takes the place of the one before.
    await rename(`${path}.${number}`, `${path}.${number + 1}`);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
