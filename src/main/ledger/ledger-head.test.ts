import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { changeRows, factOf } from './ledger-for-test.ts';
import { readHead } from './ledger-head.ts';
import { verifyLedger } from './verify-ledger.ts';

let folder: string;
let file: string;
let headFile: string;
let open: LedgerFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-head-'));
  file = join(folder, 'ledger.db');
  headFile = join(folder, 'ledger.head');
  open = [];
});
afterEach(() => {
  closeAll();
  rmSync(folder, { recursive: true });
});

function opened(): LedgerFile {
  const ledger = openLedgerFile(file);
  open.push(ledger);
  return ledger;
}

function closeAll(): void {
  for (const ledger of open.splice(0)) ledger.close();
}

/** Appends so many rows to what is there, and closes it. */
function write(rowCount: number): void {
  const ledger = opened();
  for (let count = 0; count < rowCount; count++) ledger.append([factOf(count)]);
  closeAll();
}

const corrupt = (words: RegExp): Error =>
  expect.objectContaining({
    fault: 'corrupt',
    message: expect.stringMatching(words) as string,
  }) as Error;

test('the head is the last row from the making of a ledger on', () => {
  const ledger = opened();
  expect(readHead(file)).toEqual({ seq: 1, hash: ledger.rows(0, 1)[0]?.hash });
  ledger.append([factOf(1), factOf(2)]);
  expect(readHead(file)).toEqual({ seq: 3, hash: ledger.rows(2, 1)[0]?.hash });
});

describe('rows that were written and are not there are named, and refused', () => {
  test('the end was cut', () => {
    write(5);
    changeRows(file, 'DELETE FROM fact WHERE seq > 3');
    expect(opened).toThrow(corrupt(/Rows 4 to 6 .* missing.* move ledger\.head away/));
    expect(verifyLedger(file)).toMatchObject({
      kind: 'broken',
      findings: [{ kind: 'head', seq: 4 }],
    });
  });

  test('an older copy was put in its place', () => {
    write(2);
    copyFileSync(file, join(folder, 'backup.db'));
    write(2);
    copyFileSync(join(folder, 'backup.db'), file);
    expect(opened).toThrow(corrupt(/Rows 4 to 5 /));
  });

  test('it was deleted, and is not made anew', () => {
    write(2);
    rmSync(file);
    expect(opened).toThrow(corrupt(/Rows 1 to 3 /));
    expect(existsSync(file)).toBe(false);
  });

  test('a ledger of the older form was put in its place, and is not set aside', () => {
    write(2);
    copyFileSync(join(import.meta.dirname, 'fixtures', 'events-version-2.db'), file);
    expect(opened).toThrow(corrupt(/Rows 1 to 3 /));
    expect(readdirSync(folder).filter((name) => name.includes('until'))).toEqual([]);
  });

  test('another ledger was put in its place', () => {
    write(2);
    const head = readFileSync(headFile);
    rmSync(file);
    rmSync(headFile);
    write(4);
    writeFileSync(headFile, head);
    expect(opened).toThrow(corrupt(/Row 3 .* is not the one that was written/));
    expect(verifyLedger(file)).toMatchObject({ findings: [{ kind: 'head', seq: 3 }] });
  });
});

test('whoever moves the head away goes on with what is there, and the log says so', () => {
  write(5);
  changeRows(file, 'DELETE FROM fact WHERE seq > 3');
  rmSync(headFile);
  expect(verifyLedger(file)).toMatchObject({ findings: [{ kind: 'no-head', seq: null }] });
  expect(opened().notices).toEqual([{ kind: 'head-missing', file: headFile, lastSeq: 3 }]);
  closeAll();
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 3 });
  expect(opened().notices).toEqual([]);
});

test('a head that cannot be read counts as missing', () => {
  write(2);
  writeFileSync(headFile, 'torn');
  expect(opened().notices).toMatchObject([{ kind: 'head-missing' }]);
  expect(readHead(file)?.seq).toBe(3);
});

test('a ledger that was only just made needs no head yet: nothing was written to it', () => {
  write(0);
  rmSync(headFile);
  expect(opened().notices).toEqual([]);
});

test('a head that is behind is what a power cut leaves, and moves up', () => {
  write(2);
  const behind = readFileSync(headFile);
  write(2);
  writeFileSync(headFile, behind);
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 5 });
  expect(opened().notices).toEqual([]);
  expect(readHead(file)?.seq).toBe(5);
});
