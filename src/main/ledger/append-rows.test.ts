import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rowAppender } from './append-rows.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { changeRows, factOf } from './ledger-for-test.ts';
import { rowsOf } from './ledger-rows.ts';
import { beforeAll } from './stored-row.ts';

let folder: string;
let file: string;
let ledger: LedgerFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-append-'));
  file = join(folder, 'ledger.db');
  ledger = openLedgerFile(file);
  ledger.append([factOf(1)]);
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const corrupt = expect.objectContaining({ fault: 'corrupt' }) as Error;

function inFile(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

test('a row that a trigger swallows does not count as stored, nor does what came with it', () => {
  inFile(
    `CREATE TRIGGER gone BEFORE INSERT ON fact WHEN new.kind = 'payment-started'
     BEGIN SELECT RAISE(IGNORE); END`,
  );
  const both = [factOf(2), factOf(3, { kind: 'payment-started' })];
  expect(() => ledger.append(both)).toThrow(corrupt);
  expect(ledger.rows(0, 10)).toHaveLength(2);
});

test.each(['DELETE FROM fact WHERE seq = 2', `UPDATE fact SET hash = 'x' WHERE seq = 2`])(
  'nothing is put behind a last row that was changed: %s',
  (sql) => {
    changeRows(file, sql);
    expect(() => ledger.append([factOf(2)])).toThrow(corrupt);
  },
);

test.each([
  ['deleted', () => rmSync(file)],
  ['cut', () => truncateSync(file, 0)],
  [
    'replaced',
    () => {
      writeFileSync(`${file}.other`, Buffer.alloc(1_000_000));
      renameSync(`${file}.other`, file);
    },
  ],
])('nothing is written to a file that was %s while the kiosk ran', (_what, spoil) => {
  spoil();
  expect(() => ledger.append([factOf(2)])).toThrow(corrupt);
});

test('the head waits for the disk where money is concerned, and only there', () => {
  const db = new Database(file);
  const rows = rowsOf(db);
  const written: unknown[] = [];
  const append = rowAppender(db, file, rows.read(0, -1).at(-1) ?? beforeAll, {
    write: ({ seq }, isUrgent) => written.push([seq, isUrgent]),
    close: () => undefined,
  });
  append([factOf(1)]);
  append([factOf(2, { kind: 'payment-started' }), factOf(3)]);
  append([factOf(4, { receiptNumber: 1 })]);
  append([factOf(5, { kind: 'repayment' })]);
  expect(written).toEqual([
    [3, false],
    [5, true],
    [6, true],
    [7, false],
  ]);
  db.close();
});
