import Database from 'libsql';
import { firstHash, rowHash } from './chain.ts';
import { openLedgerFile } from './ledger-file.ts';

/** A closed ledger of so many rows in sales of ten, written at once: no waiting for the disk each time. */
export function writeLedger(file: string, rowCount: number): void {
  openLedgerFile(file).close();
  const db = new Database(file);
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  let before = firstHash;
  db.exec('BEGIN');
  for (let seq = 1; seq <= rowCount; seq++) {
    const atRest = seq % 10 === 0;
    const saleId = seq % 7 === 0 ? null : `sale-${Math.ceil(seq / 10)}`;
    const receiptNumber = atRest ? seq / 10 : null;
    const row = { kind: 'item-recognised', atMs: seq, saleId, atRest, receiptNumber };
    // Some do not fit on one page.
    const body = JSON.stringify('x'.repeat(seq % 50 === 0 ? 6000 : 40));
    const hash = rowHash(before, seq, row, body);
    const rest = atRest ? 1 : 0;
    insert.run(seq, row.kind, seq, saleId, rest, receiptNumber, body, before, hash);
    before = hash;
  }
  db.exec('COMMIT');
  db.close();
}
