import { rmSync } from 'node:fs';
import Database from 'libsql';
import { openLedgerFile } from './ledger-file.ts';
import { headPath } from './ledger-head.ts';
import type { LedgerEntry } from './ledger.ts';
import { columnsRead, insertSql, readable, storedRow, valuesToInsert } from './stored-row.ts';
import type { Link } from './stored-row.ts';

/** A fact whose body is a number. */
export function factOf(body: number, change: Partial<LedgerEntry> = {}): LedgerEntry {
  const parts = { kind: 'item-recognised', version: 1, atMs: 0, saleId: null, atRest: false };
  return { ...parts, receiptNumber: null, body, ...change };
}

/** A closed ledger of so many rows in sales of ten, without a head, written at once: no waiting for the disk each time. */
export function writeLedger(file: string, rowCount: number): void {
  openLedgerFile(file).close();
  rmSync(headPath(file));
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

/** Changes rows as an attacker would: the triggers are there again afterwards. */
export function changeRows(file: string, sql: string): void {
  const db = new Database(file);
  const triggers = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all() as readonly { readonly name: string; readonly sql: string }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(trigger.sql);
  db.close();
}
