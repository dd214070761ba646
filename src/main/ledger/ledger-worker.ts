import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../shared/assert-never.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { ledgerErrorFrom } from './ledger-fault.ts';
import type { LedgerAnswer, LedgerCall } from './ledger-protocol.ts';

const { file } = workerData as { readonly file: string };
const port = parentPort;
if (port === null) throw new Error('the ledger runs in a worker thread');

function answer(work: () => unknown): boolean {
  let reply: LedgerAnswer;
  try {
    reply = { kind: 'done', value: work() };
  } catch (error) {
    const { fault, message } = ledgerErrorFrom(error, file);
    reply = { kind: 'failed', fault, message };
  }
  port?.postMessage(reply);
  return reply.kind === 'done';
}

function carryOut(ledger: LedgerFile, call: LedgerCall): unknown {
  switch (call.kind) {
    case 'append':
      return ledger.append(call.entry);
    case 'open-tail':
      return ledger.openTail();
    case 'rows':
      return ledger.rows(call.afterSeq, call.limit);
    case 'verify':
      return ledger.verify();
    case 'close':
      ledger.close();
      return null;
    default:
      return assertNever(call);
  }
}

let ledger: LedgerFile | null = null;
const opened = answer(() => {
  ledger = openLedgerFile(file);
  return null;
});

port.on('message', (call: LedgerCall) => {
  answer(() => (ledger === null ? null : carryOut(ledger, call)));
  if (call.kind === 'close') port.close();
});
if (!opened) port.close();
