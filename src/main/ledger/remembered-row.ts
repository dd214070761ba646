import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { damaged } from './ledger-fault.ts';
import { besideLedger } from './ledger-paths.ts';
import type { LedgerRows } from './ledger-rows.ts';
import type { LedgerNotice, Verification } from './ledger.ts';
import { beforeAll, rowFits } from './stored-row.ts';

/*
 * A start looks at the last rows' hashes alone. So that no restart opens a till whose ledger was found
 * to have a bad row further back, that row's number is kept beside the ledger, and looked at again.
 */

function notePath(file: string): string {
  return besideLedger(file, '.bad-row');
}

/** Keeps the first bad row of a verification, if there is one. */
export function rememberBadRow(file: string, verification: Verification): void {
  if (verification.kind === 'whole') return;
  const seq = verification.findings.find(({ kind }) => kind === 'row')?.seq ?? null;
  if (seq === null) return;
  try {
    writeFileSync(notePath(file), `${seq}\n`, { flush: true });
  } catch {
    // It has been found all the same, and the next verification finds it again.
  }
}

/** What is still so of it, for whoever has the lock; forgotten where that is another ledger by now. */
export function rememberedBadRow(file: string, { read }: LedgerRows): LedgerNotice | null {
  const seq = Number(readNote(file));
  if (!Number.isSafeInteger(seq) || seq < 1) return null;
  const [row] = read(seq - 1, 1);
  const before = seq === 1 ? beforeAll : read(seq - 2, 1)[0];
  if (row === undefined || (before !== undefined && rowFits(row, before))) {
    rmSync(notePath(file));
    return null;
  }
  const advice = damaged(file, `row ${seq} is not as it was written`);
  return { kind: 'bad-row', file, seq, advice };
}

function readNote(file: string): string {
  try {
    return readFileSync(notePath(file), 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
