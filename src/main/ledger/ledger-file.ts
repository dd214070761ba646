import { existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { firstHash, rowHash } from './chain.ts';
import { ledgerErrorFrom } from './ledger-fault.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerEntry, LedgerRow, OpenTail, Verification } from './ledger.ts';
import { migrations } from './migrations.ts';

type Connection = InstanceType<typeof Database>;

/** "FLNE" in the file's header tells a ledger from any other SQLite file. */
const applicationId = 0x46_4c_4e_45;

/** Rows whose hashes are checked at each start; those of the rest are for `verify`. */
const checkedAtOpen = 1000;

/** Rows that one look takes in, so that nobody waits for it longer than for the disk. */
const checkedAtOnce = 1000;

const columns =
  'seq, kind, at_ms, sale_id, at_rest, receipt_number, body, previous_hash, hash' as const;

// Text as its bytes: libsql ends the whole process where damaged text is no UTF-8.
const columnsRead = `seq, CAST(kind AS BLOB) AS kind, at_ms, CAST(sale_id AS BLOB) AS sale_id, at_rest,
  receipt_number, CAST(body AS BLOB) AS body, CAST(previous_hash AS BLOB) AS previous_hash,
  CAST(hash AS BLOB) AS hash`;

interface StoredRow {
  readonly seq: number;
  readonly kind: string;
  readonly at_ms: number;
  readonly sale_id: string | null;
  readonly at_rest: number;
  readonly receipt_number: number | null;
  readonly body: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** The ledger on this thread: each call waits for the disk, so it lives in a worker. */
export interface LedgerFile {
  append(entry: LedgerEntry): LedgerRow;
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

/** Opens the ledger for this process alone, and makes it where there is none. Throws LedgerError. */
export function openLedgerFile(file: string): LedgerFile {
  let db: Connection | null = null;
  try {
    if (!existsSync(file)) createLedger(file);
    // Where creation is atomic, an empty file can only be what is left of a ledger.
    if (statSync(file).size === 0) throw new LedgerError('corrupt', damaged(file, 'it is empty'));
    db = new Database(file);
    // Before the first read, so that no other process can come in between, reading ones included.
    db.pragma('locking_mode = EXCLUSIVE');
    checkOrigin(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('BEGIN IMMEDIATE; COMMIT');
    migrate(db, file, migrations);
    return ledgerOn(db, file);
  } catch (error) {
    if (db !== null) release(db);
    throw ledgerErrorFrom(error, file);
  }
}

/** Makes a ledger under another name first: after a power cut there is a whole one or none. */
function createLedger(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(`${file}-wal`)) {
    throw new LedgerError('corrupt', damaged(file, 'only its write-ahead log is there'));
  }
  const draft = `${file}.${process.pid}.new`;
  for (const leftover of [draft, `${draft}-journal`]) rmSync(leftover, { force: true });
  const db = new Database(draft);
  db.pragma('synchronous = FULL');
  db.pragma(`application_id = ${applicationId}`);
  migrate(db, draft, migrations);
  release(db);
  try {
    // Unlike renaming, linking does not replace a ledger that another process has just made.
    linkSync(draft, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EEXIST') {
      renameSync(draft, file);
      return;
    }
  }
  rmSync(draft);
}

/**
 * Gives the file up. libsql keeps it open while a statement of it is in memory, so closing alone
 * would leave it locked: the lock is let go first, which leaves one file without a log.
 */
function release(db: Connection): void {
  try {
    db.pragma('journal_mode = DELETE');
    db.pragma('locking_mode = NORMAL');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch {
    // A file that cannot be written has nothing to give up.
  }
  db.close();
}

/** Comes before anything is written: what is not ours, or is ahead of us, stays as it is. */
function checkOrigin(db: Connection, file: string): void {
  const id = numberPragma(db, 'application_id');
  if (id !== applicationId) throw new LedgerError('corrupt', damaged(file, 'it is no ledger'));
  const version = numberPragma(db, 'user_version');
  if (version > migrations.length) {
    throw new LedgerError(
      'newer-version',
      `The ledger ${file} has version ${version}, this app knows ${migrations.length}: install the newer app again.`,
    );
  }
}

/** Brings a ledger to the last of `steps`, each in a transaction of its own. */
export function migrate(db: Connection, file: string, steps: readonly string[]): void {
  const version = numberPragma(db, 'user_version');
  steps.slice(version).forEach((sql, index) => {
    try {
      db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${version + index + 1}; COMMIT`);
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw ledgerErrorFrom(error, file);
    }
  });
}

function numberPragma(db: Connection, name: 'application_id' | 'user_version'): number {
  const [row] = db.pragma(name) as readonly Readonly<Record<string, number>>[];
  return row?.[name] ?? 0;
}

function ledgerOn(db: Connection, file: string): LedgerFile {
  const insert = db.prepare(`INSERT INTO event (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const after = db.prepare(`SELECT ${columnsRead} FROM event WHERE seq > ? ORDER BY seq LIMIT ?`);
  const top = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM event');
  const lastRest = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM event WHERE at_rest = 1');
  const lastNumber = db.prepare(
    `SELECT coalesce(max(receipt_number), 0) AS value FROM event
     WHERE receipt_number IS NOT NULL AND seq <= ?`,
  );
  // Reads all of each row, and its entries in the indexes, without bringing them out of SQLite.
  const whole = db.prepare(
    `SELECT count(*) AS value FROM event AS row WHERE seq > ? AND seq <= ?
       AND previous_hash = iif(seq = 1, '${firstHash}',
         (SELECT before.hash FROM event AS before WHERE before.seq = row.seq - 1))
       AND EXISTS (SELECT 1 FROM event AS entry INDEXED BY event_by_sale
         WHERE entry.sale_id IS row.sale_id AND entry.seq = row.seq)
       AND (at_rest = 0 OR EXISTS (SELECT 1 FROM event AS entry INDEXED BY event_at_rest
         WHERE entry.at_rest = 1 AND entry.seq = row.seq))
       AND (receipt_number IS NULL OR EXISTS (
         SELECT 1 FROM event AS entry INDEXED BY event_by_receipt_number
         WHERE entry.receipt_number = row.receipt_number AND entry.seq = row.seq))`,
  );
  const numberOf = (row: unknown): number => (row as { readonly value: number }).value;
  const read = (afterSeq: number, limit: number): readonly StoredRow[] =>
    (after.all(afterSeq, limit) as readonly Readonly<Record<string, unknown>>[]).map(readable);

  const topSeq = numberOf(top.get());
  const checkFrom = Math.max(0, topSeq - checkedAtOpen - 1);
  const known = read(checkFrom, checkedAtOpen + 1);
  const broken = brokenLink(known, checkFrom === 0 ? { seq: 0, hash: firstHash } : null);
  if (broken !== null) {
    throw new LedgerError('corrupt', damaged(file, `row ${broken} does not fit the one before`));
  }
  const last = known.at(-1);
  let head = { seq: last?.seq ?? 0, hash: last?.hash ?? firstHash };
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
    append: (entry) => {
      if (damage !== null) throw damage;
      const seq = head.seq + 1;
      const bodyText = JSON.stringify(entry.body);
      const hash = rowHash(head.hash, seq, entry, bodyText);
      const { kind, atMs, saleId, atRest, receiptNumber } = entry;
      try {
        insert.run(
          seq,
          kind,
          atMs,
          saleId,
          atRest ? 1 : 0,
          receiptNumber,
          bodyText,
          head.hash,
          hash,
        );
      } catch (error) {
        throw ledgerErrorFrom(error, file);
      }
      const row = { ...entry, seq, previousHash: head.hash, hash };
      head = { seq, hash };
      return row;
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
        lastNumber: numberOf(lastNumber.get(restSeq)),
        rows: read(restSeq, -1).map(rowOf),
      };
    },
    rows: (afterSeq, limit) => read(afterSeq, limit).map(rowOf),
    verify: () => {
      let link = { seq: 0, hash: firstHash };
      for (;;) {
        const page = read(link.seq, 1000);
        const broken = brokenLink(page, link);
        if (broken !== null) return { kind: 'broken', seq: broken };
        const end = page.at(-1);
        if (end === undefined) return { kind: 'whole', rowCount: link.seq };
        link = { seq: end.seq, hash: end.hash };
      }
    },
    limitPages: (pageCount) => {
      db.pragma(`max_page_count = ${pageCount}`);
    },
    close: () => release(db),
  };
}

/** The first row that does not fit, or null. Without `before` the first row is taken as it stands. */
function brokenLink(
  rows: readonly StoredRow[],
  before: { readonly seq: number; readonly hash: string } | null,
): number | null {
  let link = before;
  for (const row of rows) {
    const entry = {
      kind: row.kind,
      atMs: row.at_ms,
      saleId: row.sale_id,
      atRest: row.at_rest === 1,
      receiptNumber: row.receipt_number,
    };
    const fits =
      (link === null || (row.seq === link.seq + 1 && row.previous_hash === link.hash)) &&
      row.hash === rowHash(row.previous_hash, row.seq, entry, row.body);
    if (!fits) return row.seq;
    link = row;
  }
  return null;
}

function readable(row: Readonly<Record<string, unknown>>): StoredRow {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof ArrayBuffer ? Buffer.from(value).toString() : value,
  ]);
  return Object.fromEntries(entries) as StoredRow;
}

function rowOf(row: StoredRow): LedgerRow {
  return {
    seq: row.seq,
    kind: row.kind,
    atMs: row.at_ms,
    saleId: row.sale_id,
    atRest: row.at_rest === 1,
    receiptNumber: row.receipt_number,
    body: JSON.parse(row.body) as unknown,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function damaged(file: string, what: string): string {
  return `The ledger ${file} is damaged (${what}): keep a copy for support, do not delete it, and put the last backup in its place.`;
}
