import Database from 'libsql';
import { openLedgerFile } from './ledger-file.ts';
import { columnsRead, insertSql, readable, storedRow, valuesToInsert } from './stored-row.ts';
import type { Link } from './stored-row.ts';

/** A closed ledger of so many rows in sales of ten, written at once: no waiting for the disk each time. */
export function writeLedger(file: string, rowCount: number): void {
  openLedgerFile(file).close();
  const db = new Database(file);
  const insert = db.prepare(insertSql);
  const [first] = db.prepare(`SELECT ${columnsRead} FROM fact`).all();
  let before: Link = readable(first as Readonly<Record<string, unknown>>);
  db.exec('BEGIN');
  for (let seq = 2; seq <= rowCount; seq++) {
    const atRest = seq % 10 === 0;
    const row = storedRow(before, {
      kind: 'item-recognised',
      version: 1,
      atMs: seq,
      saleId: seq % 7 === 0 ? null : `sale-${Math.ceil(seq / 10)}`,
      atRest,
      receiptNumber: atRest ? seq / 10 : null,
      // Some do not fit on one page.
      body: 'x'.repeat(seq % 50 === 0 ? 6000 : 40),
    });
    insert.run(...valuesToInsert(row));
    before = row;
  }
  db.exec('COMMIT');
  db.close();
}
