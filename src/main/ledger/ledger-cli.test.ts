import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundleForTests } from '../testing/bundle-for-tests.ts';
import type { TestBundle } from '../testing/bundle-for-tests.ts';
import { openLedgerFile } from './ledger-file.ts';
import { changeRows, factOf, writeLedger } from './ledger-for-test.ts';

let bundle: TestBundle;
let folder: string;
let file: string;

beforeAll(async () => {
  bundle = await bundleForTests({ ledger: 'src/main/ledger/ledger-cli.ts' });
});
afterAll(() => bundle.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-ledger-cli-'));
  file = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(args: readonly string[]) {
  return spawn(process.execPath, [join(bundle.folder, 'ledger.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(...args: readonly string[]) {
  const child = start(args);
  const [[code], out, err] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, err };
}

test('beside a kiosk that writes, both find all that is there', async () => {
  const kiosk = openLedgerFile(file);
  kiosk.append([factOf(1, { saleId: 's', kind: 'sale-completed', version: 3, receiptNumber: 1 })]);
  const verified = await run('verify', '--data', folder);
  const [last] = kiosk.append([factOf(2, { atMs: 1_790_000_000_000 })]);
  const exported = await run('export', '--data', folder);
  kiosk.append([factOf(3)]);
  kiosk.close();

  expect(verified).toMatchObject({ code: 0, err: '' });
  expect(verified.out).toContain('is whole: 2 rows');
  expect(exported).toMatchObject({ code: 0, err: '' });
  const lines = exported.out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ seq: 1, kind: 'ledger-begun' }),
    expect.objectContaining({ seq: 2, version: 3, saleId: 's', receiptNumber: 1, fact: 1 }),
    {
      seq: 3,
      kind: 'item-recognised',
      version: 1,
      at: '2026-09-21T14:13:20.000Z',
      saleId: null,
      receiptNumber: null,
      fact: 2,
      hash: last?.hash,
    },
  ]);
});

test('what is amiss is said in words, with status 1', async () => {
  writeLedger(file, 20);
  changeRows(file, `UPDATE fact SET body = '1' WHERE seq = 7`);
  const { code, out } = await run('verify', '--data', folder);
  expect(code).toBe(1);
  expect(out).toContain('is not whole:\n- Row 7 was changed.\n- ledger.head is missing');
});

test('what a kill left is read, and stays as it is', async () => {
  const ledger = openLedgerFile(file);
  ledger.append([factOf(1)]);
  const killed = join(folder, 'killed');
  mkdirSync(killed);
  for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.head']) {
    copyFileSync(join(folder, name), join(killed, name));
  }
  ledger.close();
  const contents = () =>
    readdirSync(killed)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(killed, name), 'base64')]);
  const before = contents();
  expect(await run('verify', '--data', killed)).toMatchObject({ code: 0 });
  expect(await run('export', '--data', killed)).toMatchObject({ code: 0 });
  expect(contents()).toEqual(before);
});

test('whoever reads no more of an export ends it without a word', async () => {
  writeLedger(file, 20_000);
  const child = start(['export', '--data', folder]);
  child.stdout.once('data', () => child.stdout.destroy());
  const [[code], err] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stderr),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('a row that cannot be read ends an export with its number', async () => {
  writeLedger(file, 20);
  changeRows(file, `UPDATE fact SET body = '{' WHERE seq = 7`);
  const { code, err } = await run('export', '--data', folder);
  expect(code).toBe(1);
  expect(err).toContain('row 7 cannot be read');
});

test.each([
  [[], 'Expected one of verify, export.'],
  [['mend', '--data', '.'], 'Expected one of verify, export.'],
  [['verify', 'export', '--data', '.'], 'Expected one of verify, export.'],
  [['verify'], '--data DIR is missing.'],
  [['verify', '--colour', 'green'], '--colour'],
])('%j is refused with status 2', async (args, problem) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(problem);
  expect(err).toContain('npm run ledger -- verify --data DIR');
});

test('where there is no ledger, that is said, and none is made', async () => {
  for (const action of ['verify', 'export']) {
    const { code, out, err } = await run(action, '--data', join(folder, 'none'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('There is no ledger at');
  }
  expect(readdirSync(folder)).toEqual([]);
});
