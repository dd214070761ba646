import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { writeLedger } from './ledger-for-test.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerEntry, LedgerFault } from './ledger.ts';
import { migrations } from './migrations.ts';

let folder: string;
let file: string;
let open: LedgerFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-ledger-'));
  file = join(folder, 'ledger.db');
  open = [];
});
afterEach(() => {
  for (const ledger of open) ledger.close();
  rmSync(folder, { recursive: true });
});

function opened(path = file): LedgerFile {
  const ledger = openLedgerFile(path);
  open.push(ledger);
  return ledger;
}

function closeAll(): void {
  for (const ledger of open.splice(0)) ledger.close();
}

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  kind: 'item-recognised',
  atMs: 1_700_000_000_000,
  saleId: 'sale-1',
  atRest: false,
  receiptNumber: null,
  body: { name: 'Möhren', text: "it's\n" },
  ...change,
});

function faultOf(work: () => unknown): LedgerFault | 'none' {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof LedgerError) return error.fault;
    throw error;
  }
}

/** Writes to a ledger as something other than this app would. */
function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

test('rows are chained, come back as they went in, and go on after reopening', () => {
  const first = opened().append(entry());
  closeAll();
  const ledger = opened();
  const second = ledger.append(entry({ saleId: null, atRest: true, body: [1, null] }));
  expect(second.previousHash).toBe(first.hash);
  expect(ledger.rows(0, 10)).toEqual([first, second]);
  expect(ledger.rows(1, 10)).toEqual([second]);
  expect(ledger.verify()).toEqual({ kind: 'whole', rowCount: 2 });
});

test('what is open is read back from behind the last rest, with the number before it', () => {
  const ledger = opened();
  expect(ledger.openTail()).toEqual({ lastNumber: 0, rows: [] });
  ledger.append(entry({ kind: 'sale-completed', receiptNumber: 1 }));
  ledger.append(entry({ kind: 'receipt-done', atRest: true }));
  const third = ledger.append(entry({ saleId: 'sale-2' }));
  const fourth = ledger.append(entry({ saleId: 'sale-2', receiptNumber: 2 }));
  expect(ledger.openTail()).toEqual({ lastNumber: 1, rows: [third, fourth] });
});

test('rows are never changed, never deleted, and a receipt number is given once', () => {
  opened().append(entry({ receiptNumber: 1 }));
  expect(() => open[0]?.append(entry({ receiptNumber: 1 }))).toThrow(LedgerError);
  closeAll();
  expect(() => tamper(`UPDATE event SET kind = 'x'`)).toThrow(/append-only/);
  expect(() => tamper('DELETE FROM event')).toThrow(/append-only/);
  expect(opened().rows(0, 10)).toHaveLength(1);
});

test.each([
  ['a changed body', `UPDATE event SET body = '{}' WHERE seq = 2`],
  ['a changed time', `UPDATE event SET at_ms = 1 WHERE seq = 2`],
  ['another sale', `UPDATE event SET sale_id = 'sale-9' WHERE seq = 2`],
  ['another number', `UPDATE event SET receipt_number = 9 WHERE seq = 2`],
  ['a row taken out', `DELETE FROM event WHERE seq = 2`],
])('%s breaks the chain and is found when the ledger is opened', (_what, sql) => {
  const ledger = opened();
  for (let count = 0; count < 3; count++) ledger.append(entry());
  closeAll();
  tamper(`DROP TRIGGER event_never_changes; DROP TRIGGER event_never_goes; ${sql}`);
  expect(faultOf(opened)).toBe('corrupt');
});

/** Opens it and looks at all of it. */
function checked(path = file): LedgerFile {
  const ledger = opened(path);
  while (!ledger.checkMore());
  return ledger;
}

test('a whole ledger is found to be whole, and taken on with meanwhile', () => {
  writeLedger(file, 2100);
  const ledger = opened();
  expect(ledger.checkMore()).toBe(false);
  ledger.append(entry());
  expect(ledger.checkMore()).toBe(false);
  expect(ledger.checkMore()).toBe(true);
  expect(ledger.verify()).toEqual({ kind: 'whole', rowCount: 2101 });
});

