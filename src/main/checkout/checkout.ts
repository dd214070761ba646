import type { Catalogue, Product } from '../../shared/catalogue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PaymentOutcome, PaymentTerminal } from '../payment/terminal.ts';
import { assertNever } from '../../shared/assert-never.ts';
import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import { itemCount } from './cart.ts';
import type { Clock } from './clock.ts';
import type { CheckoutCommand, CheckoutInput, NextSale } from './commands.ts';
import { decide } from './decide.ts';
import type { Effect } from './decide.ts';
import { replay } from './evolve.ts';
import { readFact } from './facts.ts';
import type { Fact, RecordedDecision } from './facts.ts';
import { entriesOf } from './ledger-entries.ts';
import { closedState, closing, idleState, isClosed, saleOf } from './state.ts';
import type { CheckoutState, PhaseKind } from './state.ts';

export interface CheckoutTimings {
  /** Without a sign of the shopper for so long, "Still there?" is asked. */
  readonly idleWarnMs: number;
  /** How long there is to answer it before the cart is put aside. */
  readonly idleAnswerMs: number;
  /** How long a receipt is shown by itself. */
  readonly receiptMs: number;
  /** The terminal is asked for an unknown outcome at once, then after this, then twice this… */
  readonly checkFirstMs: number;
  /** …up to this. */
  readonly checkMostMs: number;
}

export const defaultTimings: CheckoutTimings = {
  idleWarnMs: 60_000,
  idleAnswerMs: 20_000,
  receiptMs: 15_000,
  checkFirstMs: 1_000,
  checkMostMs: 30_000,
};

export interface CheckoutParts {
  readonly ledger: Ledger;
  readonly terminal: PaymentTerminal;
  readonly clock: Clock;
  /** A new unique id each time, for example `crypto.randomUUID`. */
  readonly newId: () => string;
  /** What is sold just now. */
  readonly catalogue: () => Catalogue;
  readonly timings: CheckoutTimings;
  /** Why nothing is sold, but for the truth about a payment that is open; null where all is well. */
  readonly closed: OutOfOrderReason | null;
  /**
   * Whether a thing is being recognised just now: it belongs to this sale, so no payment begins
   * before it is in. Must come to an end by itself, as by recognition's deadline. None without a
   * camera.
   */
  readonly isLooking?: () => boolean;
  /** For the log: what went wrong, never shown to a shopper. */
  readonly fault: (where: 'ledger' | 'terminal' | 'listener', error: unknown) => void;
}

/** What happened at once, and what it led to; no facts where the checkout closed. */
export interface Change {
  readonly before: CheckoutState;
  readonly facts: readonly Fact[];
  readonly after: CheckoutState;
}

export type RefusedReason = 'unknown-product' | 'still-looking' | 'ledger' | 'stopped';

export type Dispatched =
  | { readonly kind: 'applied' }
  /** It means nothing in this state; nothing has changed. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };

export interface Checkout {
  /** Rebuilds the sale from the ledger and settles an open payment; to be awaited before the rest. */
  start(): Promise<void>;
  /** One after another: in the ledger first, then in the state, then to the listeners. Never rejects. */
  dispatch(input: CheckoutInput): Promise<Dispatched>;
  /** Sells nothing more from now on; a payment under way is told, and written, to its end. */
  close(reason: OutOfOrderReason): Promise<void>;
  state(): CheckoutState;
  /** Calls back after every change; the answer ends it. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Resolves when what was dispatched is done; the ledger may then be closed. */
  stop(): Promise<void>;
}

/** These are true whether or not they can be written: the shopper is told, and the next start settles. */
const mustApply: ReadonlySet<CheckoutCommand['kind']> = new Set([
  'outcome-arrived',
  'outcome-unknown',
  'sale-completed',
]);

const waitingForShopper: ReadonlySet<PhaseKind> = new Set(['shopping', 'declined']);

