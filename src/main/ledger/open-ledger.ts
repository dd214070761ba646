import { Worker } from 'node:worker_threads';
import { callThread } from '../../shared/calls/thread-calls.ts';
import type { ThreadCallsOptions } from '../../shared/calls/thread-calls.ts';
import { stoppedError } from './ledger-fault.ts';
import { LedgerError, requireEntries } from './ledger.ts';
import type { Ledger, LedgerFault, LedgerNotice } from './ledger.ts';
import type { LedgerJob, LedgerVerifier, LedgerWriter } from './ledger-protocol.ts';

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
  const calls = callThread<LedgerWriter>(worker, errorsOf(file));
  const verifications = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));

  const notices = await calls.call('open');
  notices.forEach(onNotice);
  const checked = calls.call('checked');
  // Whoever wants to know asks; nobody has to.
  checked.catch(() => undefined);
  return {
    append: async (entries) => {
      requireEntries(entries);
      return calls.call('append', entries);
    },
    openTail: () => calls.call('openTail'),
    checked: async () => void (await checked),
    rows: (afterSeq, limit) => calls.call('rows', { afterSeq, limit }),
    verify: async () => {
      // Beside the thread that writes, so that no row has to wait.
      const thread = startThread({ kind: 'verify', file }, workerUrl);
      const beside = callThread<LedgerVerifier>(thread, errorsOf(file));
      verifications.add(beside.ended);
      void beside.ended.then(() => verifications.delete(beside.ended));
      return beside.call('verify', undefined, { signal: closing.signal });
    },
    close: async () => {
      closing.abort(stoppedError(file));
      // They hold the file too.
      await Promise.all(verifications);
      if (calls.isEnded()) return;
      await calls.call('close');
      await exited;
    },
  };
}

function startThread(job: LedgerJob, workerUrl: URL): Worker {
  return new Worker(workerUrl, { workerData: job });
}

function errorsOf(file: string): Pick<ThreadCallsOptions<LedgerWriter>, 'errorOf' | 'endError'> {
  return {
    errorOf: ({ code, message }) => new LedgerError(code as LedgerFault, message),
    endError: (cause) => stoppedError(file, cause),
  };
}