test.each([
  ['a row of another chain', `UPDATE event SET hash = 'x' WHERE seq = 7`],
  ['another first row', `UPDATE event SET previous_hash = 'x' WHERE seq = 1`],
  ['a row taken out', `DELETE FROM event WHERE seq = 1050`],
])('%s is found after the start, and no row is taken from then on', (_what, sql) => {
  writeLedger(file, 2100);
  tamper(`DROP TRIGGER event_never_changes; DROP TRIGGER event_never_goes; ${sql}`);
  const ledger = opened();
  ledger.append(entry());
  const look = (): void => {
    while (!ledger.checkMore());
  };
  expect(faultOf(look)).toBe('corrupt');
  expect(faultOf(() => ledger.append(entry()))).toBe('corrupt');
});

test('no page of the file can be damaged without being found', () => {
  writeLedger(file, 1200);
  const bytes = readFileSync(file);
  const pageBytes = 4096;
  const missed: string[] = [];
  for (let at = 0; at < bytes.length; at += pageBytes) {
    const spoiled = join(folder, `spoiled-${at / pageBytes + 1}.db`);
    writeFileSync(spoiled, Buffer.from(bytes).fill(0xff, at, at + pageBytes));
    const fault = faultOf(() => checked(spoiled));
    if (fault !== 'corrupt') missed.push(`${spoiled}: ${fault}`);
  }
  expect(missed).toEqual([]);
});

test('an old row that was changed is found by the full check, while a start looks at the last', () => {
  writeLedger(file, 1100);
  tamper(`DROP TRIGGER event_never_changes; UPDATE event SET kind = 'x' WHERE seq = 7`);
  expect(opened().verify()).toEqual({ kind: 'broken', seq: 7 });
});

describe('a ledger that cannot be used says why', () => {
  test('cut short', () => {
    const ledger = opened();
    for (let count = 0; count < 50; count++) ledger.append(entry({ body: 'x'.repeat(500) }));
    closeAll();
    const size = statSync(file).size;
    for (const length of [0, 100, 4096, 4096 * 3, size - 4096, size - 100]) {
      const cut = join(folder, `cut-${length}.db`);
      copyFileSync(file, cut);
      truncateSync(cut, length);
      expect(
        faultOf(() => checked(cut)),
        `cut to ${length}`,
      ).toBe('corrupt');
    }
  });

  test('overwritten in the middle', () => {
    const ledger = opened();
    for (let count = 0; count < 50; count++) ledger.append(entry({ body: 'x'.repeat(500) }));
    closeAll();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 2000);
    writeFileSync(file, bytes);
    expect(faultOf(checked)).toBe('corrupt');
  });

  test('no ledger at all', () => {
    writeFileSync(file, 'a shopping list, not a database. '.repeat(100));
    expect(faultOf(opened)).toBe('corrupt');
    rmSync(file);
    tamper('CREATE TABLE other (a)');
    expect(faultOf(opened)).toBe('corrupt');
    rmSync(file);
    writeFileSync(`${file}-wal`, 'left alone');
    expect(faultOf(opened)).toBe('corrupt');
    expect(existsSync(file)).toBe(false);
  });

  test('from a newer app, and untouched by this one', () => {
    opened();
    closeAll();
    tamper(`PRAGMA user_version = ${migrations.length + 1}`);
    const before = readFileSync(file);
    expect(faultOf(opened)).toBe('newer-version');
    expect(() => opened()).toThrow(new RegExp(`version ${migrations.length + 1}`));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('full; the row that did not fit is not there, and the chain holds', () => {
    const ledger = opened();
    ledger.append(entry());
    ledger.limitPages(12);
    let written = 1;
    const fill = (): void => {
      for (; written < 100; written++) ledger.append(entry({ body: 'x'.repeat(2000) }));
    };
    expect(faultOf(fill)).toBe('full');
    expect(written).toBeLessThan(20);
    ledger.limitPages(1000);
    ledger.append(entry());
    expect(ledger.verify()).toEqual({ kind: 'whole', rowCount: written + 1 });
  });

  test('open in this process or another', () => {
    opened().append(entry());
    expect(faultOf(opened)).toBe('locked');
    const other = spawnSync(process.execPath, [
      '-e',
      `const D = require('libsql'); const db = new D(${JSON.stringify(file)});
       try { db.exec('INSERT INTO event (seq) VALUES (9)'); } catch (e) { console.log(e.code); }
       try { db.prepare('SELECT * FROM event').all(); } catch (e) { console.log(e.code); }`,
    ]);
    expect(other.stdout.toString().trim().split('\n')).toEqual(['SQLITE_BUSY', 'SQLITE_BUSY']);
    expect(open[0]?.verify()).toEqual({ kind: 'whole', rowCount: 1 });
  });

  // Root may write anything, so there the test takes another user's rights for a moment.
  const asUser = (work: () => void): void => {
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      work();
    } finally {
      if (root) process.seteuid?.(0);
    }
  };

  test.skipIf(process.platform === 'win32')('read-only file or folder', () => {
    opened().append(entry());
    closeAll();
    chmodSync(folder, 0o755);
    chmodSync(file, 0o444);
    asUser(() => expect(faultOf(opened)).toBe('read-only'));
    chmodSync(folder, 0o555);
    asUser(() => expect(faultOf(() => opened(join(folder, 'new.db')))).toBe('read-only'));
    asUser(() => expect(faultOf(() => opened(join(folder, 'below/new.db')))).toBe('read-only'));
    chmodSync(folder, 0o755);
    expect(readdirSync(folder)).toEqual(['ledger.db']);
  });

  test.skipIf(process.platform === 'win32')('file may be written, but its folder not', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    chmodSync(folder, 0o755);
    file = join(inner, 'ledger.db');
    opened().append(entry());
    closeAll();
    if (process.getuid?.() === 0) chownSync(file, 65_534, 65_534);
    chmodSync(inner, 0o555);
    asUser(() => expect(faultOf(opened)).toBe('read-only'));
    chmodSync(inner, 0o755);
  });
});

