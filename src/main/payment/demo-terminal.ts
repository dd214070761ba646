import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../checkout/clock.ts';
import type { PaymentOutcome, PaymentTerminal } from './terminal.ts';

/** How the demo terminal treats a payment. */
export type DemoBehaviour =
  | 'approve'
  | 'decline'
  /** Approves, but takes its time. */
  | 'slow'
  /** Approves and never says so by itself: `pay` ends unknown, `outcomeOf` tells later. */
  | 'no-answer';

export interface DemoTerminalOptions {
  /** The terminal's own memory, as a real one has it, whatever becomes of the app. */
  readonly journalFile: string;
  readonly clock: Clock;
  readonly behaviour: (amountMinor: number) => DemoBehaviour;
  /** Until it approves or declines; 1,500 ms by default. */
  readonly answerMs?: number;
  /** The same for 'slow'; 8,000 ms by default. */
  readonly slowMs?: number;
  /** After this without an answer `pay` ends unknown; 30,000 ms by default. */
  readonly deadlineMs?: number;
}

export interface DemoTerminal extends PaymentTerminal {
  close(): Promise<void>;
}

type Final = Exclude<PaymentOutcome, { readonly kind: 'unknown' }>;

type JournalLine =
  | {
      readonly kind: 'asked';
      readonly intentId: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly behaviour: DemoBehaviour;
      /** When the customer has dealt with the card, in ms of Date.now(). */
      readonly dueAtMs: number;
    }
  | { readonly kind: 'ended'; readonly intentId: string; readonly outcome: Final };

interface Intent {
  readonly behaviour: DemoBehaviour;
  readonly dueAtMs: number;
  ended: Final | null;
  /** Ends what is waiting on it. */
  readonly listeners: Set<() => void>;
}

const tender = 'Demo card ···· 4242';

/**
 * A card terminal for the demo shop. Like a real one it has a memory and a life of its own: a
 * payment that was asked for goes on, and is known by its intent id, after the app was killed.
 */
export async function openDemoTerminal(options: DemoTerminalOptions): Promise<DemoTerminal> {
  const { clock, journalFile, answerMs = 1_500, slowMs = 8_000, deadlineMs = 30_000 } = options;
  const intents = new Map<string, Intent>();
  await mkdir(dirname(journalFile), { recursive: true });
  const { lines, wholeBytes } = await readJournal(journalFile);
  // Half a line is what a kill left of a write: nobody was told of it, so it did not happen.
  const file = await open(journalFile, 'a');
  await file.truncate(wholeBytes);

  for (const line of lines) {
    if (line.kind === 'asked') {
      const { behaviour, dueAtMs } = line;
      intents.set(line.intentId, { behaviour, dueAtMs, ended: null, listeners: new Set() });
    } else {
      const intent = intents.get(line.intentId) ?? neverAsked();
      intent.ended = line.outcome;
      intents.set(line.intentId, intent);
    }
  }

  let writing: Promise<unknown> = Promise.resolve();
  const write = (line: JournalLine): Promise<void> => {
    const written = writing.then(async () => {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.datasync();
    });
    writing = written.catch(() => undefined);
    return written;
  };

  const end = async (intentId: string, intent: Intent, outcome: Final): Promise<void> => {
    if (intent.ended !== null) return;
    intent.ended = outcome;
    await write({ kind: 'ended', intentId, outcome });
    for (const tell of intent.listeners) tell();
  };

  /** The customer's side: what the card's fate is once its time has come. */
  const passTime = async (intentId: string, intent: Intent): Promise<void> => {
    if (intent.ended !== null || clock.nowMs() < intent.dueAtMs) return;
    const outcome: Final =
      intent.behaviour === 'decline'
        ? { kind: 'declined' }
        : { kind: 'approved', tender, reference: `demo-${intentId}` };
    await end(intentId, intent, outcome);
  };

  const settled = async (intent: Intent): Promise<PaymentOutcome> => {
    // The outcome is told only once it is safe on disk.
    await writing;
    return intent.ended ?? { kind: 'unknown' };
  };

  const answerTo = (intentId: string, intent: Intent): Promise<PaymentOutcome> =>
    new Promise((resolve, reject) => {
      const cancels: (() => void)[] = [];
      const answer = (): void => {
        intent.listeners.delete(answer);
        for (const cancel of cancels) cancel();
        settled(intent).then(resolve, reject);
      };
      const silent = intent.behaviour === 'no-answer';
      const dueInMs = Math.max(0, intent.dueAtMs - clock.nowMs());
      if (intent.ended !== null && !silent) {
        answer();
        return;
      }
      if (!silent) {
        intent.listeners.add(answer);
        cancels.push(clock.schedule(dueInMs, () => void passTime(intentId, intent).catch(reject)));
      }
      const giveUp = (): void => {
        intent.listeners.delete(answer);
        for (const cancel of cancels) cancel();
        resolve({ kind: 'unknown' });
      };
      cancels.push(clock.schedule(deadlineMs, giveUp));
    });

  return {
    pay: async ({ intentId, amountMinor, currency }) => {
      const known = intents.get(intentId);
      if (known !== undefined) {
        await passTime(intentId, known);
        return answerTo(intentId, known);
      }
      const behaviour = options.behaviour(amountMinor);
      // 'no-answer' becomes known a little after `pay` has given up, so that the check is seen.
      const takesMs = {
        approve: answerMs,
        decline: answerMs,
        slow: slowMs,
        'no-answer': deadlineMs + answerMs,
      };
      const dueAtMs = clock.nowMs() + takesMs[behaviour];
      const busy = [...intents.values()].some(
        ({ ended, dueAtMs: due }) => ended === null && due > clock.nowMs(),
      );
      const intent: Intent = { behaviour, dueAtMs, ended: null, listeners: new Set() };
      intents.set(intentId, intent);
      await write({ kind: 'asked', intentId, amountMinor, currency, behaviour, dueAtMs });
      // One card at a time.
      if (busy) await end(intentId, intent, { kind: 'declined' });
      return answerTo(intentId, intent);
    },
    cancel: async (intentId) => {
      const intent = intents.get(intentId);
      if (intent === undefined || intent.behaviour === 'no-answer') return;
      await passTime(intentId, intent);
      await end(intentId, intent, { kind: 'cancelled' });
    },
    outcomeOf: async (intentId) => {
      let intent = intents.get(intentId);
      if (intent === undefined) {
        // Said once, it holds: a request that comes after it charges nothing.
        intent = neverAsked();
        intents.set(intentId, intent);
        await end(intentId, intent, { kind: 'declined' });
      }
      await passTime(intentId, intent);
      return settled(intent);
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

function neverAsked(): Intent {
  return { behaviour: 'decline', dueAtMs: 0, ended: null, listeners: new Set() };
}

async function readJournal(
  file: string,
): Promise<{ readonly lines: readonly JournalLine[]; readonly wholeBytes: number }> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { lines: [], wholeBytes: 0 };
    }
    throw error;
  }
  const wholeBytes = text.lastIndexOf('\n') + 1;
  const lines = text.subarray(0, wholeBytes).toString('utf8').split('\n').filter(Boolean);
  return { lines: lines.map((line) => JSON.parse(line) as JournalLine), wholeBytes };
}
