import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { rowAppender } from './append-rows.ts';
import { connect, formVersion, migrate, release } from './connection.ts';
import type { Connection } from './connection.ts';
import { damaged, ledgerErrorFrom } from './ledger-fault.ts';
import { headFinding, headPath, missingRows, openHead, readHead } from './ledger-head.ts';
import type { Head } from './ledger-head.ts';
import { lockLedger } from './ledger-lock.ts';
import { begunBy, rowsOf } from './ledger-rows.ts';
import type { LedgerRows } from './ledger-rows.ts';
import { schemaDifferences } from './ledger-schema.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerEntry, LedgerNotice, LedgerRow, OpenTail } from './ledger.ts';
import { damageLook } from './look-for-damage.ts';
import { firstVersion, migrations } from './migrations.ts';
import { placeNewLedger } from './new-ledger.ts';
import { setAsideOldForm } from './old-form.ts';
import { rememberedBadRow } from './remembered-row.ts';
import { beforeAll, brokenLink, rowOf } from './stored-row.ts';
import type { Link } from './stored-row.ts';

/** Rows whose hashes are checked at each start; those of the rest are for `verifyLedger`. */
const checkedAtOpen = 1000;

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
  let head: Head | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    unlock = lockLedger(file);
    const lastWritten = readHead(file);
    if (!existsSync(file)) createLedger(file, lastWritten, nowMs());
    const notices: LedgerNotice[] = [];
    db = connect(file, 'write');
    if (formVersion(db) < firstVersion) {
      release(db);
      db = null;
      // A ledger of this form was here before: this is an older copy.
      if (lastWritten !== null) throw missing(file, 1, lastWritten);
      notices.push(setAsideOldForm(file, nowMs()));
      db = connect(file, 'write');
    }
    refuseForeignSchema(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec('BEGIN IMMEDIATE; COMMIT');
    migrate(db, file, migrations);
    const rows = rowsOf(db);
    const last = lastRow(rows, file);
    refuseMissingRows(file, lastWritten, last, rows);
    if (lastWritten === null && last.seq > 1) {
      notices.push({ kind: 'head-missing', file: headPath(file), lastSeq: last.seq });
    }
    const badRow = rememberedBadRow(file, rows);
    if (badRow !== null) notices.push(badRow);
    head = openHead(file, last);
    return ledgerOn({ db, file, rows, last, head, notices, unlock });
  } catch (error) {
    head?.close();
    if (db !== null) release(db);
    unlock();
    throw ledgerErrorFrom(error, file);
  }
}

function createLedger(file: string, lastWritten: Link | null, atMs: number): void {
  if (existsSync(`${file}-wal`)) {
    throw new LedgerError('corrupt', damaged(file, 'only its write-ahead log is there'));
  }
  if (lastWritten !== null) throw missing(file, 1, lastWritten);
  placeNewLedger(file, { lastNumber: 0, setAside: null, setAsideFinding: null }, atMs);
}

function missing(file: string, first: number, lastWritten: Link): LedgerError {
  return new LedgerError('corrupt', missingRows(file, first, lastWritten.seq).message);
}

/** A trigger of another's could swallow or change what is written. */
function refuseForeignSchema(db: Connection, file: string): void {
  const [difference] = schemaDifferences(db, formVersion(db));
  if (difference !== undefined) throw new LedgerError('corrupt', damaged(file, difference));
}

/** The last row, after a look at the hashes of those before it. */
function lastRow({ read, topSeq }: LedgerRows, file: string): Link {
  const checkFrom = Math.max(0, topSeq() - checkedAtOpen - 1);
  const known = read(checkFrom, checkedAtOpen + 1);
  const broken = brokenLink(known, checkFrom === 0 ? beforeAll : null);
  if (broken !== null) {
    throw new LedgerError('corrupt', damaged(file, `row ${broken} does not fit the one before`));
  }
  return known.at(-1) ?? beforeAll;
}

function refuseMissingRows(
  file: string,
  lastWritten: Link | null,
  last: Link,
  rows: LedgerRows,
): void {
  const finding = lastWritten === null ? null : headFinding(file, lastWritten, last.seq, rows);
  if (finding !== null) throw new LedgerError('corrupt', finding.message);
}

interface OpenLedger {
  readonly db: Connection;
  readonly file: string;
  readonly rows: LedgerRows;
  readonly last: Link;
  readonly head: Head;
  readonly notices: readonly LedgerNotice[];
  readonly unlock: () => void;
}

function ledgerOn({ db, file, rows, last, head, notices, unlock }: OpenLedger): LedgerFile {
  const { lastNumber: startNumber } = begunBy(rows.read(0, 1)[0], file);
  const lastRest = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM fact WHERE at_rest = 1');
  const lastNumber = db.prepare(
    `SELECT coalesce(max(receipt_number), 0) AS value FROM fact
     WHERE receipt_number IS NOT NULL AND seq <= ?`,
  );
  const valueOf = (row: unknown): number => (row as { readonly value: number }).value;
  const append = rowAppender(db, file, last, head);
  const look = damageLook(db, file, last.seq);
  let damage: LedgerError | null = null;

  return {
    notices,
    append: (entries) => {
      if (damage !== null) throw damage;
      return append(entries);
    },
    checkMore: () => {
      try {
        return look();
      } catch (error) {
        damage = ledgerErrorFrom(error, file);
        throw damage;
      }
    },
    openTail: () => {
      const restSeq = valueOf(lastRest.get());
      return {
        lastNumber: Math.max(startNumber, valueOf(lastNumber.get(restSeq))),
        rows: rows.read(restSeq, -1).map(rowOf),
      };
    },
    rows: (afterSeq, limit) => rows.read(afterSeq, limit).map(rowOf),
    limitPages: (pageCount) => {
      db.pragma(`max_page_count = ${pageCount}`);
    },
    close: () => {
      head.close();
      release(db);
      unlock();
    },
  };
}
