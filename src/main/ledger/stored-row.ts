import { firstHash, rowHash } from './chain.ts';
import type { LedgerEntry, LedgerRow } from './ledger.ts';

/** A row of the table `fact` as it lies in the file. */
export interface StoredRow {
  readonly seq: number;
  readonly kind: string;
  readonly version: number;
  readonly at_ms: number;
  readonly sale_id: string | null;
  readonly at_rest: number;
  readonly receipt_number: number | null;
  readonly body: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** What the next row is chained to. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** Stands before the first row. */
export const beforeAll: Link = { seq: 0, hash: firstHash };

/** Takes the values of `valuesToInsert`. */
export const insertSql = `INSERT INTO fact (seq, kind, version, at_ms, sale_id, at_rest, receipt_number,
  body, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Rows for `readable`: text as its bytes, for libsql ends the whole process where damaged text is no UTF-8. */
export const columnsRead = `seq, CAST(kind AS BLOB) AS kind, version, at_ms,
  CAST(sale_id AS BLOB) AS sale_id, at_rest, receipt_number, CAST(body AS BLOB) AS body,
  CAST(previous_hash AS BLOB) AS previous_hash, CAST(hash AS BLOB) AS hash`;

/** The row that an entry becomes behind `before`. */
export function storedRow(before: Link, entry: LedgerEntry): StoredRow {
  const seq = before.seq + 1;
  const body = JSON.stringify(entry.body);
  return {
    seq,
    kind: entry.kind,
    version: entry.version,
    at_ms: entry.atMs,
    sale_id: entry.saleId,
    at_rest: entry.atRest ? 1 : 0,
    receipt_number: entry.receiptNumber,
    body,
    previous_hash: before.hash,
    hash: rowHash(before.hash, seq, entry, body),
  };
}

/** In the order of `insertSql`. */
export function valuesToInsert(row: StoredRow): readonly unknown[] {
  const { seq, kind, version, at_ms, sale_id, at_rest, receipt_number, body } = row;
  const { previous_hash, hash } = row;
  return [seq, kind, version, at_ms, sale_id, at_rest, receipt_number, body, previous_hash, hash];
}

/** A row of `columnsRead` with its texts. */
export function readable(row: Readonly<Record<string, unknown>>): StoredRow {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof ArrayBuffer ? Buffer.from(value).toString() : value,
  ]);
  return Object.fromEntries(entries) as StoredRow;
}

export function rowOf(row: StoredRow): LedgerRow {
  return {
    seq: row.seq,
    ...entryOf(row),
    body: JSON.parse(row.body) as unknown,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

/** The first row that does not fit, or null. Without `before` the first row is taken as it stands. */
export function brokenLink(rows: readonly StoredRow[], before: Link | null): number | null {
  let link = before;
  for (const row of rows) {
    if (!rowFits(row, link)) return row.seq;
    link = row;
  }
  return null;
}

/** Whether a row is what its hash says, and follows `before`, where that is given. */
export function rowFits(row: StoredRow, before: Link | null): boolean {
  return (
    (before === null || (row.seq === before.seq + 1 && row.previous_hash === before.hash)) &&
    row.hash === rowHash(row.previous_hash, row.seq, entryOf(row), row.body)
  );
}

function entryOf(row: StoredRow): Omit<LedgerEntry, 'body'> {
  return {
    kind: row.kind,
    version: row.version,
    atMs: row.at_ms,
    saleId: row.sale_id,
    atRest: row.at_rest === 1,
    receiptNumber: row.receipt_number,
  };
}
