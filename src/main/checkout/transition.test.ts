import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Product } from '../../shared/catalogue.ts';
import { itemCount, lineAmountMinor, totalMinor } from './cart.ts';
import type { CartLine } from './cart.ts';
import type { CheckoutEvent, EventKind, ItemRecognised, RecordedDecision } from './events.ts';
import { sampleShop } from './sample-shop.ts';
import { idleState, openQuestion, outOfOrderState, questionIdOf, saleOf } from './state.ts';
import type { Ask, CheckoutState, Lookup, Placed, Sale, Shopping } from './state.ts';
import { transition } from './transition.ts';
import type { Transition } from './transition.ts';

const { apple, lemon, juice, tomato, carrot } = sampleShop;
const atMs = 1_700_000_000_000;

/** An answer to whatever question is open when it comes. */
const asSeen = { atMs, questionId: 'as seen' };

let ids = 0;
const recognised = (
  decision: RecordedDecision,
  weightGrams: number | null = null,
): ItemRecognised => {
  ids += 1;
  return {
    kind: 'item-recognised',
    atMs,
    itemId: `item-${ids}`,
    placementId: `placement-${ids}`,
    photoId: `photo-${ids}`,
    weightGrams,
    decision,
    msSinceStill: null,
    nextSale: { saleId: `sale-of-${ids}`, currency: 'EUR' },
  };
};
const accepted = (product: Product = apple, weightGrams: number | null = null): ItemRecognised =>
  recognised({ kind: 'accept', product, probability: 0.9 }, weightGrams);
const chosen = (product: Product, weightGrams: number | null = null): CheckoutEvent => {
  ids += 1;
  return { kind: 'product-chosen', ...asSeen, itemId: `item-${ids}`, product, weightGrams };
};

const unsure = recognised({ kind: 'ask', candidateIds: ['apple', 'lemon'] });

function run(state: CheckoutState, ...events: readonly CheckoutEvent[]): CheckoutState {
  return events.reduce((each, event) => step(each, event).state, state);
}

function step(state: CheckoutState, event: CheckoutEvent): Transition {
  const question = openQuestion(state);
  const answers = 'questionId' in event && event.questionId === asSeen.questionId;
  if (!answers || question === null) return transition(state, event);
  return transition(state, { ...event, questionId: questionIdOf(question) });
}

function cartOf(state: CheckoutState): readonly CartLine[] {
  return saleOf(state)?.cart ?? [];
}

const summary = (state: CheckoutState): readonly string[] =>
  cartOf(state).map(
    ({ product, quantity, weightGrams, removed }) =>
      `${quantity} ${product.id}${weightGrams === null ? '' : ` ${weightGrams} g`}${removed ? ' removed' : ''}`,
  );

const line: CartLine = {
  lineId: 'line-1',
  product: apple,
  quantity: 2,
  weightGrams: null,
  readingGrams: null,
  photoId: 'photo-1',
  removed: false,
};
const sale: Sale = {
  saleId: 'sale-1',
  currency: 'EUR',
  startedAtMs: atMs,
  cart: [line],
  past: [[]],
  latest: null,
  suspendsAtMs: null,
};
const placed: Placed = {
  itemId: 'item-p',
  placementId: 'placement-p',
  photoId: 'photo-p',
  weightGrams: null,
  unsure: false,
};
const common = { lastNumber: 7, helpCalled: false, ledgerLost: false, sale };
const shopping: Shopping = { kind: 'shopping', ...common };
const ask: Ask = { kind: 'ask', placed, candidateIds: ['apple', 'lemon'] };
const looking = (lookup: Lookup): CheckoutState => ({
  kind: 'looking-up',
  ...common,
  lookup,
  waiting: [],
});
const payment = { intentId: 'intent-1', amountMinor: 110 };
const held = [{ recognised: { ...accepted(), placementId: 'placement-h' }, leftTray: false }];
const unknownItem: Lookup = { kind: 'unknown-item', placed, suggestionIds: [] };