/** Joins the pure decision with ledger, terminal and time. */
export function createCheckout(parts: CheckoutParts): Checkout {
  const { ledger, terminal, clock, newId, timings, fault } = parts;
  const listeners = new Set<(change: Change) => void>();
  const timers = new Set<() => void>();
  let state: CheckoutState = idleState(0);
  let queue: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let writable = true;
  /** On the monotonic clock, as is the end of a wait. */
  let lastSignMs = clock.monotonicMs();
  let wait: { readonly endsAtMs: number; readonly dueMs: number } | null = null;
  let cancelDue: () => void = () => undefined;

  /** Runs after all that was begun before. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const apply = (facts: readonly Fact[], after: CheckoutState): void => {
    const before = state;
    state = after;
    for (const listener of listeners) {
      try {
        listener({ before, facts, after });
      } catch (error) {
        fault('listener', error);
      }
    }
  };

  const append = async (facts: readonly Fact[]): Promise<boolean> => {
    try {
      // Nobody pays on a ledger that may be damaged.
      if (facts.some(({ kind }) => kind === 'payment-begun')) await ledger.checked();
      await ledger.append(entriesOf(state, facts));
      return true;
    } catch (error) {
      fault('ledger', error);
      return false;
    }
  };

  const enterClosed = (reason: OutOfOrderReason): void => {
    if (state.closed === null) apply([], closing(state, reason));
  };

  const close = async (reason: OutOfOrderReason): Promise<void> => {
    enterClosed(reason);
    await throwCartAway();
    scheduleDue();
  };

  /** Sells nothing more once damage was found, whether or not anybody is here to sell to. */
  const watchForDamage = (): void => {
    ledger.checked().catch((error: unknown) => {
      void inTurn(async () => {
        if (stopped || !writable) return;
        fault('ledger', error);
        writable = false;
        await close('ledger');
      });
    });
  };

  const step = async (command: CheckoutCommand): Promise<Dispatched> => {
    const { facts, state: after, effects } = decide(state, command);
    let result: Dispatched = { kind: facts.length === 0 ? 'ignored' : 'applied' };
    if (facts.length > 0) {
      // Once facts could not be written none are tried again: the ledger must not have gaps.
      if (writable) writable = await append(facts);
      if (writable || mustApply.has(command.kind) || state.closed !== null) {
        apply(facts, after);
      } else result = { kind: 'refused', reason: 'ledger' };
      if (!writable) enterClosed('ledger');
    }
    if (result.kind !== 'refused') effects.forEach(runEffect);
    await throwCartAway();
    scheduleDue();
    return result;
  };

  /** A cart that is open when the till closes is nobody's any more, after the next start either. */
  const throwCartAway = async (): Promise<void> => {
    if (isClosed(state) && saleOf(state) !== null) {
      await step({ kind: 'sale-abandoned', atMs: clock.nowMs() });
    }
  };

  const enqueue = (command: () => CheckoutCommand | null): void => {
    void inTurn(async () => {
      const next = stopped ? null : command();
      if (next !== null) await step(next);
    });
  };

  const after = (delayMs: number, run: () => void): (() => void) => {
    const cancel = clock.schedule(delayMs, () => {
      timers.delete(cancel);
      run();
    });
    timers.add(cancel);
    return () => {
      timers.delete(cancel);
      cancel();
    };
  };

  const outcome = (intentId: string, answer: PaymentOutcome, checks: number): void => {
    enqueue(() =>
      answer.kind === 'unknown'
        ? { kind: 'outcome-unknown', atMs: clock.nowMs(), intentId, checks }
        : { kind: 'outcome-arrived', atMs: clock.nowMs(), intentId, outcome: answer },
    );
  };

  const asked = async (answer: () => Promise<PaymentOutcome>): Promise<PaymentOutcome> => {
    try {
      return await answer();
    } catch (error) {
      fault('terminal', error);
      return { kind: 'unknown' };
    }
  };

  const runEffect = (effect: Effect): void => {
    switch (effect.kind) {
      case 'ask-terminal': {
        const { intentId, amountMinor, currency } = effect;
        void asked(() => terminal.pay({ intentId, amountMinor, currency })).then((answer) =>
          outcome(intentId, answer, 0),
        );
        return;
      }
      case 'cancel-payment':
        // Whether it came in time is what `pay` answers.
        terminal.cancel(effect.intentId).catch((error: unknown) => fault('terminal', error));
        return;
      case 'check-payment': {
        const { intentId, checks } = effect;
        after(checkDelayMs(checks, timings), () => {
          void asked(() => terminal.outcomeOf(intentId)).then((answer) =>
            outcome(intentId, answer, checks + 1),
          );
        });
        return;
      }
      case 'complete-sale':
        enqueue(() => {
          const atMs = clock.nowMs();
          return {
            kind: 'sale-completed',
            atMs,
            number: state.lastNumber + 1,
            closesAtMs: atMs + timings.receiptMs,
          };
        });
        return;
      default:
        assertNever(effect);
    }
  };

  const nextSale = (): NextSale => ({ saleId: newId(), currency: parts.catalogue().currency });

  /**
   * When a wait ends that the state dates by the calendar, by the clock that nobody sets. The date
   * counts when the wait is first seen, after a restart too, and never for more than the wait is.
   */
  const endOfWait = (endsAtMs: number, mostMs: number): number => {
    if (wait?.endsAtMs !== endsAtMs) {
      const leftMs = Math.min(mostMs, Math.max(0, endsAtMs - clock.nowMs()));
      wait = { endsAtMs, dueMs: clock.monotonicMs() + leftMs };
    }
    return wait.dueMs;
  };

  /** When time itself does something next, on the monotonic clock, and what. */
  const due = (): {
    readonly dueMs: number;
    readonly command: (nowMs: number) => CheckoutCommand;
  } | null => {
    const { phase } = state;
    if (phase.kind === 'receipt') {
      return {
        dueMs: endOfWait(phase.closesAtMs, timings.receiptMs),
        command: (atMs) => ({ kind: 'receipt-done', atMs, by: 'time', nextSale: nextSale() }),
      };
    }
    const sale = waitingForShopper.has(phase.kind) ? saleOf(state) : null;
    if (sale !== null && sale.abandonsAtMs !== null) {
      return {
        dueMs: endOfWait(sale.abandonsAtMs, timings.idleAnswerMs),
        command: (atMs) => ({ kind: 'sale-abandoned', atMs }),
      };
    }
    wait = null;
    if (sale === null) return null;
    return {
      dueMs: lastSignMs + timings.idleWarnMs,
      command: (atMs) =>
        itemCount(sale.cart) === 0
          ? { kind: 'sale-cancelled', atMs, by: 'time' }
          : { kind: 'still-there-asked', atMs, endsAtMs: atMs + timings.idleAnswerMs },
    };
  };

  const scheduleDue = (): void => {
    cancelDue();
    cancelDue = () => undefined;
    const next = stopped ? null : due();
    if (next === null) return;
    cancelDue = after(Math.max(0, next.dueMs - clock.monotonicMs()), () => {
      enqueue(() => {
        // What was dispatched just before may have put it off.
        const now = due();
        if (now !== null && now.dueMs <= clock.monotonicMs()) return now.command(clock.nowMs());
        scheduleDue();
        return null;
      });
    });
  };

  const complete = (input: CheckoutInput): CheckoutCommand | null => {
    const atMs = clock.nowMs();
    switch (input.kind) {
      case 'item-recognised': {
        const { kind, placementId, photoId, unsure = false, msSinceStill = null } = input;
        const decision = recordedDecision(input, parts.catalogue());
        const weightGrams = wholeGrams(input.weightGrams);
        const item = { itemId: newId(), placementId, photoId, weightGrams, decision, unsure };
        return { kind, atMs, item: { ...item, msSinceStill }, nextSale: nextSale() };
      }
      case 'product-chosen': {
        const product = productOf(parts.catalogue(), input.productId);
        if (product === undefined) return null;
        const weightGrams = wholeGrams(input.weightGrams ?? null);
        const { kind, questionId } = input;
        return { kind, atMs, questionId, itemId: newId(), product, weightGrams };
      }
      case 'sale-started':
        return { kind: input.kind, atMs, ...nextSale() };
      case 'receipt-done':
        return { kind: input.kind, atMs, by: 'shopper', nextSale: nextSale() };
      case 'sale-cancelled':
        return { kind: input.kind, atMs, by: 'shopper' };
      case 'payment-started': {
        const currency = saleOf(state)?.currency ?? parts.catalogue().currency;
        const amountMinor = input.totalMinor;
        return { kind: input.kind, atMs, intentId: newId(), amountMinor, currency };
      }
      default:
        return { ...input, atMs };
    }
  };

  return {
    start: () =>
      inTurn(async () => {
        try {
          const { lastNumber, rows } = await ledger.openTail();
          state = replay(idleState(lastNumber), rows.map(readFact));
        } catch (error) {
          fault('ledger', error);
          state = closedState('ledger');
          writable = false;
          return;
        }
        lastSignMs = clock.monotonicMs();
        if (parts.closed !== null) state = closing(state, parts.closed);
        await step({ kind: 'kiosk-restarted', atMs: clock.nowMs() });
        watchForDamage();
      }),
    dispatch: (input) =>
      inTurn(async (): Promise<Dispatched> => {
        if (stopped) return { kind: 'refused', reason: 'stopped' };
        lastSignMs = clock.monotonicMs();
        if (input.kind === 'payment-started' && parts.isLooking?.() === true) {
          scheduleDue();
          return { kind: 'refused', reason: 'still-looking' };
        }
        const command = complete(input);
        if (command !== null) return step(command);
        scheduleDue();
        return { kind: 'refused', reason: 'unknown-product' };
      }),
    close: (reason) =>
      inTurn(async () => {
        if (!stopped) await close(reason);
      }),
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      stopped = true;
      for (const cancel of timers) cancel();
      timers.clear();
      await queue;
    },
  };
}

