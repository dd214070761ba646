import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedgerFile } from './ledger-file.ts';
import { changeRows, factOf, writeLedger } from './ledger-for-test.ts';
import type { Verification } from './ledger.ts';
import { verifyLedger, verifyLedgerInSteps } from './verify-ledger.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-verify-'));
  file = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A closed ledger of so many rows, with its head. */
function write(rowCount: number): void {
  writeLedger(file, rowCount);
  openLedgerFile(file).close();
}

function inFile(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

/** Until the end, with `between` after each step. */
function inSteps(between: () => void = () => undefined): Verification {
  const steps = verifyLedgerInSteps(file);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    between();
  }
}

function messages(verify = verifyLedger): readonly string[] {
  const verification = verify(file);
  return verification.kind === 'whole' ? [] : verification.findings.map(({ message }) => message);
}

test('all that is amiss is named, each with its first row', () => {
  write(2100);
  changeRows(
    file,
    `UPDATE fact SET body = '"other"' WHERE seq = 5; UPDATE fact SET previous_hash = 'x' WHERE seq = 9;
     DELETE FROM fact WHERE seq BETWEEN 1000 AND 1001; DELETE FROM fact WHERE seq > 2098`,
  );
  inFile('CREATE TABLE notes (text)');
  expect(messages()).toEqual([
    expect.stringContaining('table notes'),
    'Row 5 was changed.',
    'Row 9 does not follow the row before it.',
    'Rows 1000 to 1001 are missing before row 1002.',
    expect.stringContaining('Rows 2099 to 2100'),
  ]);
  expect(messages(() => inSteps()).filter((message) => message.startsWith('Row'))).toEqual([
    'Row 5 was changed.',
    'Row 9 does not follow the row before it.',
    'Rows 1000 to 1001 are missing before row 1002.',
    expect.stringContaining('Rows 2099 to 2100'),
  ]);
});

test('in steps, what is written meanwhile is no fault, and what was changed before is one', () => {
  writeLedger(file, 2100);
  const ledger = openLedgerFile(file);
  let steps = 0;
  const whole = inSteps(() => {
    steps += 1;
    ledger.append([factOf(steps)]);
  });
  expect(steps).toBeGreaterThan(5);
  expect(whole).toMatchObject({ kind: 'whole' });
  changeRows(file, `UPDATE fact SET body = '"other"' WHERE seq = 7`);
  expect(inSteps()).toMatchObject({ kind: 'broken', findings: [{ kind: 'row', seq: 7 }] });
  ledger.close();
});

test('steps may be left at any of them, and the file is free again', () => {
  write(3);
  const steps = verifyLedgerInSteps(file);
  steps.next();
  steps.return({ kind: 'whole', rowCount: 0, lastHash: '' });
  const ledger = openLedgerFile(file);
  ledger.append([factOf(1)]);
  ledger.close();
});

test('a ledger that was written anew from its first row on is found to lack that', () => {
  write(3);
  changeRows(file, 'DELETE FROM fact WHERE seq = 1');
  expect(messages()[0]).toBe('Rows 1 to 1 are missing before row 2.');
});

test('an index that does not agree with the rows is found', () => {
  write(2100);
  // The index lacks entries, though only of rows that are not among the first.
  inFile(
    `PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT NULL', '< 200')
       WHERE name = 'fact_by_receipt_number'`,
  );
  inFile('REINDEX fact_by_receipt_number');
  inFile(
    `PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = replace(sql, '< 200', 'IS NOT NULL')
       WHERE name = 'fact_by_receipt_number'`,
  );
  expect(messages()[0]).toContain('fact_by_receipt_number');
  expect(messages(() => inSteps())).toEqual([expect.stringContaining('not all of the rows')]);
});

describe('what the app did not make, or somebody took away, is found and refused', () => {
  test.each([
    [
      'trigger swallow',
      'CREATE TRIGGER swallow BEFORE INSERT ON fact BEGIN SELECT RAISE(IGNORE); END',
    ],
    ['table other', 'CREATE TABLE other (a)'],
    ['index by_kind', 'CREATE INDEX by_kind ON fact (kind)'],
    ['view sales', 'CREATE VIEW sales AS SELECT * FROM fact'],
    ['trigger fact_never_goes', 'DROP TRIGGER fact_never_goes'],
    [
      'trigger fact_never_changes',
      `DROP TRIGGER fact_never_changes;
       CREATE TRIGGER fact_never_changes BEFORE UPDATE ON fact BEGIN SELECT 1; END`,
    ],
  ])('%s', (name, sql) => {
    write(3);
    inFile(sql);
    expect(messages()).toEqual([expect.stringContaining(name)]);
    expect(() => openLedgerFile(file)).toThrow(
      expect.objectContaining({
        fault: 'corrupt',
        message: expect.stringContaining(name) as string,
      }) as Error,
    );
  });
});

test('a path may have any characters', () => {
  file = join(folder, 'a b#ü?%20', 'ledger.db');
  write(3);
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 3 });
});

test.each([
  ['none', () => undefined, 'There is no ledger at'],
  ['something else', () => writeFileSync(file, 'no ledger'.repeat(500)), 'is damaged'],
  [
    'one of the older form',
    () => copyFileSync(join(import.meta.dirname, 'fixtures', 'events-version-2.db'), file),
    'is of an older form',
  ],
])('where there is %s, that is said', (_what, put, words) => {
  put();
  const before = readdirSync(folder);
  expect(() => verifyLedger(file)).toThrow(words);
  expect(readdirSync(folder)).toEqual(before);
});
