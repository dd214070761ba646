import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundleForTests } from '../testing/bundle-for-tests.ts';
import type { TestBundle } from '../testing/bundle-for-tests.ts';
import type { LedgerEntry } from './ledger.ts';
import { changeRows, writeLedger } from './ledger-for-test.ts';
import { openLedger } from './open-ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

let folder: string;
let bundle: TestBundle;
let workerUrl: URL;
let file: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-ledger-thread-'));
  bundle = await bundleForTests({ worker: 'src/main/ledger/ledger-worker.ts' });
  workerUrl = pathToFileURL(join(bundle.folder, 'worker.mjs'));
});
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  count += 1;
  file = join(folder, `${count}.db`);
});

const entry = (body: unknown): LedgerEntry => ({
  kind: 'sale-started',
  version: 1,
  atMs: 0,
  saleId: 'sale',
  atRest: false,
  receiptNumber: null,
  body,
});

test('rows keep the order of the calls, and the file is free after closing', async () => {
  const ledger = await openLedger(file, workerUrl);
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const added = await Promise.all(numbers.map((number) => ledger.append([entry(number)])));
  const rows = added.flat();
  expect(rows.map(({ seq, body }) => [seq, body])).toEqual(numbers.map((n) => [n + 2, n]));
  await ledger.close();

  const again = await openLedger(file, workerUrl);
  expect(await again.openTail()).toEqual({ lastNumber: 0, rows });
  expect(await again.rows(49, 10)).toEqual(rows.slice(48));
  expect(await again.verify()).toMatchObject({ kind: 'whole', rowCount: 51 });
  await again.close();
});

test('a fault crosses from the thread with its name', async () => {
  await writeFile(file, 'no ledger');
  await expect(openLedger(file, workerUrl)).rejects.toMatchObject({ fault: 'corrupt' });
});

test('damage in old rows is told after the start, and nothing is written from then on', async () => {
  writeLedger(file, 2100);
  const whole = await openLedger(file, workerUrl);
  await expect(whole.checked()).resolves.toBeUndefined();
  await whole.close();

  changeRows(file, `UPDATE fact SET hash = 'x' WHERE seq = 1050`);
  const ledger = await openLedger(file, workerUrl);
  await expect(ledger.checked()).rejects.toMatchObject({
    fault: 'corrupt',
    message: expect.stringContaining('put the last backup in its place') as string,
  });
  await expect(ledger.append([entry('more')])).rejects.toMatchObject({ fault: 'corrupt' });
  await ledger.close();
});

test('an old row that is changed under a running ledger is found, and still so after a restart', async () => {
  writeLedger(file, 2100);
  const told: unknown[] = [];
  const openAndNote = () => openLedger(file, workerUrl, (notice) => told.push(notice));
  const ledger = await openAndNote();
  expect(await ledger.verify()).toMatchObject({ kind: 'whole', rowCount: 2100 });
  changeRows(file, `UPDATE fact SET body = '"other"' WHERE seq IN (7, 901)`);
  expect(await ledger.verify()).toMatchObject({
    kind: 'broken',
    findings: [{ kind: 'row', seq: 7, message: 'Row 7 was changed.' }, { seq: 901 }],
  });
  // What is open is still told to its end.
  expect(await ledger.append([entry('the end')])).toMatchObject([{ seq: 2101 }]);
  await ledger.close();

  told.length = 0;
  const again = await openAndNote();
  expect(told).toMatchObject([{ kind: 'bad-row', seq: 7 }]);
  await again.close();

  changeRows(file, `UPDATE fact SET body = '"${'x'.repeat(40)}"' WHERE seq IN (7, 901)`);
  const healed = await openAndNote();
  expect(told).toHaveLength(1);
  expect(existsSync(join(folder, `${count}.bad-row`))).toBe(false);
  expect(await healed.verify()).toMatchObject({ kind: 'whole' });
  await healed.close();
});

test('closing ends a verification at once, and the file is whole', async () => {
  writeLedger(file, 2100);
  const ledger = await openLedger(file, workerUrl);
  const verified = ledger.verify();
  const failed = expect(verified).rejects.toMatchObject({ fault: 'stopped' });
  await ledger.close();
  await failed;
  expect(verifyLedger(file)).toMatchObject({ rowCount: 2100 });
});

test('that an old ledger was set aside is told before anything else', async () => {
  await copyFile('src/main/ledger/fixtures/events-version-2.db', file);
  const told: unknown[] = [];
  const ledger = await openLedger(file, workerUrl, (notice) => told.push(notice));
  expect(told).toMatchObject([{ kind: 'set-aside', file, lastNumber: 6 }]);
  await ledger.close();
});

test('nothing to append is refused, and the thread goes on', async () => {
  const ledger = await openLedger(file, workerUrl);
  await expect(ledger.append([])).rejects.toThrow(RangeError);
  expect(await ledger.append([entry(1), entry(2)])).toMatchObject([{ seq: 2 }, { seq: 3 }]);
  await ledger.close();
});

test('a second one is refused while the first is open', async () => {
  const ledger = await openLedger(file, workerUrl);
  await expect(openLedger(file, workerUrl)).rejects.toMatchObject({ fault: 'locked' });
  await ledger.append([entry('still writing')]);
  await ledger.close();
});

test('what waits when the thread dies fails, and so does what comes later', async () => {
  const dies = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, name }) => {
      if (name === 'open') parentPort.postMessage({ kind: 'done', id, response: [] });
      if (name === 'rows') process.exit();
    });`;
  const mortal = new URL(`data:text/javascript,${encodeURIComponent(dies)}`);
  const ledger = await openLedger(file, mortal);
  const asked = [ledger.checked(), ledger.append([entry(1)]), ledger.rows(0, 1)];
  for (const { status, reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
    expect([status, reason.fault]).toEqual(['rejected', 'stopped']);
  }
  await expect(ledger.openTail()).rejects.toMatchObject({ fault: 'stopped' });
  await ledger.close();
});

test('after closing, and without a thread, every call is refused', async () => {
  const ledger = await openLedger(file, workerUrl);
  await ledger.close();
  await expect(ledger.append([entry(1)])).rejects.toMatchObject({ fault: 'stopped' });
  await ledger.close();
  const nowhere = new URL('nowhere.mjs', workerUrl);
  await expect(openLedger(file, nowhere)).rejects.toMatchObject({ fault: 'stopped' });
});
