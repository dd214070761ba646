import { beforeEach, describe, expect, test } from 'vitest';
import type { PaymentOutcome, PaymentTerminal } from '../payment/terminal.ts';
import { createCheckout, defaultTimings } from './checkout.ts';
import type { Checkout, CheckoutParts } from './checkout.ts';
import type { CheckoutInput } from './commands.ts';
import { manualClock, turns } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';
import { memoryLedger } from './memory-ledger.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { sampleCatalogue, sampleShop } from './sample-shop.ts';
import { stageOf } from './stage-for-test.ts';
import { openQuestion, saleOf } from './state.ts';

/** A terminal whose customer is the test. */
interface HandTerminal extends PaymentTerminal {
  readonly asked: { readonly intentId: string; readonly amountMinor: number }[];
  readonly checks: string[];
  cancelled: string[];
  answer(outcome: PaymentOutcome | Error): Promise<void>;
  truth: PaymentOutcome | Error;
}

function handTerminal(): HandTerminal {
  let settle: (outcome: PaymentOutcome | Error) => void = () => undefined;
  const told = (outcome: PaymentOutcome | Error): PaymentOutcome => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const terminal: HandTerminal = {
    asked: [],
    checks: [],
    cancelled: [],
    truth: { kind: 'unknown' },
    pay: async (intent) => {
      terminal.asked.push(intent);
      return told(await new Promise<PaymentOutcome | Error>((resolve) => (settle = resolve)));
    },
    cancel: async (intentId) => {
      terminal.cancelled.push(intentId);
    },
    outcomeOf: async (intentId) => {
      terminal.checks.push(intentId);
      return told(terminal.truth);
    },
    answer: async (outcome) => {
      settle(outcome);
      await turns();
    },
  };
  return terminal;
}

const approved: PaymentOutcome = { kind: 'approved', tender: 'card', reference: 'r' };

let clock: ManualClock;
let ledger: MemoryLedger;
let terminal: HandTerminal;
let faults: string[];
let ids: number;

beforeEach(() => {
  clock = manualClock();
  ledger = memoryLedger();
  terminal = handTerminal();
  faults = [];
  ids = 0;
});

async function started(
  isLooking?: () => boolean,
  closed: CheckoutParts['closed'] = null,
  catalogue: CheckoutParts['catalogue'] = () => sampleCatalogue,
): Promise<Checkout> {
  const checkout = createCheckout({
    ledger,
    terminal,
    clock,
    newId: () => `id-${++ids}`,
    catalogue,
    timings: defaultTimings,
    closed,
    ...(isLooking === undefined ? {} : { isLooking }),
    fault: (where) => faults.push(where),
  });
  await checkout.start();
  return checkout;
}

const laid = (productId: string, placementId = 'placement'): CheckoutInput => ({
  kind: 'item-recognised',
  placementId,
  photoId: null,
  weightGrams: null,
  decision: { kind: 'accept', productId, probability: 0.9 },
});

async function paying(): Promise<Checkout> {
  const checkout = await started();
  await checkout.dispatch(laid('apple'));
  await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
  return checkout;
}

const kindsWritten = (): readonly string[] => ledger.all.map(({ kind }) => kind);

test('an event is in the ledger before anybody sees it', async () => {
  const checkout = await started();
  const rowsWhenSeen: number[] = [];
  checkout.subscribe(() => rowsWhenSeen.push(ledger.all.length));
  await Promise.all([checkout.dispatch(laid('apple')), checkout.dispatch(laid('juice'))]);
  expect(rowsWhenSeen).toEqual([2, 3]);
});

