import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLedgerFile } from './ledger-file.ts';
import { writeLedger } from './ledger-for-test.ts';
import type * as LedgerRows from './ledger-rows.ts';
import { verifyLedger } from './verify-ledger.ts';

/** What the second read of rows fails with; null for nothing. */
const failure = vi.hoisted(() => ({ error: null as Error | null }));

vi.mock('./ledger-rows.ts', async (original) => {
  const real = await original<typeof LedgerRows>();
  return {
    ...real,
    rowsOf: (...args: Parameters<typeof real.rowsOf>) => {
      const rows = real.rowsOf(...args);
      return {
        ...rows,
        read: (afterSeq: number, limit: number) => {
          if (afterSeq > 0 && failure.error !== null) throw failure.error;
          return rows.read(afterSeq, limit);
        },
      };
    },
  };
});

function wholeLedger(): string {
  const folder = mkdtempSync(join(tmpdir(), 'freshlane-verify-'));
  onTestFinished(() => {
    failure.error = null;
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'ledger.db');
  writeLedger(file, 600);
  openLedgerFile(file).close();
  return file;
}

test('a disk that fails once says nothing of the ledger', () => {
  const file = wholeLedger();
  failure.error = Object.assign(new Error('disk I/O error'), { rawCode: 266 });
  expect(() => verifyLedger(file)).toThrow('disk I/O error');
  failure.error = null;
  expect(verifyLedger(file)).toMatchObject({ kind: 'whole', rowCount: 600 });
});

test('behind rows that are damaged, none is said to be missing', () => {
  const file = wholeLedger();
  failure.error = Object.assign(new Error('database disk image is malformed'), { rawCode: 11 });
  expect(verifyLedger(file)).toMatchObject({
    kind: 'broken',
    findings: [{ kind: 'file', seq: 251, message: expect.stringContaining('Rows from 251 on') }],
  });
});
