import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../shared/assert-never.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { ledgerErrorFrom } from './ledger-fault.ts';
import type { LedgerFault } from './ledger.ts';
import type { LedgerAnswer, LedgerCall, LedgerJob, LedgerVerdict } from './ledger-protocol.ts';
import { verifyLedger } from './verify-ledger.ts';

const { kind, file } = workerData as LedgerJob;
const port = parentPort ?? refuse();
const tell = (message: LedgerAnswer | LedgerVerdict): void => port.postMessage(message);

function refuse(): never {
  throw new Error('the ledger runs in a worker thread');
}

function failure(error: unknown): { readonly fault: LedgerFault; readonly message: string } {
  const { fault, message } = ledgerErrorFrom(error, file);
  return { fault, message };
}

function answer<T>(work: () => T, said: (value: T) => unknown): T | null {
  try {
    const value = work();
    tell({ kind: 'done', value: said(value) });
    return value;
  } catch (error) {
    tell({ kind: 'failed', ...failure(error) });
    return null;
  }
}

function carryOut(ledger: LedgerFile, call: LedgerCall): unknown {
  switch (call.kind) {
    case 'append':
      return ledger.append(call.entries);
    case 'open-tail':
      return ledger.openTail();
    case 'rows':
      return ledger.rows(call.afterSeq, call.limit);
    case 'close':
      ledger.close();
      return null;
    default:
      return assertNever(call);
  }
}

/** A start-up has more to do than this, and what is to be written goes between. */
const pauseMs = 2;

function check(ledger: LedgerFile): void {
  if (closed) return;
  try {
    if (ledger.checkMore()) tell({ kind: 'checked' });
    else setTimeout(() => check(ledger), pauseMs);
  } catch (error) {
    tell({ kind: 'damaged', ...failure(error) });
  }
}

function serve(): void {
  const ledger = answer(
    () => openLedgerFile(file),
    ({ notices }) => notices,
  );
  if (ledger === null) {
    port.close();
    return;
  }
  port.on('message', (call: LedgerCall) => {
    answer(
      () => carryOut(ledger, call),
      (value) => value,
    );
    if (call.kind !== 'close') return;
    closed = true;
    port.close();
  });
  check(ledger);
}

let closed = false;
if (kind === 'write') serve();
else {
  answer(
    () => verifyLedger(file),
    (verification) => verification,
  );
  port.close();
}
