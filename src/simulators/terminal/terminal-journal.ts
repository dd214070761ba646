import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const journalLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('asked'),
    intentId: z.string(),
    amountMinor: z.number(),
    currency: z.string(),
    behaviour: z.enum(['approve', 'decline', 'slow', 'no-answer']),
    /** When the customer has dealt with the card, in ms of Date.now(). */
    dueAtMs: z.number(),
  }),
  z.object({
    kind: z.literal('ended'),
    intentId: z.string(),
    outcome: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('approved'), tender: z.string(), reference: z.string() }),
      z.object({ kind: z.literal('declined') }),
      z.object({ kind: z.literal('cancelled') }),
    ]),
  }),
]);

export type JournalLine = z.infer<typeof journalLine>;

/** What a terminal remembers, one JSON object a line, whatever becomes of the app. */
export interface TerminalJournal {
  /** What was there when it was opened. */
  readonly lines: readonly JournalLine[];
  /** Resolves when the line is safe on disk. */
  write(line: JournalLine): Promise<void>;
  /** Resolves when everything is that was to be written so far. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal that grows by two lines a payment and is cut to what `keep` leaves once it has
 * more than `mostLines`. Rejects with file and line where a whole line is not of its kind.
 */
export async function openTerminalJournal(
  path: string,
  { mostLines, keep }: JournalLimit,
): Promise<TerminalJournal> {
  await mkdir(dirname(path), { recursive: true });
  const { lines: all, wholeBytes } = await readLines(path);
  const lines = all.length > mostLines ? keep(all) : all;
  if (lines !== all) await replace(path, lines);
  const file = await open(path, 'a');
  // Half a line is what a kill left of a write: nobody was told of it, so it did not happen.
  if (lines === all) await file.truncate(wholeBytes);

  let writing: Promise<unknown> = Promise.resolve();
  return {
    lines,
    write: (line) => {
      const written = writing.then(async () => {
        await file.appendFile(toText([line]));
        await file.datasync();
      });
      writing = written.catch(() => undefined);
      return written;
    },
    written: async () => {
      await writing;
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

export interface JournalLimit {
  readonly mostLines: number;
  readonly keep: (lines: readonly JournalLine[]) => readonly JournalLine[];
}

function toText(lines: readonly JournalLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The old journal or the new one, whenever the power goes; never half of one. */
async function replace(path: string, lines: readonly JournalLine[]): Promise<void> {
  const next = `${path}.new`;
  await writeFile(next, toText(lines), { flush: true });
  await rename(next, path);
  // Windows knows no sync of a folder.
  if (process.platform === 'win32') return;
  const folder: FileHandle = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
}

async function readLines(
  path: string,
): Promise<{ readonly lines: readonly JournalLine[]; readonly wholeBytes: number }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { lines: [], wholeBytes: 0 };
    }
    throw error;
  }
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  const texts = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  return { lines: texts.map((text, index) => parseLine(text, path, index + 1)), wholeBytes };
}

function parseLine(text: string, path: string, number: number): JournalLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${path}, line ${number}: torn or altered, this is no JSON`);
  }
  const parsed = journalLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${path}, line ${number}: no line of a terminal's journal, ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
