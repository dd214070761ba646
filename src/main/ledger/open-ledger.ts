import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { stoppedError } from './ledger-fault.ts';
import { LedgerError, requireEntries } from './ledger.ts';
import type { Ledger, LedgerNotice, LedgerRow, OpenTail, Verification } from './ledger.ts';
import type { LedgerAnswer, LedgerCall, LedgerJob, LedgerVerdict } from './ledger-protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: LedgerError) => void;
}

/**
 * Opens the ledger in a thread of its own, since each row waits for the disk. Rejects with
 * LedgerError. `workerUrl` is where the bundled `ledger-worker.ts` lies; `onNotice` is told before
 * it resolves.
 */
export async function openLedger(
  file: string,
  workerUrl: URL = new URL('./ledger-worker.js', import.meta.url),
  onNotice: (notice: LedgerNotice) => void = () => undefined,
): Promise<Ledger> {
  const worker = startThread({ kind: 'write', file }, workerUrl);
  const waiting: Waiting[] = [];
  let ended: LedgerError | null = null;

  let judged: Waiting = { resolve: () => undefined, reject: () => undefined };
  const checked = new Promise<unknown>((resolve, reject) => {
    judged = { resolve, reject };
  });
  // Whoever wants to know asks; nobody has to.
  checked.catch(() => undefined);

  const end = (error: LedgerError): void => {
    ended ??= error;
    judged.reject(ended);
    for (const call of waiting.splice(0)) call.reject(ended);
  };
  const nextAnswer = (): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const ask = (call: LedgerCall): Promise<unknown> => {
    if (ended !== null) return Promise.reject(ended);
    worker.postMessage(call);
    return nextAnswer();
  };

  worker.on('message', (answer: LedgerAnswer | LedgerVerdict) => {
    switch (answer.kind) {
      case 'checked':
        judged.resolve(null);
        return;
      case 'damaged':
        judged.reject(new LedgerError(answer.fault, answer.message));
        return;
      case 'done':
        waiting.shift()?.resolve(answer.value);
        return;
      case 'failed':
        waiting.shift()?.reject(new LedgerError(answer.fault, answer.message));
        return;
    }
  });
  worker.on('error', (error) => end(stoppedError(file, error)));
  worker.on('exit', () => end(stoppedError(file)));

  const notices = (await nextAnswer()) as readonly LedgerNotice[];
  notices.forEach(onNotice);
  return {
    append: async (entries) => {
      requireEntries(entries);
      return ask({ kind: 'append', entries }) as Promise<readonly LedgerRow[]>;
    },
    openTail: () => ask({ kind: 'open-tail' }) as Promise<OpenTail>,
    checked: () => checked as Promise<void>,
    rows: (afterSeq, limit) =>
      ask({ kind: 'rows', afterSeq, limit }) as Promise<readonly LedgerRow[]>,
    verify: () => verifyInThread(file, workerUrl),
    close: async () => {
      if (ended !== null) return;
      const exited = once(worker, 'exit');
      await ask({ kind: 'close' });
      await exited;
    },
  };
}

function startThread(job: LedgerJob, workerUrl: URL): Worker {
  return new Worker(workerUrl, { workerData: job });
}

/** Beside the thread that writes, so that no row has to wait. */
function verifyInThread(file: string, workerUrl: URL): Promise<Verification> {
  return new Promise((resolve, reject) => {
    const worker = startThread({ kind: 'verify', file }, workerUrl);
    worker.on('message', (answer: LedgerAnswer) => {
      if (answer.kind === 'done') resolve(answer.value as Verification);
      else reject(new LedgerError(answer.fault, answer.message));
    });
    worker.on('error', (error) => reject(stoppedError(file, error)));
    worker.on('exit', () => reject(stoppedError(file)));
  });
}