const states = {
  idle: idleState(7),
  shopping,
  asking: { kind: 'asking', ...common, ask, waiting: [] },
  'unknown-item': looking(unknownItem),
  'recognition-down': looking({ kind: 'recognition-down', placed }),
  'none-of-these': looking({ kind: 'none-of-these', placed, ask }),
  correction: looking({ kind: 'correction', lineId: 'line-1', product: apple }),
  'find-item': looking({ kind: 'find-item' }),
  'no-weight': looking({ kind: 'no-weight', product: tomato, target: unknownItem }),
  paying: { kind: 'paying', ...common, payment, held },
  cancelling: { kind: 'cancelling', ...common, payment, held },
  checking: { kind: 'checking', ...common, payment, held },
  declined: { kind: 'declined', ...common, payment, held: [] },
  'declined, items held': { kind: 'declined', ...common, payment, held },
  paid: { kind: 'paid', ...common, payment, held, tender: 'card', reference: 'r' },
  receipt: {
    kind: 'receipt',
    ...common,
    tender: 'card',
    number: 7,
    completedAtMs: atMs,
    closesAtMs: atMs + 1,
    held: [],
  },
  'receipt, items held': {
    kind: 'receipt',
    ...common,
    tender: 'card',
    number: 7,
    completedAtMs: atMs,
    closesAtMs: atMs + 1,
    held,
  },
  'out-of-order': outOfOrderState('ledger', 7),
} satisfies Record<string, CheckoutState>;

const events: Readonly<Record<EventKind, CheckoutEvent>> = {
  'sale-started': { kind: 'sale-started', atMs, saleId: 'sale-2', currency: 'EUR' },
  'item-recognised': accepted(),
  'product-chosen': chosen(lemon),
  'none-of-these': { kind: 'none-of-these', ...asSeen },
  'left-out': { kind: 'left-out', ...asSeen },
  'lookup-opened': { kind: 'lookup-opened', atMs },
  'lookup-closed': { kind: 'lookup-closed', ...asSeen },
  'quantity-set': { kind: 'quantity-set', atMs, lineId: 'line-1', quantity: 5 },
  'line-removed': { kind: 'line-removed', atMs, lineId: 'line-1' },
  'correction-started': { kind: 'correction-started', atMs, lineId: 'line-1' },
  undone: { kind: 'undone', atMs },
  'item-left-tray': { kind: 'item-left-tray', atMs, placementId: 'placement-h' },
  'help-called': { kind: 'help-called', atMs },
  'help-dismissed': { kind: 'help-dismissed', atMs },
  'payment-started': {
    kind: 'payment-started',
    atMs,
    intentId: 'intent-2',
    amountMinor: 110,
    currency: 'EUR',
  },
  'cancel-asked': { kind: 'cancel-asked', atMs },
  'outcome-arrived': {
    kind: 'outcome-arrived',
    atMs,
    intentId: 'intent-1',
    outcome: { kind: 'approved', tender: 'card', reference: 'r' },
  },
  'outcome-unknown': { kind: 'outcome-unknown', atMs, intentId: 'intent-1', checks: 0 },
  'payment-returned': { kind: 'payment-returned', atMs },
  'sale-completed': { kind: 'sale-completed', atMs, number: 8, closesAtMs: atMs + 1 },
  'receipt-done': {
    kind: 'receipt-done',
    atMs,
    by: 'shopper',
    nextSale: { saleId: 'sale-2', currency: 'EUR' },
  },
  'still-there-asked': { kind: 'still-there-asked', atMs, suspendsAtMs: atMs + 20_000 },
  'still-there-answered': { kind: 'still-there-answered', atMs },
  'sale-suspended': { kind: 'sale-suspended', atMs },
  'sale-cancelled': { kind: 'sale-cancelled', atMs, by: 'shopper' },
  interrupted: { kind: 'interrupted', atMs },
  'ledger-failed': { kind: 'ledger-failed', atMs },
};

