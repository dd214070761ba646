import { copyFileSync, existsSync, linkSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { release } from './connection.ts';
import type { Connection } from './connection.ts';
import { syncFile, syncFolder } from './files.ts';
import { damaged } from './ledger-fault.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerNotice } from './ledger.ts';
import { besideLedger } from './ledger-paths.ts';
import { placeNewLedger } from './new-ledger.ts';

/**
 * Puts a ledger of the older form (versions 1 and 2 of the file, table `event`) under another name
 * and a new one in its place, which goes on with its receipt numbers. Whenever the process ends in
 * between, `file` is one or the other, and the next start begins again. Throws LedgerError or what
 * SQLite and the file system throw; only for whoever has the lock.
 */
export function setAsideOldForm(file: string, atMs: number): LedgerNotice {
  const lastNumber = closeOldForm(file);
  const to = keepUnderAnotherName(file, atMs);
  placeNewLedger(file, { lastNumber, setAside: basename(to) }, atMs);
  return { kind: 'set-aside', file, to, lastNumber };
}

/** Leaves one file without a log, and says the last receipt number in it. */
function closeOldForm(file: string): number {
  const db = new Database(file);
  let lastNumber: number;
  try {
    lastNumber = lastNumberOf(db, file);
  } finally {
    release(db);
  }
  if (existsSync(`${file}-wal`)) {
    throw new LedgerError('unreachable', `The write-ahead log of ${file} cannot be taken in.`);
  }
  return lastNumber;
}

function lastNumberOf(db: Connection, file: string): number {
  const found = db.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string };
  if (found.quick_check !== 'ok') {
    throw new LedgerError('corrupt', damaged(file, found.quick_check));
  }
  const table = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'event'`);
  if (table.get() === undefined) throw new LedgerError('corrupt', damaged(file, 'it is no ledger'));
  // From the rows themselves: version 1 has no index of the numbers.
  const row = db
    .prepare('SELECT coalesce(max(receipt_number), 0) AS value FROM event NOT INDEXED')
    .get();
  return (row as { readonly value: number }).value;
}

function keepUnderAnotherName(file: string, atMs: number): string {
  const kept = nameAlreadyGiven(file);
  if (kept !== null) return kept;
  const to = freeName(file, new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z'));
  try {
    linkSync(file, to);
  } catch {
    // Some file systems have no links. What is copied in part must not pass for the whole.
    const part = `${to}.part`;
    copyFileSync(file, part);
    syncFile(part);
    renameSync(part, to);
  }
  syncFolder(dirname(file));
  return to;
}

function freeName(file: string, until: string): string {
  for (let count = 1; ; count++) {
    // Windows takes no colon.
    const stamp = until.replaceAll(':', '-') + (count === 1 ? '' : `-${count}`);
    const to = besideLedger(file, `-until-${stamp}.db`);
    if (!existsSync(to)) return to;
  }
}

/** By a start that ended before the new ledger was in place. */
function nameAlreadyGiven(file: string): string | null {
  const own = statSync(file, { bigint: true });
  if (own.nlink === 1n) return null;
  const start = basename(besideLedger(file, '-until-'));
  const isSame = (path: string): boolean => {
    const { dev, ino } = statSync(path, { bigint: true });
    return dev === own.dev && ino === own.ino;
  };
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(start));
  return names.map((name) => join(dirname(file), name)).find(isSame) ?? null;
}