test('a torn last record of the log vanishes; all before it stays', () => {
  const ledger = opened();
  const rows = [1, 2, 3].map((number) => ledger.append(entry({ body: { number } })));
  const torn = join(folder, 'torn.db');
  // What a power cut leaves: the file and its log, the log's last frame half written.
  copyFileSync(file, torn);
  copyFileSync(`${file}-wal`, `${torn}-wal`);
  truncateSync(`${torn}-wal`, statSync(`${torn}-wal`).size - 1000);
  const after = opened(torn);
  expect(after.rows(0, 10)).toEqual(rows.slice(0, 2));
  after.append(entry());
  expect(after.verify()).toEqual({ kind: 'whole', rowCount: 3 });
});

describe('migrations', () => {
  test('a ledger of version 1 keeps its rows and gains what is new', () => {
    const ledger = opened();
    const rows = [ledger.append(entry({ receiptNumber: 1 })), ledger.append(entry())];
    closeAll();
    const old = new Database(file);
    old.exec(
      'DROP INDEX event_by_receipt_number; DROP INDEX event_at_rest; DROP INDEX event_by_sale',
    );
    old.exec('PRAGMA user_version = 1');
    old.close();
    const migrated = opened();
    expect(migrated.rows(0, 10)).toEqual(rows);
    expect(() => migrated.append(entry({ receiptNumber: 1 }))).toThrow(LedgerError);
    closeAll();
    const db = new Database(file);
    expect(db.pragma('user_version')).toEqual([{ user_version: migrations.length }]);
    db.close();
  });

  test('each step brings one version; a step that fails leaves the one before', () => {
    const db = new Database(':memory:');
    migrate(db, file, migrations.slice(0, 1));
    expect(db.pragma('user_version')).toEqual([{ user_version: 1 }]);
    const failing = [migrations[0] ?? '', 'CREATE TABLE half (a); SELECT * FROM nowhere'];
    expect(() => migrate(db, file, failing)).toThrow(LedgerError);
    expect(db.pragma('user_version')).toEqual([{ user_version: 1 }]);
    expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
    migrate(db, file, migrations);
    expect(db.pragma('user_version')).toEqual([{ user_version: migrations.length }]);
    db.close();
  });
});
