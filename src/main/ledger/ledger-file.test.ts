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
import { migrate } from './connection.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { changeRows, writeLedger } from './ledger-for-test.ts';
import { LedgerError } from './ledger.ts';
import type { LedgerEntry, LedgerFault, LedgerRow } from './ledger.ts';
import { firstVersion, migrations } from './migrations.ts';
import { verifyLedger } from './verify-ledger.ts';

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
  version: 1,
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

/** Appends one row. */
function add(ledger: LedgerFile | undefined, change: Partial<LedgerEntry> = {}): LedgerRow {
  const [row] = ledger?.append([entry(change)]) ?? [];
  if (row === undefined) throw new Error('no row came of it');
  return row;
}

/** What another process says when it takes the lock, takes it and is killed, or counts the rows. */
function inAnotherProcess(what: 'lock' | 'die' | 'read'): string {
  const work = {
    lock: `d = new D(lock); d.exec('BEGIN EXCLUSIVE'); console.log('taken')`,
    die: `d = new D(lock); d.exec('BEGIN EXCLUSIVE'); process.kill(process.pid, 'SIGKILL')`,
    read: `d = new D(file); console.log(d.prepare('SELECT max(seq) AS n FROM fact').get().n)`,
  }[what];
  const names = `file = ${JSON.stringify(file)}, lock = file.replace('.db', '.lock')`;
  const script = `const D = require('libsql'), ${names}; let d;
    try { ${work} } catch (e) { console.log(e.code) }`;
  const { stdout, signal } = spawnSync(process.execPath, ['-e', script]);
  return signal ?? stdout.toString().trim();
}

/** Writes to a ledger as something other than this app would. */
function tamper(sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

test('rows are chained, come back as they went in, and go on after reopening', () => {
  const first = add(opened());
  closeAll();
  const ledger = opened();
  const second = add(ledger, { saleId: null, atRest: true, body: [1, null] });
  expect(second.previousHash).toBe(first.hash);
  expect(ledger.rows(1, 10)).toEqual([first, second]);
  expect(ledger.rows(2, 10)).toEqual([second]);
  expect(verifyLedger(file)).toEqual({ kind: 'whole', rowCount: 3, lastHash: second.hash });
});

test('what is open is read back from behind the last rest, with the number before it', () => {
  const ledger = opened();
  expect(ledger.openTail()).toEqual({ lastNumber: 0, rows: [] });
  add(ledger, { kind: 'sale-completed', receiptNumber: 1 });
  add(ledger, { kind: 'receipt-done', atRest: true });
  const third = add(ledger, { saleId: 'sale-2' });
  const fourth = add(ledger, { saleId: 'sale-2', receiptNumber: 2 });
  expect(ledger.openTail()).toEqual({ lastNumber: 1, rows: [third, fourth] });
});

test('rows are never changed, never deleted, and a receipt number is given once', () => {
  add(opened(), { receiptNumber: 1 });
  expect(() => add(open[0], { receiptNumber: 1 })).toThrow(LedgerError);
  closeAll();
  expect(() => tamper(`UPDATE fact SET kind = 'x'`)).toThrow(/append-only/);
  expect(() => tamper('DELETE FROM fact')).toThrow(/append-only/);
  expect(opened().rows(1, 10)).toHaveLength(1);
});

test.each([
  ['another version', `UPDATE fact SET version = 2 WHERE seq = 2`],
  ['a changed body', `UPDATE fact SET body = '{}' WHERE seq = 2`],
  ['a changed time', `UPDATE fact SET at_ms = 1 WHERE seq = 2`],
  ['another sale', `UPDATE fact SET sale_id = 'sale-9' WHERE seq = 2`],
  ['another number', `UPDATE fact SET receipt_number = 9 WHERE seq = 2`],
  ['a row taken out', `DELETE FROM fact WHERE seq = 2`],
])('%s breaks the chain and is found when the ledger is opened', (_what, sql) => {
  const ledger = opened();
  for (let count = 0; count < 3; count++) add(ledger);
  closeAll();
  changeRows(file, sql);
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
  add(ledger);
  expect(ledger.checkMore()).toBe(false);
  expect(ledger.checkMore()).toBe(true);
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 2101 });
});

test.each([
  ['a row of another chain', `UPDATE fact SET hash = 'x' WHERE seq = 7`],
  ['another row before it', `UPDATE fact SET previous_hash = 'x' WHERE seq = 3`],
  ['a row taken out', `DELETE FROM fact WHERE seq = 1050`],
])('%s is found after the start, and no row is taken from then on', (_what, sql) => {
  writeLedger(file, 2100);
  changeRows(file, sql);
  const ledger = opened();
  add(ledger);
  const look = (): void => {
    while (!ledger.checkMore());
  };
  expect(faultOf(look)).toBe('corrupt');
  expect(faultOf(() => add(ledger))).toBe('corrupt');
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
  changeRows(file, `UPDATE fact SET kind = 'x' WHERE seq = 7`);
  opened();
  expect(verifyLedger(file)).toMatchObject({ kind: 'broken', findings: [{ kind: 'row', seq: 7 }] });
});