function checkDelayMs(checks: number, { checkFirstMs, checkMostMs }: CheckoutTimings): number {
  return checks === 0 ? 0 : Math.min(checkMostMs, checkFirstMs * 2 ** (checks - 1));
}

function productOf({ products }: Catalogue, productId: string): Product | undefined {
  return products.find(({ id }) => id === productId);
}

function wholeGrams(grams: number | null): number | null {
  return grams !== null && Number.isSafeInteger(grams) && grams >= 0 ? grams : null;
}

/** What the catalogue does not have, or may not be there, is never sold, whatever recognition says. */
function recordedDecision(
  { decision, unsure = false }: Extract<CheckoutInput, { kind: 'item-recognised' }>,
  catalogue: Catalogue,
): RecordedDecision {
  const known = (ids: readonly { readonly productId: string }[]): readonly string[] =>
    ids.map(({ productId }) => productId).filter((id) => productOf(catalogue, id) !== undefined);
  switch (decision.kind) {
    case 'accept': {
      const product = productOf(catalogue, decision.productId);
      if (product === undefined) return { kind: 'unknown', suggestionIds: [] };
      if (unsure) return { kind: 'unknown', suggestionIds: [product.id] };
      return { kind: 'accept', product, probability: decision.probability };
    }
    case 'ask': {
      const candidateIds = known(decision.candidates);
      return candidateIds.length > 1
        ? { kind: 'ask', candidateIds }
        : { kind: 'unknown', suggestionIds: candidateIds };
    }
    case 'unknown':
      return { kind: 'unknown', suggestionIds: known(decision.suggestions) };
    case 'recognition-down':
      return decision;
    default:
      return assertNever(decision);
  }
}
