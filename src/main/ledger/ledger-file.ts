import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { firstHash } from './chain.ts';
import { applicationId, migrate, numberPragma, release } from './connection.ts';
import type { Connection } from './connection.ts';
import { damaged, ledgerErrorFrom } from './ledger-fault.ts';
import { lockLedger } from './ledger-lock.ts';
import { LedgerError, ledgerBegunKind, requireEntries } from './ledger.ts';
import type {
  LedgerBegun,
  LedgerEntry,
  LedgerNotice,
  LedgerRow,
  OpenTail,
  Verification,
} from './ledger.ts';
import { firstVersion, migrations } from './migrations.ts';
import { placeNewLedger } from './new-ledger.ts';
import { setAsideOldForm } from './old-form.ts';
import {
  beforeAll,
  brokenLink,
  columnsRead,
  insertSql,
  readable,
  rowOf,
  storedRow,
  valuesToInsert,
} from './stored-row.ts';
import type { Link, StoredRow } from './stored-row.ts';

/** Rows whose hashes are checked at each start; those of the rest are for `verify`. */
const checkedAtOpen = 1000;

/** Rows that one look takes in, so that nobody waits for it longer than for the disk. */
const checkedAtOnce = 1000;

/** The ledger on this thread: each call waits for the disk, so it lives in a worker. */
export interface LedgerFile {
  /** What happened when it was opened. */
  readonly notices: readonly LedgerNotice[];
  append(entries: readonly LedgerEntry[]): readonly LedgerRow[];
  /**
   * Looks for damage in the next of the rows that were there when it was opened; true when that
   * were all. Throws LedgerError where it finds some, and so does every `append` from then on.
   */
  checkMore(): boolean;
  openTail(): OpenTail;
  rows(afterSeq: number, limit: number): readonly LedgerRow[];
  verify(): Verification;
  /** The largest size in pages of 4 KiB, beyond which the file counts as full. */
  limitPages(pageCount: number): void;
  close(): void;
}

/**
 * Opens the ledger for this kiosk alone, and makes it where there is none; others may read it.
 * Throws LedgerError.
 */
export function openLedgerFile(file: string, nowMs: () => number = Date.now): LedgerFile {
  let unlock: () => void = () => undefined;
  let db: Connection | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    unlock = lockLedger(file);
    if (!existsSync(file)) createLedger(file, nowMs());
    const notices: LedgerNotice[] = [];
    db = connect(file);
    if (numberPragma(db, 'user_version') < firstVersion) {
      release(db);
      db = null;
      notices.push(setAsideOldForm(file, nowMs()));
      db = connect(file);
    }
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('BEGIN IMMEDIATE; COMMIT');
    migrate(db, file, migrations);
    return ledgerOn(db, file, notices, unlock);
  } catch (error) {
    if (db !== null) release(db);
    unlock();
    throw ledgerErrorFrom(error, file);
  }
}

function createLedger(file: string, atMs: number): void {
  if (existsSync(`${file}-wal`)) {
    throw new LedgerError('corrupt', damaged(file, 'only its write-ahead log is there'));
  }
  placeNewLedger(file, { lastNumber: 0, setAside: null }, atMs);
}

/** Writes nothing: what is not ours, or is ahead of us, stays as it is. */
function connect(file: string): Connection {
  // Where creation is atomic, an empty file can only be what is left of a ledger.
  if (statSync(file).size === 0) throw new LedgerError('corrupt', damaged(file, 'it is empty'));
  const db = new Database(file);
  try {
    checkOrigin(db, file);
    return db;
  } catch (error) {
    release(db);
    throw error;
  }
}

function checkOrigin(db: Connection, file: string): void {
  const id = numberPragma(db, 'application_id');
  if (id !== applicationId) throw new LedgerError('corrupt', damaged(file, 'it is no ledger'));
  const version = numberPragma(db, 'user_version');
  const newest = firstVersion + migrations.length - 1;
  if (version > newest) {
    throw new LedgerError(
      'newer-version',
      `The ledger ${file} has version ${version}, this app knows ${newest}: install the newer app again.`,
    );
  }
}