const eventKinds = Object.keys(events) as readonly EventKind[];

type Expected = Readonly<Partial<Record<EventKind, CheckoutState['kind'] | undefined>>>;

const open: Expected = {
  'sale-suspended': 'idle',
  'sale-cancelled': 'idle',
  'ledger-failed': 'out-of-order',
};
const question = (kind: CheckoutState['kind']): Expected => ({
  ...open,
  'item-recognised': kind,
  'still-there-asked': kind,
  'product-chosen': 'shopping',
  'left-out': 'shopping',
});
const payingWith = (kind: CheckoutState['kind']): Expected => ({
  'item-recognised': kind,
  'item-left-tray': kind,
  'outcome-arrived': 'paid',
  'outcome-unknown': 'checking',
  interrupted: 'checking',
  'ledger-failed': kind,
});

/** What each event leads to; one that is not named leaves the state as it is. */
const table: Readonly<Record<keyof typeof states, Expected>> = {
  idle: {
    'sale-started': 'shopping',
    'item-recognised': 'shopping',
    'ledger-failed': 'out-of-order',
  },
  shopping: {
    ...open,
    'item-recognised': 'shopping',
    'lookup-opened': 'looking-up',
    'quantity-set': 'shopping',
    'line-removed': 'shopping',
    'correction-started': 'looking-up',
    undone: 'shopping',
    'payment-started': 'paying',
    'still-there-asked': 'shopping',
  },
  asking: { ...question('asking'), 'none-of-these': 'looking-up' },
  'unknown-item': question('looking-up'),
  'recognition-down': question('looking-up'),
  'none-of-these': { ...question('looking-up'), 'lookup-closed': 'asking' },
  correction: { ...question('looking-up'), 'lookup-closed': 'shopping' },
  'find-item': { ...question('looking-up'), 'lookup-closed': 'shopping' },
  'no-weight': { ...question('looking-up'), 'lookup-closed': 'looking-up' },
  paying: { ...payingWith('paying'), 'cancel-asked': 'cancelling' },
  cancelling: payingWith('cancelling'),
  // Still unknown is nothing new; that the terminal is asked again is an effect.
  checking: { ...payingWith('checking'), 'outcome-unknown': undefined },
  declined: {
    'item-recognised': 'declined',
    'payment-returned': 'shopping',
    'payment-started': 'paying',
    'still-there-asked': 'declined',
    'sale-suspended': 'idle',
    'ledger-failed': 'out-of-order',
  },
  'declined, items held': {
    'item-recognised': 'declined',
    'item-left-tray': 'declined',
    'payment-returned': 'shopping',
    'payment-started': 'shopping',
    'still-there-asked': 'declined',
    'sale-suspended': 'idle',
    interrupted: 'declined',
    'ledger-failed': 'out-of-order',
  },
  paid: {
    'item-recognised': 'paid',
    'item-left-tray': 'paid',
    'sale-completed': 'receipt',
    interrupted: 'paid',
    'ledger-failed': 'paid',
  },
  receipt: { 'item-recognised': 'shopping', 'receipt-done': 'idle', 'ledger-failed': 'receipt' },
  'receipt, items held': {
    'item-recognised': 'shopping',
    'item-left-tray': 'receipt',
    'receipt-done': 'shopping',
    interrupted: 'receipt',
    'ledger-failed': 'receipt',
  },
  'out-of-order': {},
};

const pairs = Object.entries(states).flatMap(([name, state]) =>
  eventKinds.map((kind) => ({
    name: name as keyof typeof states,
    state: state as CheckoutState,
    kind,
  })),
);

