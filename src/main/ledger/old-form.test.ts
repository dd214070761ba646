import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { setAsideOldForm } from './old-form.ts';

/*
 * The fixture was written by the app of version 0.1.0 (commit 4aa5225): six sales, and in its
 * write-ahead log a seventh, as a kill leaves it.
 */
const fixture = join(import.meta.dirname, 'fixtures', 'events-version-2.db');

const now = Date.UTC(2026, 11, 1, 15, 10, 49, 123);
const usualName = 'ledger-until-2026-12-01T15-10-49Z.db';

let folder: string;
let file: string;
let open: LedgerFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-old-form-'));
  file = join(folder, 'ledger.db');
  open = [];
});
afterEach(() => {
  for (const ledger of open) ledger.close();
  rmSync(folder, { recursive: true });
});

function opened(): LedgerFile {
  const ledger = openLedgerFile(file, () => now);
  open.push(ledger);
  return ledger;
}

function closeAll(): void {
  for (const ledger of open.splice(0)) ledger.close();
}

function putOldLedger(options: { readonly withLog?: boolean } = {}): void {
  copyFileSync(fixture, file);
  if (options.withLog === true) copyFileSync(`${fixture}-wal`, `${file}-wal`);
}

function inOldLedger(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

const asideNames = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.includes('until'));

/** The rows of the ledger that was set aside. */
function oldRows(name = usualName): number {
  const db = new Database(join(folder, name));
  const row = db.prepare('SELECT count(*) AS count FROM event').get();
  db.close();
  return (row as { readonly count: number }).count;
}

const completed = { kind: 'sale-completed', version: 1, atMs: now, saleId: 's', atRest: true };

test('an old ledger is set aside whole, and a new one goes on with its numbers', () => {
  putOldLedger();
  const before = readFileSync(file);
  const ledger = opened();
  const to = join(folder, usualName);
  expect(ledger.notices).toEqual([
    { kind: 'set-aside', file, to, lastNumber: 6, setAsideFinding: null },
  ]);
  expect(readFileSync(to).equals(before)).toBe(true);
  expect(ledger.openTail()).toEqual({ lastNumber: 6, rows: [] });
  expect(ledger.rows(0, 10)).toMatchObject([
    {
      kind: 'ledger-begun',
      version: 2,
      atMs: now,
      body: { lastNumber: 6, setAside: usualName, setAsideFinding: null },
    },
  ]);
  ledger.append([{ ...completed, receiptNumber: 7, body: null }]);
  expect(ledger.openTail()).toEqual({ lastNumber: 7, rows: [] });
  closeAll();
  const again = opened();
  expect(again.notices).toEqual([]);
  expect(again.openTail().lastNumber).toBe(7);
  expect(asideNames()).toEqual([usualName]);
});

test('what a kill left in its write-ahead log is set aside with it', () => {
  putOldLedger({ withLog: true });
  expect(opened().openTail().lastNumber).toBe(7);
  expect(oldRows()).toBe(32);
  expect(asideNames()).toEqual([usualName]);
});

test('version 1, without indexes, is set aside in the same way', () => {
  putOldLedger();
  inOldLedger(
    `DROP INDEX event_by_receipt_number; DROP INDEX event_at_rest; DROP INDEX event_by_sale;
     PRAGMA user_version = 1`,
  );
  expect(opened().openTail().lastNumber).toBe(6);
  expect(oldRows()).toBe(30);
});

describe('what is amiss in its chain is told, and kept in the new one’s first row,', () => {
  test.each([
    ['a changed row', `UPDATE event SET body = '{}' WHERE seq IN (4, 9)`, 'Row 4 was changed.'],
    ['a row taken out', 'DELETE FROM event WHERE seq = 5', 'Rows 5 to 5 are missing.'],
    ['a row of another chain', `UPDATE event SET hash = 'x' WHERE seq = 6`, 'Row 6 was changed.'],
    [
      'a row put in between',
      `UPDATE event SET previous_hash = 'x' WHERE seq = 1`,
      'Row 1 does not follow the row before it.',
    ],
  ])('%s', (_what, sql, setAsideFinding) => {
    putOldLedger({ withLog: true });
    inOldLedger(`DROP TRIGGER event_never_changes; DROP TRIGGER event_never_goes; ${sql}`);
    const ledger = opened();
    expect(ledger.notices).toMatchObject([{ kind: 'set-aside', lastNumber: 7, setAsideFinding }]);
    expect(ledger.rows(0, 1)).toMatchObject([{ body: { lastNumber: 7, setAsideFinding } }]);
    expect(asideNames()).toEqual([usualName]);
  });
});

test('a name that is taken is left to who has it', () => {
  writeFileSync(join(folder, usualName), 'of another day');
  putOldLedger();
  opened();
  expect(readFileSync(join(folder, usualName), 'utf8')).toBe('of another day');
  expect(oldRows('ledger-until-2026-12-01T15-10-49Z-2.db')).toBe(30);
});

describe('a start that ended half-way is taken up by the next', () => {
  const expectSetAsideOnce = (name: string): void => {
    expect(opened().openTail().lastNumber).toBe(7);
    expect(asideNames()).toEqual([name]);
    expect(oldRows(name)).toBe(32);
    closeAll();
    expect(existsSync(`${file}.new`)).toBe(false);
  };

  test('after the log was taken in', () => {
    putOldLedger({ withLog: true });
    inOldLedger('PRAGMA journal_mode = DELETE');
    expect(existsSync(`${file}-wal`)).toBe(false);
    expectSetAsideOnce(usualName);
  });

  test('after it got its other name', () => {
    putOldLedger({ withLog: true });
    inOldLedger('PRAGMA journal_mode = DELETE');
    linkSync(file, join(folder, 'ledger-until-2026-11-30T08-00-00Z.db'));
    expectSetAsideOnce('ledger-until-2026-11-30T08-00-00Z.db');
  });

  test('with the new ledger half made', () => {
    putOldLedger({ withLog: true });
    inOldLedger('PRAGMA journal_mode = DELETE');
    linkSync(file, join(folder, usualName));
    writeFileSync(`${file}.new`, 'half of a ledger');
    writeFileSync(`${file}.new-journal`, 'half of a journal');
    expectSetAsideOnce(usualName);
  });

  test('with the new ledger in place, which nobody has used', () => {
    putOldLedger({ withLog: true });
    setAsideOldForm(file, now);
    expectSetAsideOnce(usualName);
  });
});

test.each([
  ['damaged', () => writeFileSync(file, readFileSync(fixture).fill(0xff, 8192, 16_384))],
  ['without its table', () => inOldLedger('DROP TABLE event')],
])('an old ledger that is %s is refused where it lies', (_what, spoil) => {
  putOldLedger();
  spoil();
  expect(opened).toThrow(expect.objectContaining({ fault: 'corrupt' }) as Error);
  expect(asideNames()).toEqual([]);
});

test('an old ledger that an app of its own form has open is left to it', () => {
  putOldLedger();
  const running = new Database(file);
  running.pragma('locking_mode = EXCLUSIVE');
  running.exec('BEGIN IMMEDIATE; COMMIT');
  expect(opened).toThrow(expect.objectContaining({ fault: 'locked' }) as Error);
  expect(asideNames()).toEqual([]);
  running.pragma('journal_mode = DELETE');
  running.pragma('locking_mode = NORMAL');
  running.prepare('SELECT count(*) FROM event').get();
  running.close();
});
