import { statSync } from 'node:fs';
import type { Connection } from './connection.ts';
import { damaged, ledgerErrorFrom } from './ledger-fault.ts';
import type { Head } from './ledger-head.ts';
import { LedgerError, requireEntries } from './ledger.ts';
import type { LedgerEntry, LedgerRow } from './ledger.ts';
import { insertSql, rowOf, storedRow, valuesToInsert } from './stored-row.ts';
import type { Link, StoredRow } from './stored-row.ts';

/**
 * What appends to an open ledger behind the row `last`: all of the entries or none. It throws
 * LedgerError, and 'corrupt' where another has changed the file meanwhile.
 */
export function rowAppender(
  db: Connection,
  file: string,
  last: Link,
  head: Head,
): (entries: readonly LedgerEntry[]) => readonly LedgerRow[] {
  const insert = db.prepare(insertSql);
  const stored = db.prepare(
    'SELECT count(*) AS value FROM fact WHERE (seq = ? AND hash = ?) OR (seq = ? AND hash = ?)',
  );
  const opened = statSync(file, { bigint: true });
  let end = last;

  const requireSameFile = (): void => {
    const now = statSync(file, { bigint: true, throwIfNoEntry: false });
    const isSame = now?.ino === opened.ino && now.dev === opened.dev && now.size >= opened.size;
    if (isSame) return;
    const what = 'it was taken away, replaced or cut while the app ran';
    throw new LedgerError('corrupt', damaged(file, what));
  };

  /** A trigger of another's may swallow a row, and SQLite says that all is well. */
  const requireStored = (before: Link, row: StoredRow): void => {
    const found = stored.get(before.seq, before.hash, row.seq, row.hash);
    if ((found as { readonly value: number }).value === 2) return;
    const what = `row ${row.seq} was not stored, or row ${before.seq} was changed`;
    throw new LedgerError('corrupt', damaged(file, what));
  };

  return (entries) => {
    requireEntries(entries);
    const rows: StoredRow[] = [];
    for (const entry of entries) rows.push(storedRow(rows.at(-1) ?? end, entry));
    try {
      requireSameFile();
      db.exec('BEGIN IMMEDIATE');
      for (const row of rows) {
        insert.run(...valuesToInsert(row));
        requireStored(end, row);
      }
      db.exec('COMMIT');
      end = rows.at(-1) ?? end;
      head.write(end, entries.some(isUrgent));
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw ledgerErrorFrom(error, file);
    }
    return rows.map(rowOf);
  };
}

/** Facts about money, of which not even a power cut may hide that they were there. */
function isUrgent({ kind, receiptNumber }: LedgerEntry): boolean {
  return receiptNumber !== null || kind.startsWith('payment-');
}