test.each(pairs)('$name: $kind', ({ name, state, kind }) => {
  const { state: after } = step(state, events[kind]);
  if (kind === 'help-called') {
    expect(after).toEqual({ ...state, helpCalled: true });
    return;
  }
  const expected = table[name][kind];
  if (expected === undefined) {
    expect(after).toBe(state);
  } else {
    expect(after).not.toBe(state);
    expect(after.kind).toBe(expected);
  }
});

test('every event that reaches "Still there?" answers it, but for its own time running out', () => {
  const asked = { ...shopping, sale: { ...sale, suspendsAtMs: atMs } };
  for (const kind of eventKinds) {
    const suspendsAtMs = saleOf(run(asked, events[kind]))?.suspendsAtMs ?? null;
    expect(suspendsAtMs, kind).toBe(kind === 'still-there-asked' ? atMs : null);
  }
});

describe('items', () => {
  test('the same thing laid again grows its line, now the last; a weighed one has its own', () => {
    const state = run(
      idleState(0),
      ...[apple, juice, apple].map((each) => accepted(each)),
      accepted(tomato, 405),
      accepted(tomato, 205),
    );
    expect(summary(state)).toEqual(['1 juice', '2 apple', '1 tomato 400 g', '1 tomato 200 g']);
    // 2 × 0.55 + 2.49 + 0.25 + 1.196 + 0.598
    expect(totalMinor(cartOf(state), 'EUR')).toBe(110 + 274 + 120 + 60);
  });

  test('a price that changed in mid-sale does not change what lies in the cart', () => {
    const dearer = { ...apple, price: { kind: 'piece', priceMinor: 60 } } as const;
    const state = run(idleState(0), accepted(), accepted(dearer));
    expect(summary(state)).toEqual(['1 apple', '1 apple']);
    expect(totalMinor(cartOf(state), 'EUR')).toBe(115);
  });

  test('a line holds 99 pieces; the next begins another', () => {
    const full = { ...shopping, sale: { ...sale, cart: [{ ...line, quantity: 99 }] } };
    expect(summary(run(full, accepted()))).toEqual(['99 apple', '1 apple']);
  });

  test.each([0, -1, 1.5, 100, Number.NaN])('a quantity of %d is not set', (quantity) => {
    const event: CheckoutEvent = { kind: 'quantity-set', atMs, lineId: 'line-1', quantity };
    expect(transition(shopping, event).state).toBe(shopping);
  });

  test('a weighed line has no quantity', () => {
    const state = run(idleState(0), accepted(tomato, 405));
    const lineId = cartOf(state)[0]?.lineId ?? '';
    expect(run(state, { kind: 'quantity-set', atMs, lineId, quantity: 2 })).toBe(state);
  });

  test('what is removed stays struck out until the next item, and counts for nothing', () => {
    const removed = run(shopping, events['line-removed']);
    expect(summary(removed)).toEqual(['2 apple removed']);
    expect([totalMinor(cartOf(removed), 'EUR'), itemCount(cartOf(removed))]).toEqual([0, 0]);
    expect(run(removed, events['payment-started'])).toBe(removed);
    expect(summary(run(removed, accepted()))).toEqual(['1 apple']);
  });

  test('by weight without a reading there is no price: the shopper is told, and can choose again', () => {
    const without = run(shopping, accepted(tomato));
    expect(without).toMatchObject({
      kind: 'looking-up',
      lookup: { kind: 'no-weight', product: tomato },
    });
    expect(summary(without)).toEqual(['2 apple']);
    expect(summary(run(without, chosen(lemon)))).toEqual(['2 apple', '1 lemon']);
    expect(summary(run(without, chosen(tomato, 205)))).toEqual(['2 apple', '1 tomato 200 g']);
    expect(run(without, events['left-out'])).toEqual(shopping);
  });

  test.each([5, 4, 0])(
    '%d g with 5 g of tare, or too little to cost anything, is no weight',
    (grams) => {
      expect(run(shopping, accepted(tomato, grams)).kind).toBe('looking-up');
      expect(run(shopping, accepted(carrot, 3)).kind).toBe('looking-up');
      expect(run(shopping, accepted(carrot, 4)).kind).toBe('shopping');
    },
  );
});