function ledgerOn(
  db: Connection,
  file: string,
  notices: readonly LedgerNotice[],
  unlock: () => void,
): LedgerFile {
  const insert = db.prepare(insertSql);
  const after = db.prepare(`SELECT ${columnsRead} FROM fact WHERE seq > ? ORDER BY seq LIMIT ?`);
  const top = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM fact');
  const lastRest = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM fact WHERE at_rest = 1');
  const lastNumber = db.prepare(
    `SELECT coalesce(max(receipt_number), 0) AS value FROM fact
     WHERE receipt_number IS NOT NULL AND seq <= ?`,
  );
  // Reads all of each row, and its entries in the indexes, without bringing them out of SQLite.
  const whole = db.prepare(
    `SELECT count(*) AS value FROM fact AS row WHERE seq > ? AND seq <= ?
       AND previous_hash = iif(seq = 1, '${firstHash}',
         (SELECT before.hash FROM fact AS before WHERE before.seq = row.seq - 1))
       AND EXISTS (SELECT 1 FROM fact AS entry INDEXED BY fact_by_sale
         WHERE entry.sale_id IS row.sale_id AND entry.seq = row.seq)
       AND (at_rest = 0 OR EXISTS (SELECT 1 FROM fact AS entry INDEXED BY fact_at_rest
         WHERE entry.at_rest = 1 AND entry.seq = row.seq))
       AND (receipt_number IS NULL OR EXISTS (
         SELECT 1 FROM fact AS entry INDEXED BY fact_by_receipt_number
         WHERE entry.receipt_number = row.receipt_number AND entry.seq = row.seq))`,
  );
  const numberOf = (row: unknown): number => (row as { readonly value: number }).value;
  const read = (afterSeq: number, limit: number): readonly StoredRow[] =>
    (after.all(afterSeq, limit) as readonly Readonly<Record<string, unknown>>[]).map(readable);

  const topSeq = numberOf(top.get());
  const checkFrom = Math.max(0, topSeq - checkedAtOpen - 1);
  const known = read(checkFrom, checkedAtOpen + 1);
  const broken = brokenLink(known, checkFrom === 0 ? beforeAll : null);
  if (broken !== null) {
    throw new LedgerError('corrupt', damaged(file, `row ${broken} does not fit the one before`));
  }
  const startNumber = numberBefore(read(0, 1)[0], file);
  let head: Link = known.at(-1) ?? beforeAll;
  let checkedSeq = 0;
  let damage: LedgerError | null = null;

  const checkMore = (): boolean => {
    const upTo = Math.min(topSeq, checkedSeq + checkedAtOnce);
    if (numberOf(whole.get(checkedSeq, upTo)) !== upTo - checkedSeq) {
      const where = `not all of the rows ${checkedSeq + 1} to ${upTo} are whole`;
      throw new LedgerError('corrupt', damaged(file, where));
    }
    checkedSeq = upTo;
    return checkedSeq === topSeq;
  };

  return {
    notices,
    append: (entries) => {
      requireEntries(entries);
      if (damage !== null) throw damage;
      let end = head;
      const rows = entries.map((entry) => {
        const row = storedRow(end, entry);
        end = row;
        return row;
      });
      try {
        db.exec('BEGIN IMMEDIATE');
        for (const row of rows) insert.run(...valuesToInsert(row));
        db.exec('COMMIT');
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw ledgerErrorFrom(error, file);
      }
      head = end;
      return rows.map(rowOf);
    },
    checkMore: () => {
      try {
        return checkMore();
      } catch (error) {
        damage = ledgerErrorFrom(error, file);
        throw damage;
      }
    },
    openTail: () => {
      const restSeq = numberOf(lastRest.get());
      return {
        lastNumber: Math.max(startNumber, numberOf(lastNumber.get(restSeq))),
        rows: read(restSeq, -1).map(rowOf),
      };
    },
    rows: (afterSeq, limit) => read(afterSeq, limit).map(rowOf),
    verify: () => {
      let link: Link = beforeAll;
      for (;;) {
        const page = read(link.seq, 1000);
        const broken = brokenLink(page, link);
        if (broken !== null) {
          const message = `Row ${broken} was changed, or does not follow the one before it.`;
          return { kind: 'broken', findings: [{ kind: 'row', seq: broken, message }] };
        }
        const end = page.at(-1);
        if (end === undefined) return { kind: 'whole', rowCount: link.seq, lastHash: link.hash };
        link = end;
      }
    },
    limitPages: (pageCount) => {
      db.pragma(`max_page_count = ${pageCount}`);
    },
    close: () => {
      release(db);
      unlock();
    },
  };
}

/** What the first row says, which every ledger has from its making on. */
function numberBefore(first: StoredRow | undefined, file: string): number {
  if (first?.kind !== ledgerBegunKind || brokenLink([first], beforeAll) !== null) {
    throw new LedgerError('corrupt', damaged(file, 'its first row does not begin a ledger'));
  }
  return (JSON.parse(first.body) as LedgerBegun).lastNumber;
}