describe('a ledger that cannot be used says why', () => {
  test('cut short', () => {
    const ledger = opened();
    for (let count = 0; count < 50; count++) add(ledger, { body: 'x'.repeat(500) });
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
    for (let count = 0; count < 50; count++) add(ledger, { body: 'x'.repeat(500) });
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
    tamper(`PRAGMA user_version = ${firstVersion + migrations.length}`);
    const before = readFileSync(file);
    expect(faultOf(opened)).toBe('newer-version');
    expect(() => opened()).toThrow(new RegExp(`version ${firstVersion + migrations.length}`));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('full; the row that did not fit is not there, and the chain holds', () => {
    const ledger = opened();
    add(ledger);
    ledger.limitPages(14);
    let written = 1;
    const fill = (): void => {
      for (; written < 100; written++) add(ledger, { body: 'x'.repeat(2000) });
    };
    expect(faultOf(fill)).toBe('full');
    expect(written).toBeLessThan(20);
    ledger.limitPages(1000);
    add(ledger);
    expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: written + 2 });
  });

  test('open in another kiosk; whoever only reads is let in', () => {
    add(opened());
    expect(faultOf(opened)).toBe('locked');
    expect(inAnotherProcess('lock')).toBe('SQLITE_BUSY');
    expect(inAnotherProcess('read')).toBe('2');
    add(open[0]);
    expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 3 });
    closeAll();
    expect(inAnotherProcess('lock')).toBe('taken');
    expect(readFileSync(join(folder, 'ledger.lock'))).toHaveLength(0);
  });

  test('open in a process that was killed: not any more', () => {
    add(opened());
    closeAll();
    expect(inAnotherProcess('die')).toBe('SIGKILL');
    expect(add(opened()).seq).toBe(3);
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
    add(opened());
    closeAll();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'ledger.lock'), 0o666);
    chmodSync(file, 0o444);
    asUser(() => expect(faultOf(opened)).toBe('read-only'));
    chmodSync(file, 0o666);
    chmodSync(join(folder, 'ledger.lock'), 0o444);
    chmodSync(folder, 0o777);
    asUser(() => expect(faultOf(opened)).toBe('read-only'));
    chmodSync(folder, 0o555);
    asUser(() => expect(faultOf(() => opened(join(folder, 'new.db')))).toBe('read-only'));
    asUser(() => expect(faultOf(() => opened(join(folder, 'below/new.db')))).toBe('read-only'));
    chmodSync(folder, 0o755);
    expect(readdirSync(folder)).toEqual(['ledger.db', 'ledger.head', 'ledger.lock']);
  });

  test.skipIf(process.platform === 'win32')('file may be written, but its folder not', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    chmodSync(folder, 0o755);
    file = join(inner, 'ledger.db');
    add(opened());
    closeAll();
    chmodSync(join(inner, 'ledger.lock'), 0o666);
    if (process.getuid?.() === 0) chownSync(file, 65_534, 65_534);
    chmodSync(inner, 0o555);
    asUser(() => expect(faultOf(opened)).toBe('read-only'));
    chmodSync(inner, 0o755);
  });
});

test('a torn last record of the log vanishes; all before it stays', () => {
  const ledger = opened();
  const rows = [1, 2, 3].map((number) => add(ledger, { body: { number } }));
  const torn = join(folder, 'torn.db');
  // What a power cut leaves: the file and its log, the log's last frame half written.
  copyFileSync(file, torn);
  copyFileSync(`${file}-wal`, `${torn}-wal`);
  truncateSync(`${torn}-wal`, statSync(`${torn}-wal`).size - 1000);
  const after = opened(torn);
  expect(after.rows(1, 10)).toEqual(rows.slice(0, 2));
  add(after);
  expect(verifyLedger(torn)).toMatchObject({ kind: 'whole', rowCount: 4 });
});

test('several facts are one: all of them are stored, or none', () => {
  const ledger = opened();
  const before = add(ledger, { receiptNumber: 1 });
  const three = [entry({ body: 1 }), entry({ body: 2, version: 7 }), entry({ body: 3 })];
  const rows = ledger.append(three);
  expect(rows.map(({ seq, body, version }) => [seq, body, version])).toEqual([
    [3, 1, 1],
    [4, 2, 7],
    [5, 3, 1],
  ]);
  expect(rows[0]?.previousHash).toBe(before.hash);
  expect(faultOf(() => ledger.append([entry(), entry({ receiptNumber: 1 })]))).toBe('corrupt');
  expect(() => ledger.append([])).toThrow(RangeError);
  expect(ledger.rows(2, 10)).toEqual(rows);
  expect(add(ledger).seq).toBe(6);
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 6 });
});

test('a new ledger begins with a row of its own, which is at rest', () => {
  expect(opened().rows(0, 10)).toMatchObject([
    { seq: 1, kind: 'ledger-begun', atRest: true, body: { lastNumber: 0, setAside: null } },
  ]);
  closeAll();
  changeRows(file, `UPDATE fact SET kind = 'x'`);
  expect(faultOf(opened)).toBe('corrupt');
});

describe('migrations', () => {
  test('each step brings one version; a step that fails leaves the one before', () => {
    const db = new Database(':memory:');
    const [first = ''] = migrations;
    migrate(db, file, [first]);
    expect(db.pragma('user_version')).toEqual([{ user_version: firstVersion }]);
    const failing = [first, 'CREATE TABLE half (a); SELECT * FROM nowhere'];
    expect(() => migrate(db, file, failing)).toThrow(LedgerError);
    expect(db.pragma('user_version')).toEqual([{ user_version: firstVersion }]);
    expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
    migrate(db, file, [first, 'CREATE TABLE second (a)']);
    expect(db.pragma('user_version')).toEqual([{ user_version: firstVersion + 1 }]);
    db.close();
  });
});