test('undo goes back step by step: set quantity, correction, removal, item', () => {
  const laid = run(idleState(0), accepted(apple));
  const lineId = cartOf(laid)[0]?.lineId ?? '';
  let state = run(
    laid,
    { kind: 'quantity-set', atMs, lineId, quantity: 3 },
    { kind: 'correction-started', atMs, lineId },
    chosen(lemon),
    { kind: 'line-removed', atMs, lineId },
  );
  const steps = [summary(state)];
  for (let step = 0; step < 5; step++) {
    state = run(state, events.undone);
    steps.push(summary(state));
  }
  expect(steps).toEqual([
    ['2 apple removed', '1 lemon'],
    ['2 apple', '1 lemon'],
    ['3 apple'],
    ['1 apple'],
    [],
    [],
  ]);
});

describe('questions', () => {
  test('wait in line, while what is known goes into the cart', () => {
    const down = recognised({ kind: 'recognition-down' });
    const asked = run(idleState(0), unsure, down, accepted(juice));
    expect(asked).toMatchObject({ kind: 'asking', ask: { candidateIds: ['apple', 'lemon'] } });
    expect(summary(asked)).toEqual(['1 juice']);
    const next = run(asked, chosen(apple));
    expect(next).toMatchObject({ kind: 'looking-up', lookup: { kind: 'recognition-down' } });
    const done = run(next, chosen(lemon));
    expect(done.kind).toBe('shopping');
    expect(summary(done)).toEqual(['1 juice', '1 apple', '1 lemon']);
  });

  test('stay open when the thing leaves the tray', () => {
    const asked = run(idleState(0), unsure);
    expect(run(asked, { kind: 'item-left-tray', atMs, placementId: unsure.placementId })).toBe(
      asked,
    );
  });

  test('"None of these" and back asks the same again', () => {
    const asked = run(idleState(0), unsure);
    expect(run(asked, events['none-of-these'], events['lookup-closed'])).toEqual(asked);
  });

  test('leaving a thing out adds nothing', () => {
    expect(run(shopping, unsure, events['left-out'])).toEqual(shopping);
  });
});

describe('an answer to a question that is open no more', () => {
  const answers: readonly CheckoutEvent[] = [
    chosen(apple),
    events['none-of-these'],
    events['left-out'],
    events['lookup-closed'],
  ];
  const twice = (state: CheckoutState, event: CheckoutEvent): CheckoutState => {
    const question = openQuestion(state);
    const questionId = question === null ? '' : questionIdOf(question);
    const tap = { ...event, questionId } as CheckoutEvent;
    return run(state, tap, tap);
  };
  const questions = {
    ask: [unsure],
    'unknown item': [recognised({ kind: 'unknown', suggestionIds: [] })],
    'recognition down': [recognised({ kind: 'recognition-down' })],
    'no weight': [accepted(tomato)],
    'none of these': [unsure, events['none-of-these']],
    correction: [events['correction-started']],
    'find item': [events['lookup-opened']],
  };
  const cases = Object.entries(questions).flatMap(([first, opening]) =>
    answers.map((answer) => ({ first, opening, answer, kind: answer.kind })),
  );

  test.each(cases)('$first: a second $kind answers nothing else', ({ opening, answer }) => {
    const another = recognised({ kind: 'ask', candidateIds: ['apple', 'lemon'] });
    const state = run(shopping, ...opening, another, accepted(tomato));
    expect(twice(state, answer)).toEqual(run(state, answer));
  });

  test('is not taken where the product chosen has no weight, nor for the same thing laid again', () => {
    const state = run(shopping, unsure);
    expect(twice(state, chosen(tomato))).toEqual(run(state, chosen(tomato)));
    const again = {
      ...recognised({ kind: 'ask', candidateIds: ['apple', 'lemon'] }),
      placementId: unsure.placementId,
    };
    expect(summary(twice(run(state, again), chosen(lemon)))).toEqual(['2 apple', '1 lemon']);
  });
});

