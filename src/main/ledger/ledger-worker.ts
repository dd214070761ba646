import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { CallFailure } from '../../shared/calls/call-messages.ts';
import { serveThread } from '../../shared/calls/thread-calls.ts';
import { openLedgerFile } from './ledger-file.ts';
import type { LedgerFile } from './ledger-file.ts';
import { ledgerErrorFrom, stoppedError } from './ledger-fault.ts';
import type { LedgerJob, LedgerVerifier, LedgerWriter } from './ledger-protocol.ts';
import { rememberBadRow } from './remembered-row.ts';
import { verifyLedgerInSteps } from './verify-ledger.ts';

const { kind, file } = workerData as LedgerJob;
const port = parentPort ?? refuse();

function refuse(): never {
  throw new Error('the ledger runs in a worker thread');
}

function failureOf(error: unknown): CallFailure {
  const { fault, message } = ledgerErrorFrom(error, file);
  return { code: fault, message };
}

/** Ends the thread once its last answer is on its way. */
function endThread(): void {
  port.unref();
}

/** A start-up has more to do than this, and what is to be written goes between. */
const pauseMs = 2;

/** Looks for damage until all was looked at, or `isOver`. */
function check(ledger: LedgerFile, isOver: () => boolean): Promise<null> {
  return new Promise((resolve, reject) => {
    const goOn = (): void => {
      if (isOver()) return;
      try {
        if (ledger.checkMore()) resolve(null);
        else setTimeout(goOn, pauseMs);
      } catch (error) {
        reject(error);
      }
    };
    // After the answer to opening, which a start-up waits for, and before any row.
    setImmediate(goOn);
  });
}

/** Its handlers work at once, and so in the order of the calls; `checked` alone waits. */
function write(): void {
  let ledger: LedgerFile | null = null;
  let checked: Promise<null> | null = null;
  const opened = (): LedgerFile => {
    if (ledger === null) throw new Error('the ledger is not open');
    return ledger;
  };
  serveThread<LedgerWriter>(port, {
    failureOf,
    handlers: {
      open: () => {
        try {
          ledger = openLedgerFile(file);
        } catch (error) {
          endThread();
          throw error;
        }
        checked = check(ledger, () => ledger === null);
        // Whoever wants to know asks.
        checked.catch(() => undefined);
        return ledger.notices;
      },
      append: (entries) => opened().append(entries),
      openTail: () => opened().openTail(),
      rows: ({ afterSeq, limit }) => opened().rows(afterSeq, limit),
      checked: () => {
        opened();
        return checked ?? null;
      },
      close: () => {
        const last = opened();
        ledger = null;
        endThread();
        last.close();
        return null;
      },
    },
  });
}

/** From one step to the next: a step takes a few milliseconds, so that most of a core stays free. */
const verifyPauseMs = 20;

function verify(): void {
  serveThread<LedgerVerifier>(port, {
    failureOf,
    handlers: {
      verify: async (_none, _tellProgress, isWanted) => {
        const steps = verifyLedgerInSteps(file);
        try {
          while (isWanted()) {
            const step = steps.next();
            if (step.done === true) {
              rememberBadRow(file, step.value);
              return step.value;
            }
            // oxlint-disable-next-line no-await-in-loop -- what is sold meanwhile goes between.
            await pause(verifyPauseMs);
          }
          throw stoppedError(file);
        } finally {
          // Closes the file; nobody gets what it returns.
          steps.return(null as never);
          endThread();
        }
      },
    },
  });
}

if (kind === 'write') write();
else verify();