describe('while it is not known whether the ledger is whole', () => {
  test('things are added, and who pays waits for the verdict', async () => {
    const judge = ledger.doubt();
    const checkout = await started();
    expect(await checkout.dispatch(laid('apple'))).toEqual({ kind: 'applied' });
    const asked = checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    await turns();
    expect(terminal.asked).toEqual([]);
    judge('whole');
    expect(await asked).toEqual({ kind: 'applied' });
    expect(terminal.asked).toMatchObject([{ amountMinor: 55 }]);
  });

  test('damage ends the sale, charges nobody and is written nowhere', async () => {
    const judge = ledger.doubt();
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    const asked = checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    judge('damage');
    expect(await asked).toEqual({ kind: 'refused', reason: 'ledger' });
    expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
    expect(terminal.asked).toEqual([]);
    expect(kindsWritten()).toEqual(['sale-begun', 'item-added']);
    expect(faults).toEqual(['ledger']);
  });

  test('damage closes a kiosk that nobody touches', async () => {
    const judge = ledger.doubt();
    const checkout = await started();
    const shown: string[] = [];
    checkout.subscribe(({ after }) => shown.push(stageOf(after)));
    judge('damage');
    await turns();
    expect(shown).toEqual(['closed']);
    expect(faults).toEqual(['ledger']);
    expect(await checkout.dispatch(laid('apple'))).not.toEqual({ kind: 'applied' });
    expect(kindsWritten()).toEqual([]);
  });

  test('an open payment is told to its end, though damage is found meanwhile', async () => {
    const checkout = await paying();
    await checkout.stop();
    terminal.truth = approved;
    const judge = ledger.doubt();
    const again = await started();
    judge('damage');
    await clock.pass(0);
    expect(again.state()).toMatchObject({
      closed: 'ledger',
      phase: { kind: 'receipt', receipt: { number: 1 } },
    });
    await clock.pass(defaultTimings.receiptMs);
    expect(again.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
  });
});

describe('closed while it sells', () => {
  test('the cart is thrown away by a fact, and nothing more is sold', async () => {
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    await checkout.close('ledger');
    expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
    expect(await checkout.dispatch(laid('juice'))).toEqual({ kind: 'ignored' });
    expect(kindsWritten()).toEqual(['sale-begun', 'item-added', 'sale-abandoned']);
    expect(faults).toEqual([]);
  });

  test('a payment under way is told and written to its end', async () => {
    const checkout = await paying();
    await checkout.close('ledger');
    await terminal.answer(approved);
    expect(checkout.state()).toMatchObject({
      closed: 'ledger',
      phase: { kind: 'receipt', receipt: { number: 1 } },
    });
    await clock.pass(defaultTimings.receiptMs);
    expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
    expect(kindsWritten().slice(-3)).toEqual([
      'payment-approved',
      'sale-completed',
      'receipt-closed',
    ]);
  });
});

test('a sale is paid, numbered, shown and closed; the next has the next number', async () => {
  const checkout = await paying();
  expect(terminal.asked).toMatchObject([{ amountMinor: 55, currency: 'EUR' }]);
  await terminal.answer(approved);
  expect(checkout.state()).toMatchObject({
    phase: { kind: 'receipt', receipt: { number: 1, tenders: [{ cardLabel: 'card' }] } },
  });
  await clock.pass(defaultTimings.receiptMs - 1);
  expect(stageOf(checkout.state())).toBe('receipt');
  await clock.pass(1);
  expect(checkout.state()).toMatchObject({ phase: { kind: 'idle' }, lastNumber: 1 });
  expect(kindsWritten()).toEqual([
    'sale-begun',
    'item-added',
    'payment-begun',
    'payment-approved',
    'sale-completed',
    'receipt-closed',
  ]);
  expect(new Set(ledger.all.map(({ saleId }) => saleId)).size).toBe(1);
  await checkout.dispatch(laid('apple'));
  await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
  await terminal.answer(approved);
  expect(checkout.state()).toMatchObject({ phase: { kind: 'receipt', receipt: { number: 2 } } });
});

test('what means nothing is ignored and not recorded; an unknown product is refused', async () => {
  const checkout = await started();
  expect(await checkout.dispatch({ kind: 'undone' })).toEqual({ kind: 'ignored' });
  await checkout.dispatch({ kind: 'sale-started' });
  await checkout.dispatch({ kind: 'lookup-opened' });
  const choice = await checkout.dispatch({
    kind: 'product-chosen',
    questionId: 'find-item',
    productId: 'caviar',
  });
  expect(choice).toEqual({ kind: 'refused', reason: 'unknown-product' });
  expect(kindsWritten()).toEqual(['sale-begun', 'question-asked']);
});

test('what the catalogue does not have is never sold and never offered', async () => {
  const checkout = await started();
  await checkout.dispatch(laid('caviar'));
  expect(openQuestion(checkout.state())).toMatchObject({ kind: 'unknown-item' });
  const decision = {
    kind: 'ask',
    candidates: ['caviar', 'apple'].map((productId) => ({ productId, probability: 0.4 })),
  } as const;
  await checkout.dispatch({ ...laid('apple'), decision } as CheckoutInput);
  expect(checkout.state()).toMatchObject({
    phase: { questions: [{}, { kind: 'unknown-item', suggestionIds: ['apple'] }] },
  });
});

test('what may be nothing new is never sold unasked, and is that after a restart too', async () => {
  const checkout = await started();
  await checkout.dispatch({ ...laid('apple'), unsure: true } as CheckoutInput);
  expect(checkout.state().phase).toMatchObject({
    sale: { cart: { lines: [] } },
    questions: [{ kind: 'unknown-item', suggestionIds: ['apple'], placed: { unsure: true } }],
  });
  await checkout.stop();
  const again = await started();
  expect(openQuestion(again.state())).toMatchObject({ placed: { unsure: true } });
});

test('a listener that throws stops nobody', async () => {
  const checkout = await started();
  const seen: string[] = [];
  checkout.subscribe(() => {
    throw new Error('for the test');
  });
  const unsubscribe = checkout.subscribe(({ after }) => seen.push(stageOf(after)));
  await checkout.dispatch(laid('apple'));
  unsubscribe();
  await checkout.dispatch(laid('apple'));
  expect([seen, faults]).toEqual([['shopping'], ['listener', 'listener']]);
});

describe('payment', () => {
  test('begins only for the amount that was seen', async () => {
    const checkout = await started();
    const seen = { kind: 'payment-started', totalMinor: 55 } as const;
    await checkout.dispatch(laid('apple'));
    // The finger is on its way to "Pay 0.55" when the juice comes in.
    const [, pay] = await Promise.all([checkout.dispatch(laid('juice')), checkout.dispatch(seen)]);
    expect(pay).toEqual({ kind: 'ignored' });
    expect(terminal.asked).toEqual([]);
    await checkout.dispatch({ ...seen, totalMinor: 329 });
    expect(terminal.asked).toMatchObject([{ amountMinor: 329 }]);
  });

  test('waits for what is being recognised: it is paid with the rest, not in a second sale', async () => {
    let looking = true;
    const checkout = await started(() => looking);
    await checkout.dispatch(laid('apple'));
    const pay = { kind: 'payment-started', totalMinor: 55 } as const;
    expect(await checkout.dispatch(pay)).toEqual({ kind: 'refused', reason: 'still-looking' });
    expect(stageOf(checkout.state())).toBe('shopping');
    await checkout.dispatch(laid('juice'));
    looking = false;
    await checkout.dispatch({ ...pay, totalMinor: 329 });
    expect(terminal.asked).toMatchObject([{ amountMinor: 329 }]);
  });

  test.each([{ kind: 'unknown' } as const, new Error('line broke')])(
    'without an answer is checked again and again, ever more rarely, and charged once',
    async (noAnswer) => {
      const checkout = await paying();
      terminal.truth = noAnswer;
      await terminal.answer(noAnswer);
      expect(stageOf(checkout.state())).toBe('checking');
      await clock.pass(0);
      expect(terminal.checks).toHaveLength(1);
      for (const [waitMs, checks] of [
        [999, 1],
        [1, 2],
        [1_999, 2],
        [1, 3],
        [4_000, 4],
        [56_000, 7],
        [30_000, 8],
      ] as const) {
        await clock.pass(waitMs);
        expect(terminal.checks).toHaveLength(checks);
      }
      expect(kindsWritten().filter((kind) => kind === 'payment-unknown')).toHaveLength(1);
      terminal.truth = approved;
      await clock.pass(30_000);
      await turns();
      expect(stageOf(checkout.state())).toBe('receipt');
      expect(terminal.asked).toHaveLength(1);
    },
  );

  test('cancelled by the shopper comes back to the cart; the terminal decides', async () => {
    const checkout = await paying();
    await checkout.dispatch({ kind: 'cancel-asked' });
    expect(stageOf(checkout.state())).toBe('cancelling');
    expect(terminal.cancelled).toEqual([terminal.asked[0]?.intentId]);
    await terminal.answer({ kind: 'cancelled' });
    expect(checkout.state()).toMatchObject({
      phase: { kind: 'shopping', sale: { cart: { lines: [{ quantity: 1 }] } } },
    });
  });

  test('declined can be tried again, as another payment', async () => {
    const checkout = await paying();
    await terminal.answer({ kind: 'declined' });
    await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    const [first, second] = terminal.asked.map(({ intentId }) => intentId);
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });
});

describe('a restart', () => {
  test('brings back the cart, the open question and undo', async () => {
    const before = await started();
    await before.dispatch(laid('apple'));
    await before.dispatch({ kind: 'lookup-opened' });
    const after = await started();
    expect(after.state()).toEqual(before.state());
  });

  test('with a payment open asks the terminal what became of it and charges nothing', async () => {
    await paying();
    terminal.truth = approved;
    const after = await started();
    expect(stageOf(after.state())).toBe('checking');
    await clock.pass(0);
    await turns();
    expect(after.state()).toMatchObject({ phase: { kind: 'receipt', receipt: { number: 1 } } });
    expect(terminal.asked).toHaveLength(1);
  });

  test('between approval and receipt completes the sale', async () => {
    await paying();
    await terminal.answer(approved);
    const upToApproval = ledger.all.slice(0, 4);
    expect(upToApproval.at(-1)?.kind).toBe('payment-approved');
    ledger = memoryLedger([...upToApproval]);
    const after = await started();
    await turns();
    expect(after.state()).toMatchObject({ phase: { kind: 'receipt', receipt: { number: 1 } } });
  });

  test.each([
    { kind: 'teleported', version: 1, body: {} },
    { kind: 'help-called', version: 2, body: {} },
    { kind: 'help-called', version: 1, body: { by: 'nobody' } },
  ])('with a fact it cannot read is closed: $kind $version', async (fact) => {
    const entry = { atMs: 0, saleId: null, atRest: false, receiptNumber: null };
    await ledger.append([{ ...entry, ...fact }]);
    const checkout = await started();
    expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
    expect(faults).toEqual(['ledger']);
  });
});

describe('a ledger that cannot be written', () => {
  test('stops the sale: the event has not happened', async () => {
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    ledger.breakDown('full');
    expect(await checkout.dispatch(laid('juice'))).toEqual({ kind: 'refused', reason: 'ledger' });
    expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
    ledger = memoryLedger([...ledger.all]);
    const after = await started();
    expect(saleOf(after.state())?.cart.lines.map(({ product }) => product.id)).toEqual(['apple']);
  });

  test('never lets a payment begin', async () => {
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    ledger.breakDown('read-only');
    await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    expect(terminal.asked).toEqual([]);
  });

  test('does not hide a payment that went through; the next start records it', async () => {
    const checkout = await paying();
    ledger.breakDown('full');
    await terminal.answer(approved);
    expect(checkout.state()).toMatchObject({ phase: { kind: 'receipt', receipt: { number: 1 } } });
    await clock.pass(defaultTimings.receiptMs);
    expect(stageOf(checkout.state())).toBe('closed');
    expect(kindsWritten().at(-1)).toBe('payment-begun');

    ledger = memoryLedger([...ledger.all]);
    terminal.truth = approved;
    const after = await started();
    await clock.pass(0);
    await turns();
    expect(after.state()).toMatchObject({ phase: { kind: 'receipt', receipt: { number: 1 } } });
    expect(terminal.asked).toHaveLength(1);
  });

  test('is out of order after a decline, with nothing charged', async () => {
    const checkout = await paying();
    ledger.breakDown('full');
    await terminal.answer({ kind: 'declined' });
    expect(stageOf(checkout.state())).toBe('closed');
  });
});

describe('a till that is closed from the start', () => {
  test('sells nothing and hears a call for help', async () => {
    const checkout = await started(undefined, 'catalogue');
    expect(await checkout.dispatch(laid('apple'))).toEqual({ kind: 'ignored' });
    await checkout.dispatch({ kind: 'help-called' });
    expect(checkout.state()).toMatchObject({ closed: 'catalogue', helpCalled: true });
    expect(kindsWritten()).toEqual(['help-called']);
  });

  test('throws an open cart away, for the next start too', async () => {
    const before = await started();
    await before.dispatch(laid('apple'));
    await before.stop();
    const closed = await started(undefined, 'catalogue');
    expect(closed.state()).toMatchObject({ closed: 'catalogue', phase: { kind: 'idle' } });
    expect(kindsWritten().at(-1)).toBe('sale-abandoned');
    expect((await started()).state().phase.kind).toBe('idle');
  });

  test.each(['declined', 'cancelled'] as const)(
    'throws the cart away whose payment was %s',
    async (kind) => {
      const before = await paying();
      await before.stop();
      terminal.truth = { kind };
      const closed = await started(undefined, 'catalogue');
      await clock.pass(0);
      await turns();
      expect(closed.state()).toMatchObject({ closed: 'catalogue', phase: { kind: 'idle' } });
      expect(kindsWritten().slice(-2)).toEqual([`payment-${kind}`, 'sale-abandoned']);
      expect((await started()).state().phase.kind).toBe('idle');
    },
  );

  test('tells a payment that was open to its end', async () => {
    const before = await paying();
    await before.stop();
    terminal.truth = approved;
    const after = await started(undefined, 'catalogue');
    expect(stageOf(after.state())).toBe('checking');
    await clock.pass(0);
    await turns();
    expect(stageOf(after.state())).toBe('receipt');
    await after.dispatch({ kind: 'receipt-done' });
    expect(after.state()).toMatchObject({ closed: 'catalogue', phase: { kind: 'idle' } });
  });
});

describe('a release that prices otherwise', () => {
  /** What the release before wrote: the apple for 55, which this one would sell for 56. */
  async function yesterday(...more: readonly CheckoutInput[]): Promise<void> {
    const checkout = await started();
    for (const input of more) await checkout.dispatch(input);
    await checkout.dispatch(laid('apple'));
    await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    await terminal.answer(approved);
    await checkout.stop();
    const completedAt = ledger.all.findIndex(({ kind }) => kind === 'sale-completed');
    ledger = memoryLedger(ledger.all.slice(0, completedAt));
  }
  const dearer = () => {
    const apple = { ...sampleShop.apple, price: { kind: 'piece', priceMinor: 56 } } as const;
    return { ...sampleCatalogue, products: [apple, sampleShop.juice] };
  };

  test.each([
    ['with a payment approved', []],
    ['with a call for help open since the day before', [{ kind: 'help-called' }]],
  ] as const)('completes the sale %s, once, as it was paid', async (_name, inputs) => {
    await yesterday(...inputs);
    const startToday = async (): Promise<void> => {
      const checkout = await started(undefined, null, dearer);
      await turns();
      expect(checkout.state().phase).toMatchObject({
        kind: 'receipt',
        receipt: { number: 1, totals: { totalMinor: 55 }, lines: [{ amountMinor: 55 }] },
      });
    };
    await startToday();
    await startToday();
    expect(ledger.all.filter(({ kind }) => kind === 'sale-completed')).toHaveLength(1);
    expect(terminal.asked).toHaveLength(1);
  });
});

describe('time', () => {
  test('asks "Still there?", then puts the cart aside', async () => {
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    await clock.pass(59_999);
    expect(saleOf(checkout.state())?.abandonsAtMs).toBeNull();
    await clock.pass(1);
    expect(saleOf(checkout.state())?.abandonsAtMs).toBe(clock.nowMs() + 20_000);
    await clock.pass(20_000);
    expect(stageOf(checkout.state())).toBe('idle');
    expect(kindsWritten().slice(-2)).toEqual(['still-there-asked', 'sale-abandoned']);
  });

  test('starts over with every sign of the shopper, one that changes nothing too', async () => {
    const checkout = await started();
    await checkout.dispatch(laid('apple'));
    await clock.pass(50_000);
    await checkout.dispatch({ kind: 'help-dismissed' });
    await clock.pass(59_999);
    expect(saleOf(checkout.state())?.abandonsAtMs).toBeNull();
    await clock.pass(1);
    await checkout.dispatch({ kind: 'still-there-answered' });
    await clock.pass(59_999);
    expect(saleOf(checkout.state())?.abandonsAtMs).toBeNull();
  });

  test('takes an empty cart back to welcome without a question', async () => {
    const checkout = await started();
    await checkout.dispatch({ kind: 'sale-started' });
    await clock.pass(60_000);
    expect(stageOf(checkout.state())).toBe('idle');
    expect(kindsWritten()).toEqual(['sale-begun', 'sale-cancelled']);
  });

  test('keeps a call for help, on an empty cart and on a receipt', async () => {
    const checkout = await started();
    await checkout.dispatch({ kind: 'sale-started' });
    await checkout.dispatch({ kind: 'help-called' });
    await clock.pass(60_000);
    expect(checkout.state()).toMatchObject({ phase: { kind: 'idle' }, helpCalled: true });

    await checkout.dispatch(laid('apple'));
    await checkout.dispatch({ kind: 'payment-started', totalMinor: 55 });
    await terminal.answer(approved);
    await clock.pass(defaultTimings.receiptMs);
    expect(checkout.state()).toMatchObject({ phase: { kind: 'idle' }, helpCalled: true });
  });

  const yearMs = 365 * 24 * 3_600_000;

  test.each([-yearMs, -3_600_000, 3_600_000, yearMs])(
    'is no longer and no shorter where the clock is set by %i ms',
    async (setMs) => {
      const checkout = await paying();
      await terminal.answer(approved);
      clock.setForward(setMs);
      await checkout.dispatch({ kind: 'help-called' });
      await clock.pass(defaultTimings.receiptMs - 1);
      expect(stageOf(checkout.state())).toBe('receipt');
      await clock.pass(1);
      expect(stageOf(checkout.state())).toBe('idle');

      await checkout.dispatch(laid('apple'));
      await clock.pass(30_000);
      clock.setForward(setMs);
      await clock.pass(29_999);
      expect(saleOf(checkout.state())?.abandonsAtMs).toBeNull();
      await clock.pass(1);
      expect(saleOf(checkout.state())?.abandonsAtMs).not.toBeNull();
      clock.setForward(setMs);
      await clock.pass(19_999);
      expect(stageOf(checkout.state())).toBe('shopping');
      await clock.pass(1);
      expect(stageOf(checkout.state())).toBe('idle');
    },
  );

  test('leaves a receipt no longer than its own time after a restart with the clock set back', async () => {
    const before = await paying();
    await terminal.answer(approved);
    await before.stop();
    clock.setForward(-yearMs);
    const checkout = await started();
    expect(stageOf(checkout.state())).toBe('receipt');
    await clock.pass(defaultTimings.receiptMs);
    expect(stageOf(checkout.state())).toBe('idle');
  });

  test('never runs out while the terminal is at work', async () => {
    const checkout = await paying();
    await clock.pass(600_000);
    expect(stageOf(checkout.state())).toBe('paying');
  });

  test('asks after a decline as well, and keeps a call for help', async () => {
    const checkout = await paying();
    await terminal.answer({ kind: 'declined' });
    await checkout.dispatch({ kind: 'help-called' });
    await clock.pass(80_000);
    expect(checkout.state()).toMatchObject({ phase: { kind: 'idle' }, helpCalled: true });
  });
});

test('after stopping nothing happens any more', async () => {
  const checkout = await paying();
  await checkout.stop();
  await terminal.answer(approved);
  await clock.pass(600_000);
  const refused = { kind: 'refused', reason: 'stopped' };
  expect(await checkout.dispatch({ kind: 'help-called' })).toEqual(refused);
  expect(kindsWritten()).toEqual(['sale-begun', 'item-added', 'payment-begun']);
});