describe('corrections', () => {
  const three = { ...shopping, sale: { ...sale, cart: [{ ...line, quantity: 3 }] } };

  test('replace the last piece only', () => {
    const state = run(three, events['correction-started'], chosen(lemon));
    expect(summary(state)).toEqual(['2 apple', '1 lemon']);
  });

  test('of a single piece take its place and keep its photo', () => {
    const cart = [
      { ...line, quantity: 1 },
      { ...line, lineId: 'line-2', product: juice },
    ];
    const state = run(
      { ...shopping, sale: { ...sale, cart } },
      events['correction-started'],
      chosen(lemon),
    );
    expect(summary(state)).toEqual(['1 lemon', '2 juice']);
    expect(cartOf(state)[0]?.photoId).toBe('photo-1');
  });

  test('to what is there already grow that line', () => {
    const cart = [
      { ...line, quantity: 1 },
      { ...line, lineId: 'line-2', product: lemon },
    ];
    const state = run(
      { ...shopping, sale: { ...sale, cart } },
      events['correction-started'],
      chosen(lemon),
    );
    expect(summary(state)).toEqual(['3 lemon']);
  });

  test('to the same product change nothing', () => {
    expect(run(three, events['correction-started'], chosen(apple))).toEqual(three);
  });

  test('use the weight that was read when the thing was laid down', () => {
    const laid = run(idleState(0), accepted(apple, 405));
    const lineId = cartOf(laid)[0]?.lineId ?? '';
    const state = run(laid, { kind: 'correction-started', atMs, lineId }, chosen(tomato));
    expect(summary(state)).toEqual(['1 tomato 400 g']);
  });

  test('left out take the piece from the cart', () => {
    expect(summary(run(three, events['correction-started'], events['left-out']))).toEqual([
      '2 apple',
    ]);
    expect(summary(run(shopping, events['line-removed'], events['correction-started']))).toEqual([
      '2 apple removed',
    ]);
  });
});

