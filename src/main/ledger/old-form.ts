import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { release } from './connection.ts';
import type { Connection } from './connection.ts';
import { syncFile, syncFolder } from './files.ts';
import { damaged } from './ledger-fault.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerBegun, LedgerNotice } from './ledger.ts';
import { besideLedger } from './ledger-paths.ts';
import { placeNewLedger } from './new-ledger.ts';
import { beforeAll, readable } from './stored-row.ts';
import type { Link, StoredRow } from './stored-row.ts';

/** A row of the table `event`. */
type OldRow = Omit<StoredRow, 'version'>;

/** As `columnsRead`, of a table that has no versions. */
const columns = [
  ...['seq', 'at_ms', 'at_rest', 'receipt_number'],
  ...['kind', 'sale_id', 'body', 'previous_hash', 'hash'].map(
    (name) => `CAST(${name} AS BLOB) AS ${name}`,
  ),
].join(', ');

/** Rows that are in memory at a time. */
const pageRows = 1000;

/**
 * Puts a ledger of the older form (versions 1 and 2 of the file, table `event`) under another name
 * and a new one in its place, which goes on with its receipt numbers and begins with what was amiss
 * in the old one's chain: whatever that is, nobody can go on with the old form. Whenever the process ends in
 * between, `file` is one or the other, and the next start begins again. Throws LedgerError or what
 * SQLite and the file system throw; only for whoever has the lock.
 */
export function setAsideOldForm(file: string, atMs: number): LedgerNotice {
  const last = closeOldForm(file);
  const to = keepUnderAnotherName(file, atMs);
  placeNewLedger(file, { ...last, setAside: basename(to) }, atMs);
  return { kind: 'set-aside', file, to, ...last };
}

type LastOfOldForm = Pick<LedgerBegun, 'lastNumber' | 'setAsideFinding'>;

/** Leaves one file without a log, and says what the next ledger has to know of it. */
function closeOldForm(file: string): LastOfOldForm {
  const db = new Database(file);
  let last: LastOfOldForm;
  try {
    last = { lastNumber: lastNumberOf(db, file), setAsideFinding: findingOf(db) };
  } finally {
    release(db);
  }
  if (existsSync(`${file}-wal`)) {
    throw new LedgerError('unreachable', `The write-ahead log of ${file} cannot be taken in.`);
  }
  return last;
}

/** The first row that does not fit the one before; it has no head that could say more. */
function findingOf(db: Connection): string | null {
  const page = db.prepare(
    `SELECT ${columns} FROM event WHERE seq > ? ORDER BY seq LIMIT ${pageRows}`,
  );
  let last: Link = beforeAll;
  for (;;) {
    const rows = page.all(last.seq) as readonly Readonly<Record<string, unknown>>[];
    if (rows.length === 0) return null;
    for (const row of rows.map((read): OldRow => readable(read))) {
      const next = last.seq + 1;
      if (row.seq !== next) return `Rows ${next} to ${row.seq - 1} are missing.`;
      if (row.previous_hash !== last.hash) {
        return `Row ${row.seq} does not follow the row before it.`;
      }
      if (row.hash !== hashOf(row)) return `Row ${row.seq} was changed.`;
      last = row;
    }
  }
}

/** As the app of that form made it: as `rowHash` does, but for the version that rows did not have. */
function hashOf(row: OldRow): string {
  const { previous_hash, seq, kind, at_ms, sale_id, at_rest, receipt_number, body } = row;
  const parts = [previous_hash, seq, kind, at_ms, sale_id, at_rest === 1, receipt_number, body];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
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
