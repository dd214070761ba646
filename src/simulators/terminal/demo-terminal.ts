import type { Clock } from '../../main/checkout/clock.ts';
import { openTerminalJournal } from './terminal-journal.ts';
import type { JournalLine } from './terminal-journal.ts';
import type { PaymentOutcome, PaymentTerminal } from '../../main/payment/terminal.ts';

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
  /** Ended payments that it remembers, the newest; 300 by default. */
  readonly keptPayments?: number;
}

export interface DemoTerminal extends PaymentTerminal {
  /** Resolves when its memory is safe on disk; it is not to be asked any more. */
  close(): Promise<void>;
}

type Final = Exclude<PaymentOutcome, { readonly kind: 'unknown' }>;

interface Intent {
  readonly behaviour: DemoBehaviour;
  /** On the monotonic clock. */
  readonly dueMs: number;
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
  const { clock, answerMs = 1_500, slowMs = 8_000, deadlineMs = 30_000 } = options;
  const { journalFile, keptPayments = 300 } = options;
  // 'no-answer' becomes known a little after `pay` has given up, so that the check is seen.
  const takesMs: Readonly<Record<DemoBehaviour, number>> = {
    approve: answerMs,
    decline: answerMs,
    slow: slowMs,
    'no-answer': deadlineMs + answerMs,
  };
  const intents = new Map<string, Intent>();
  let closed = false;
  const journal = await openTerminalJournal(journalFile, {
    // Twice what is kept, at two lines each, so that it is not written anew at every start.
    mostLines: 4 * keptPayments,
    keep: (lines) => newestPayments(lines, keptPayments),
  });

  for (const line of journal.lines) {
    if (line.kind === 'asked') {
      const { behaviour, dueAtMs } = line;
      // The date may have been set since: the customer takes no longer for that.
      const leftMs = Math.min(takesMs[behaviour], Math.max(0, dueAtMs - clock.nowMs()));
      const dueMs = clock.monotonicMs() + leftMs;
      intents.set(line.intentId, { behaviour, dueMs, ended: null, listeners: new Set() });
    } else {
      const intent = intents.get(line.intentId) ?? neverAsked();
      intent.ended ??= line.outcome;
      intents.set(line.intentId, intent);
    }
  }

  const forgetOldest = (): void => {
    const ended = [...intents].filter(([, intent]) => intent.ended !== null);
    for (const [intentId] of ended.slice(0, -keptPayments)) intents.delete(intentId);
  };

  const end = async (intentId: string, intent: Intent, outcome: Final): Promise<void> => {
    if (intent.ended !== null) return;
    intent.ended = outcome;
    await journal.write({ kind: 'ended', intentId, outcome });
    for (const tell of intent.listeners) tell();
    forgetOldest();
  };

  /** The customer's side: what the card's fate is once its time has come. */
  const passTime = async (intentId: string, intent: Intent): Promise<void> => {
    if (closed || intent.ended !== null || clock.monotonicMs() < intent.dueMs) return;
    const outcome: Final =
      intent.behaviour === 'decline'
        ? { kind: 'declined' }
        : { kind: 'approved', tender, reference: `demo-${intentId}` };
    await end(intentId, intent, outcome);
  };

  const settled = async (intent: Intent): Promise<PaymentOutcome> => {
    // The outcome is told only once it is safe on disk.
    await journal.written();
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
      const dueInMs = Math.max(0, intent.dueMs - clock.monotonicMs());
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
      const dueMs = clock.monotonicMs() + takesMs[behaviour];
      const dueAtMs = clock.nowMs() + takesMs[behaviour];
      const busy = [...intents.values()].some(
        ({ ended, dueMs: due }) => ended === null && due > clock.monotonicMs(),
      );
      const intent: Intent = { behaviour, dueMs, ended: null, listeners: new Set() };
      intents.set(intentId, intent);
      await journal.write({ kind: 'asked', intentId, amountMinor, currency, behaviour, dueAtMs });
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
      closed = true;
      await journal.close();
    },
  };
}

function neverAsked(): Intent {
  return { behaviour: 'decline', dueMs: 0, ended: null, listeners: new Set() };
}

/** Every payment without an end, and the newest of those that have one. */
function newestPayments(lines: readonly JournalLine[], count: number): readonly JournalLine[] {
  const ended = lines.filter(({ kind }) => kind === 'ended').map(({ intentId }) => intentId);
  const newestFirst = [...new Set(ended.toReversed())];
  const forgotten = new Set(newestFirst.slice(count));
  return lines.filter(({ intentId }) => !forgotten.has(intentId));
}