describe('payment', () => {
  const pay = events['payment-started'];

  test('asks the terminal for just what the cart comes to', () => {
    expect(transition(shopping, pay).effects).toEqual([
      { kind: 'ask-terminal', intentId: 'intent-2', amountMinor: 110, currency: 'EUR' },
    ]);
    expect(run(shopping, { ...pay, amountMinor: 109 } as CheckoutEvent)).toBe(shopping);
    expect(run(shopping, { ...pay, currency: 'USD' } as CheckoutEvent)).toBe(shopping);
  });

  test('an approval that races a cancel counts as paid', () => {
    const cancelling = transition(states.paying, events['cancel-asked']);
    expect(cancelling.effects).toEqual([{ kind: 'cancel-payment', intentId: 'intent-1' }]);
    const paid = transition(cancelling.state, events['outcome-arrived']);
    expect(paid).toMatchObject({ state: { kind: 'paid' }, effects: [{ kind: 'complete-sale' }] });
  });

  test('the outcome of another payment settles nothing', () => {
    const other = { ...events['outcome-arrived'], intentId: 'intent-0' } as CheckoutEvent;
    expect(run(states.checking, other)).toBe(states.checking);
  });

  test('while the outcome is unknown the terminal is asked again, never charged again', () => {
    const unknown = { ...events['outcome-unknown'], checks: 3 } as CheckoutEvent;
    for (const state of [states.paying, states.cancelling, states.checking]) {
      const next = transition(state, unknown);
      expect(next.state.kind).toBe('checking');
      expect(next.effects).toEqual([{ kind: 'check-payment', intentId: 'intent-1', checks: 3 }]);
      expect(run(next.state, pay)).toBe(next.state);
      expect(run(next.state, events['cancel-asked'])).toBe(next.state);
    }
  });

  test('a restart in mid-payment asks for the outcome first', () => {
    for (const state of [states.paying, states.cancelling, states.checking]) {
      expect(transition(state, events.interrupted).effects).toEqual([
        { kind: 'check-payment', intentId: 'intent-1', checks: 0 },
      ]);
    }
    expect(transition(states.paid, events.interrupted).effects).toEqual([
      { kind: 'complete-sale' },
    ]);
  });

  test('what is laid down meanwhile joins the cart after a cancel, asked where not sure', () => {
    const cancelled = {
      ...events['outcome-arrived'],
      outcome: { kind: 'cancelled' },
    } as CheckoutEvent;
    const state = run(shopping, pay, accepted(juice), unsure, {
      ...cancelled,
      intentId: 'intent-2',
    } as CheckoutEvent);
    expect(state.kind).toBe('asking');
    expect(summary(state)).toEqual(['2 apple', '1 juice']);
  });

  test('what may be a hand that clears the tray leaves the receipt alone', () => {
    const perhaps = { ...recognised({ kind: 'unknown', suggestionIds: [] }), unsure: true };
    const receipt = run(states.receipt, perhaps);
    expect(receipt).toMatchObject({ kind: 'receipt', number: 7 });
    const { placementId } = perhaps;
    const gone = run(receipt, { kind: 'item-left-tray', atMs, placementId });
    expect(run(gone, events['receipt-done']).kind).toBe('idle');
    expect(run(receipt, events['receipt-done'])).toMatchObject({
      kind: 'looking-up',
      sale: { saleId: 'sale-2', cart: [] },
      lookup: { placed: { placementId, unsure: true } },
    });
  });

  test('what is laid down meanwhile begins the next sale, unless it has gone', () => {
    const left: CheckoutEvent = { kind: 'item-left-tray', atMs, placementId: 'placement-h' };
    const next = run(states['receipt, items held'], events['receipt-done']);
    expect(saleOf(next)?.saleId).toBe('sale-2');
    expect(summary(next)).toEqual(['1 apple']);
    expect(run(states['receipt, items held'], left, events['receipt-done']).kind).toBe('idle');
    const laid = run(states['receipt, items held'], accepted(juice));
    expect(summary(laid)).toEqual(['1 apple', '1 juice']);
  });
});

describe('a call for help', () => {
  const byTime = (event: CheckoutEvent) => ({ ...event, by: 'time' }) as CheckoutEvent;
  const helpAfter = (state: CheckoutState, event: CheckoutEvent): boolean =>
    run(state, events['help-called'], event).helpCalled;

  test('outlives a screen that time ends: staff is on the way', () => {
    expect(helpAfter(shopping, byTime(events['sale-cancelled']))).toBe(true);
    expect(helpAfter(shopping, events['sale-suspended'])).toBe(true);
    for (const receipt of [states.receipt, states['receipt, items held']]) {
      expect(helpAfter(receipt, byTime(events['receipt-done']))).toBe(true);
      expect(helpAfter(receipt, accepted())).toBe(true);
    }
  });

  test('ends with what the shopper ends', () => {
    expect(helpAfter(shopping, events['sale-cancelled'])).toBe(false);
    expect(helpAfter(states.receipt, events['receipt-done'])).toBe(false);
  });
});

describe('a lost ledger', () => {
  const lost = events['ledger-failed'];

  test('lets a payment end with the truth, and sells nothing after it', () => {
    const receipt = run(states.paying, lost, events['outcome-arrived'], events['sale-completed']);
    expect(receipt.kind).toBe('receipt');
    expect(run(receipt, events['receipt-done'])).toMatchObject({
      kind: 'out-of-order',
      reason: 'ledger',
    });
    expect(run(receipt, accepted()).kind).toBe('out-of-order');
  });

  test.each(['declined', 'cancelled'] as const)('is out of order after %s', (kind) => {
    const outcome = { ...events['outcome-arrived'], outcome: { kind } } as CheckoutEvent;
    expect(run(states.paying, lost, outcome).kind).toBe('out-of-order');
  });
});

describe('for any course of events', () => {
  const productOf = fc.constantFrom<Product>(apple, lemon, juice, tomato, carrot);
  const grams = fc.option(fc.integer({ min: 0, max: 3000 }));
  const lineId = fc.nat(12).map((number) => `line-${number}`);
  const decision: fc.Arbitrary<RecordedDecision> = fc.oneof(
    {
      weight: 4,
      arbitrary: productOf.map((product) => ({
        kind: 'accept' as const,
        product,
        probability: 0.9,
      })),
    },
    {
      weight: 1,
      arbitrary: fc.constant({ kind: 'ask' as const, candidateIds: ['apple', 'lemon'] }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const, suggestionIds: [] }) },
  );
  const numbered = (events: readonly CheckoutEvent[]): readonly CheckoutEvent[] =>
    events.map((event, index) =>
      'itemId' in event ? { ...event, itemId: `line-${index}` } : event,
    );
  const shopperEvent: fc.Arbitrary<CheckoutEvent> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(decision, grams).map(([each, weight]) => recognised(each, weight)),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(productOf, grams).map(([each, weight]) => chosen(each, weight)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(lineId, fc.integer({ min: 1, max: 99 }))
        .map(([id, quantity]): CheckoutEvent => ({
          kind: 'quantity-set',
          atMs,
          lineId: id,
          quantity,
        })),
    },
    {
      weight: 1,
      arbitrary: lineId.map((id): CheckoutEvent => ({ kind: 'line-removed', atMs, lineId: id })),
    },
    {
      weight: 1,
      arbitrary: lineId.map((id): CheckoutEvent => ({
        kind: 'correction-started',
        atMs,
        lineId: id,
      })),
    },
    { weight: 6, arbitrary: fc.constantFrom(...eventKinds).map((kind) => events[kind]) },
  );
  const course = fc.array(shopperEvent, { maxLength: 40 }).map(numbered);

  test('the total is the sum of the counted lines, and never negative', () => {
    fc.assert(
      fc.property(course, (all) => {
        const cart = cartOf(run(idleState(0), ...all));
        const amounts = cart
          .filter(({ removed }) => !removed)
          .map((each) => lineAmountMinor(each, 'EUR'));
        expect(amounts.every((amount) => amount > 0)).toBe(true);
        expect(totalMinor(cart, 'EUR')).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
        expect(new Set(cart.map((each) => each.lineId)).size).toBe(cart.length);
      }),
    );
  });

  test('undo takes back any change of the cart', () => {
    fc.assert(
      fc.property(course, (all) => {
        let state: CheckoutState = idleState(0);
        for (const event of all) {
          const before: CheckoutState = state;
          state = run(before, event);
          const sameSale = saleOf(before)?.saleId === saleOf(state)?.saleId;
          const changed = sameSale && cartOf(state) !== cartOf(before) && !('held' in before);
          if (!changed || state.kind !== 'shopping' || event.kind === 'undone') continue;
          expect(cartOf(run(state, events.undone))).toEqual(cartOf(before));
        }
      }),
    );
  });

  test('what the events left unchanged need not be recorded to come to the same state', () => {
    fc.assert(
      fc.property(course, (all) => {
        let state: CheckoutState = idleState(0);
        const recorded: CheckoutEvent[] = [];
        for (const event of all) {
          const after: CheckoutState = run(state, event);
          if (after !== state) recorded.push(JSON.parse(JSON.stringify(event)) as CheckoutEvent);
          state = after;
        }
        expect(run(idleState(0), ...recorded)).toEqual(state);
      }),
    );
  });
});
