import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Product } from '../../shared/catalogue.ts';
import { itemCount } from './cart.ts';
import type { CheckoutCommand, CommandKind, ItemRecognised } from './commands.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import { replay } from './evolve.ts';
import { readFact, rowOf } from './facts.ts';
import type { Ask, Fact, Placed, Question, RecognisedItem, RecordedDecision } from './facts.ts';
import { emptyCart, priceCart } from './price-cart.ts';
import type { Cart, UnpricedLine } from './price-cart.ts';
import { sampleShop } from './sample-shop.ts';
import { stageOf } from './stage-for-test.ts';
import { closedState, closing, idleState, openQuestion, questionIdOf, saleOf } from './state.ts';
import type { CheckoutState, Phase, Sale } from './state.ts';

const { apple, lemon, juice, tomato, carrot } = sampleShop;
const atMs = 1_700_000_000_000;

/** An answer to whatever question is open when it comes. */
const asSeen = { atMs, questionId: 'as seen' };

let ids = 0;
const recognised = (
  decision: RecordedDecision,
  weightGrams: number | null = null,
  changes: Partial<RecognisedItem> = {},
): ItemRecognised => {
  ids += 1;
  return {
    kind: 'item-recognised',
    atMs,
    item: {
      itemId: `item-${ids}`,
      placementId: `placement-${ids}`,
      photoId: `photo-${ids}`,
      weightGrams,
      decision,
      unsure: false,
      msSinceStill: null,
      ...changes,
    },
    nextSale: { saleId: `sale-of-${ids}`, currency: 'EUR' },
  };
};
const accepted = (product: Product = apple, weightGrams: number | null = null): ItemRecognised =>
  recognised({ kind: 'accept', product, probability: 0.9 }, weightGrams);
const chosen = (product: Product, weightGrams: number | null = null): CheckoutCommand => {
  ids += 1;
  return { kind: 'product-chosen', ...asSeen, itemId: `item-${ids}`, product, weightGrams };
};

const unsure = recognised({ kind: 'ask', candidateIds: ['apple', 'lemon'] });

function run(state: CheckoutState, ...commands: readonly CheckoutCommand[]): CheckoutState {
  return commands.reduce((each, command) => step(each, command).state, state);
}

/** Decides, and comes to the state as a restart would: by the facts as the ledger keeps them. */
function step(
  state: CheckoutState,
  command: CheckoutCommand,
): Decision & { readonly state: CheckoutState } {
  const question = openQuestion(state);
  const answers = 'questionId' in command && command.questionId === asSeen.questionId;
  const decision = decide(
    state,
    answers && question !== null ? { ...command, questionId: questionIdOf(question) } : command,
  );
  const kept = replay(state, decision.facts.map(asKept));
  expect(kept).toEqual(decision.state);
  return { ...decision, state: kept };
}

function asKept(fact: Fact): Fact {
  return readFact(JSON.parse(JSON.stringify(rowOf(fact))) as ReturnType<typeof rowOf>);
}

function cartOf(state: CheckoutState): Cart {
  return saleOf(state)?.cart ?? emptyCart;
}

const summary = (state: CheckoutState): readonly string[] =>
  cartOf(state).lines.map(
    ({ product, quantity, weightGrams, removed }) =>
      `${quantity} ${product.id}${weightGrams === null ? '' : ` ${weightGrams} g`}${removed ? ' removed' : ''}`,
  );

const line: UnpricedLine = {
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
  isTraining: false,
  startedAtMs: atMs,
  cart: priceCart([line], 'EUR'),
  past: [emptyCart],
  latest: null,
  abandonsAtMs: null,
  wasHelped: false,
};
const withLines = (...lines: readonly UnpricedLine[]): CheckoutState =>
  inPhase({ kind: 'shopping', questions: [], sale: { ...sale, cart: priceCart(lines, 'EUR') } });
const placed: Placed = {
  itemId: 'item-p',
  placementId: 'placement-p',
  photoId: 'photo-p',
  weightGrams: null,
  unsure: false,
};
function inPhase(phase: Phase): CheckoutState {
  return { ...idleState(7), phase };
}
const ask: Ask = { kind: 'ask', placed, candidateIds: ['apple', 'lemon'] };
const asking = (...questions: readonly Question[]): CheckoutState =>
  inPhase({ kind: 'shopping', sale, questions });
const shopping = asking();
const payment = { intentId: 'intent-1', amountMinor: 110 };
const queued = [
  {
    item: recognised({ kind: 'accept', product: apple, probability: 0.9 }, null, {
      placementId: 'placement-h',
    }).item,
    leftTray: false,
  },
];
const unknownItem = { kind: 'unknown-item', placed, suggestionIds: [] } as const;
const tender = {
  kind: 'card',
  amountMinor: 110,
  cardLabel: 'card',
  reference: 'r',
  receiptLines: [],
} as const;
const receipt = {
  kind: 'receipt',
  sale,
  receipt: {
    saleId: sale.saleId,
    number: 7,
    isTraining: false,
    currency: 'EUR',
    lines: sale.cart.lines,
    totals: sale.cart.totals,
    tenders: [tender],
    startedAtMs: atMs,
    paidAtMs: atMs,
    completedAtMs: atMs,
    wasHelped: false,
  },
  closesAtMs: atMs + 1,
} as const;

const states = {
  idle: idleState(7),
  shopping,
  asking: asking(ask),
  'unknown-item': asking(unknownItem),
  'recognition-down': asking({ kind: 'recognition-down', placed }),
  'none-of-these': asking({ kind: 'none-of-these', placed, ask }),
  correction: asking({ kind: 'correction', lineId: 'line-1', product: apple }),
  'find-item': asking({ kind: 'find-item' }),
  'no-weight': asking({ kind: 'no-weight', product: tomato, target: unknownItem }),
  paying: inPhase({ kind: 'paying', sale, payment, queued }),
  cancelling: inPhase({ kind: 'cancelling', sale, payment, queued }),
  checking: inPhase({ kind: 'checking', sale, payment, queued }),
  declined: inPhase({ kind: 'declined', sale, payment, queued: [] }),
  'declined, items queued': inPhase({ kind: 'declined', sale, payment, queued }),
  approved: inPhase({ kind: 'approved', sale, payment, queued, tender, paidAtMs: atMs }),
  receipt: inPhase({ ...receipt, queued: [] }),
  'receipt, items queued': inPhase({ ...receipt, queued }),
  closed: closedState('ledger', 7),
} satisfies Record<string, CheckoutState>;

const commands: Readonly<Record<CommandKind, CheckoutCommand>> = {
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
  'still-there-asked': { kind: 'still-there-asked', atMs, endsAtMs: atMs + 20_000 },
  'still-there-answered': { kind: 'still-there-answered', atMs },
  'sale-abandoned': { kind: 'sale-abandoned', atMs },
  'sale-cancelled': { kind: 'sale-cancelled', atMs, by: 'shopper' },
  'kiosk-restarted': { kind: 'kiosk-restarted', atMs },
};

const commandKinds = Object.keys(commands) as readonly CommandKind[];

type Expected = Readonly<Partial<Record<CommandKind, string | undefined>>>;

const open: Expected = {
  'sale-abandoned': 'idle',
  'sale-cancelled': 'idle',
};
const question = (kind: string): Expected => ({
  ...open,
  'item-recognised': kind,
  'still-there-asked': kind,
  'product-chosen': 'shopping',
  'left-out': 'shopping',
});
const payingWith = (kind: string): Expected => ({
  'item-recognised': kind,
  'item-left-tray': kind,
  'outcome-arrived': 'approved',
  'outcome-unknown': 'checking',
  'kiosk-restarted': 'checking',
});

/** What each event leads to; one that is not named leaves the state as it is. */
const table: Readonly<Record<keyof typeof states, Expected>> = {
  idle: {
    'sale-started': 'shopping',
    'item-recognised': 'shopping',
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
    'sale-abandoned': 'idle',
  },
  'declined, items queued': {
    'item-recognised': 'declined',
    'item-left-tray': 'declined',
    'payment-returned': 'shopping',
    'payment-started': 'shopping',
    'still-there-asked': 'declined',
    'sale-abandoned': 'idle',
    'kiosk-restarted': 'declined',
  },
  approved: {
    'item-recognised': 'approved',
    'item-left-tray': 'approved',
    'sale-completed': 'receipt',
    'kiosk-restarted': 'approved',
  },
  receipt: { 'item-recognised': 'shopping', 'receipt-done': 'idle' },
  'receipt, items queued': {
    'item-recognised': 'shopping',
    'item-left-tray': 'receipt',
    'receipt-done': 'shopping',
    'kiosk-restarted': 'receipt',
  },
  closed: {},
};

const pairs = Object.entries(states).flatMap(([name, state]) =>
  commandKinds.map((kind) => ({
    name: name as keyof typeof states,
    state: state as CheckoutState,
    kind,
  })),
);

test.each(pairs)('$name: $kind', ({ name, state, kind }) => {
  const { state: after } = step(state, commands[kind]);
  if (kind === 'help-called') {
    expect(after.helpCalled).toBe(true);
    expect(stageOf(after)).toBe(stageOf(state));
    return;
  }
  const expected = table[name][kind];
  if (expected === undefined) {
    expect(after).toBe(state);
  } else {
    expect(after).not.toBe(state);
    expect(stageOf(after)).toBe(expected);
  }
});

test('every event that reaches "Still there?" answers it, but for its own time running out', () => {
  const asked = inPhase({ kind: 'shopping', questions: [], sale: { ...sale, abandonsAtMs: atMs } });
  for (const kind of commandKinds) {
    const abandonsAtMs = saleOf(run(asked, commands[kind]))?.abandonsAtMs ?? null;
    expect(abandonsAtMs, kind).toBe(kind === 'still-there-asked' ? atMs : null);
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
    expect(cartOf(state).totals.totalMinor).toBe(110 + 274 + 120 + 60);
  });

  test('a price that changed in mid-sale does not change what lies in the cart', () => {
    const dearer = { ...apple, price: { kind: 'piece', priceMinor: 60 } } as const;
    const state = run(idleState(0), accepted(), accepted(dearer));
    expect(summary(state)).toEqual(['1 apple', '1 apple']);
    expect(cartOf(state).totals.totalMinor).toBe(115);
  });

  test('a line holds 99 pieces; the next begins another', () => {
    const full = withLines({ ...line, quantity: 99 });
    expect(summary(run(full, accepted()))).toEqual(['99 apple', '1 apple']);
  });

  test.each([0, -1, 1.5, 100, Number.NaN])('a quantity of %d is not set', (quantity) => {
    const event: CheckoutCommand = { kind: 'quantity-set', atMs, lineId: 'line-1', quantity };
    expect(step(shopping, event).state).toBe(shopping);
  });

  test('a weighed line has no quantity', () => {
    const state = run(idleState(0), accepted(tomato, 405));
    const lineId = cartOf(state).lines[0]?.lineId ?? '';
    expect(run(state, { kind: 'quantity-set', atMs, lineId, quantity: 2 })).toBe(state);
  });

  test('what is removed stays struck out until the next item, and counts for nothing', () => {
    const removed = run(shopping, commands['line-removed']);
    expect(summary(removed)).toEqual(['2 apple removed']);
    expect([cartOf(removed).totals.totalMinor, itemCount(cartOf(removed))]).toEqual([0, 0]);
    expect(run(removed, commands['payment-started'])).toBe(removed);
    expect(summary(run(removed, accepted()))).toEqual(['1 apple']);
  });

  test('by weight without a reading there is no price: the shopper is told, and can choose again', () => {
    const without = run(shopping, accepted(tomato));
    expect(openQuestion(without)).toMatchObject({ kind: 'no-weight', product: tomato });
    expect(summary(without)).toEqual(['2 apple']);
    expect(summary(run(without, chosen(lemon)))).toEqual(['2 apple', '1 lemon']);
    expect(summary(run(without, chosen(tomato, 205)))).toEqual(['2 apple', '1 tomato 200 g']);
    expect(run(without, commands['left-out'])).toEqual(shopping);
  });

  test.each([5, 4, 0])(
    '%d g with 5 g of tare, or too little to cost anything, is no weight',
    (grams) => {
      expect(stageOf(run(shopping, accepted(tomato, grams)))).toBe('looking-up');
      expect(stageOf(run(shopping, accepted(carrot, 3)))).toBe('looking-up');
      expect(stageOf(run(shopping, accepted(carrot, 4)))).toBe('shopping');
    },
  );
});

test('undo goes back step by step: set quantity, correction, removal, item', () => {
  const laid = run(idleState(0), accepted(apple));
  const lineId = cartOf(laid).lines[0]?.lineId ?? '';
  let state = run(
    laid,
    { kind: 'quantity-set', atMs, lineId, quantity: 3 },
    { kind: 'correction-started', atMs, lineId },
    chosen(lemon),
    { kind: 'line-removed', atMs, lineId },
  );
  const steps = [summary(state)];
  for (let step = 0; step < 5; step++) {
    state = run(state, commands.undone);
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
    expect(openQuestion(asked)).toMatchObject({ kind: 'ask', candidateIds: ['apple', 'lemon'] });
    expect(summary(asked)).toEqual(['1 juice']);
    const next = run(asked, chosen(apple));
    expect(openQuestion(next)).toMatchObject({ kind: 'recognition-down' });
    const done = run(next, chosen(lemon));
    expect(stageOf(done)).toBe('shopping');
    expect(summary(done)).toEqual(['1 juice', '1 apple', '1 lemon']);
  });

  test('stay open when the thing leaves the tray', () => {
    const asked = run(idleState(0), unsure);
    expect(run(asked, { kind: 'item-left-tray', atMs, placementId: unsure.item.placementId })).toBe(
      asked,
    );
  });

  test('"None of these" and back asks the same again', () => {
    const asked = run(idleState(0), unsure);
    expect(run(asked, commands['none-of-these'], commands['lookup-closed'])).toEqual(asked);
  });

  test('leaving a thing out adds nothing', () => {
    expect(run(shopping, unsure, commands['left-out'])).toEqual(shopping);
  });
});

describe('an answer to a question that is open no more', () => {
  const answers: readonly CheckoutCommand[] = [
    chosen(apple),
    commands['none-of-these'],
    commands['left-out'],
    commands['lookup-closed'],
  ];
  const twice = (state: CheckoutState, event: CheckoutCommand): CheckoutState => {
    const question = openQuestion(state);
    const questionId = question === null ? '' : questionIdOf(question);
    const tap = { ...event, questionId } as CheckoutCommand;
    return run(state, tap, tap);
  };
  const questions = {
    ask: [unsure],
    'unknown item': [recognised({ kind: 'unknown', suggestionIds: [] })],
    'recognition down': [recognised({ kind: 'recognition-down' })],
    'no weight': [accepted(tomato)],
    'none of these': [unsure, commands['none-of-these']],
    correction: [commands['correction-started']],
    'find item': [commands['lookup-opened']],
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
    const again = recognised({ kind: 'ask', candidateIds: ['apple', 'lemon'] }, null, {
      placementId: unsure.item.placementId,
    });
    expect(summary(twice(run(state, again), chosen(lemon)))).toEqual(['2 apple', '1 lemon']);
  });
});

describe('corrections', () => {
  const three = withLines({ ...line, quantity: 3 });

  test('replace the last piece only', () => {
    const state = run(three, commands['correction-started'], chosen(lemon));
    expect(summary(state)).toEqual(['2 apple', '1 lemon']);
  });

  test('of a single piece take its place and keep its photo', () => {
    const cart = [
      { ...line, quantity: 1 },
      { ...line, lineId: 'line-2', product: juice },
    ];
    const state = run(withLines(...cart), commands['correction-started'], chosen(lemon));
    expect(summary(state)).toEqual(['1 lemon', '2 juice']);
    expect(cartOf(state).lines[0]?.photoId).toBe('photo-1');
  });

  test('to what is there already grow that line', () => {
    const cart = [
      { ...line, quantity: 1 },
      { ...line, lineId: 'line-2', product: lemon },
    ];
    const state = run(withLines(...cart), commands['correction-started'], chosen(lemon));
    expect(summary(state)).toEqual(['3 lemon']);
  });

  test('to the same product change nothing', () => {
    expect(run(three, commands['correction-started'], chosen(apple))).toEqual(three);
  });

  test('use the weight that was read when the thing was laid down', () => {
    const laid = run(idleState(0), accepted(apple, 405));
    const lineId = cartOf(laid).lines[0]?.lineId ?? '';
    const state = run(laid, { kind: 'correction-started', atMs, lineId }, chosen(tomato));
    expect(summary(state)).toEqual(['1 tomato 400 g']);
  });

  test('left out take the piece from the cart', () => {
    expect(summary(run(three, commands['correction-started'], commands['left-out']))).toEqual([
      '2 apple',
    ]);
    expect(
      summary(run(shopping, commands['line-removed'], commands['correction-started'])),
    ).toEqual(['2 apple removed']);
  });
});

describe('payment', () => {
  const pay = commands['payment-started'];

  test('asks the terminal for just what the cart comes to', () => {
    expect(step(shopping, pay).effects).toEqual([
      { kind: 'ask-terminal', intentId: 'intent-2', amountMinor: 110, currency: 'EUR' },
    ]);
    expect(run(shopping, { ...pay, amountMinor: 109 } as CheckoutCommand)).toBe(shopping);
    expect(run(shopping, { ...pay, currency: 'USD' } as CheckoutCommand)).toBe(shopping);
  });

  test('an approval that races a cancel counts as paid', () => {
    const cancelling = step(states.paying, commands['cancel-asked']);
    expect(cancelling.effects).toEqual([{ kind: 'cancel-payment', intentId: 'intent-1' }]);
    const paid = step(cancelling.state, commands['outcome-arrived']);
    expect(stageOf(paid.state)).toBe('approved');
    expect(paid.effects).toEqual([{ kind: 'complete-sale' }]);
  });

  test('the outcome of another payment settles nothing', () => {
    const other = { ...commands['outcome-arrived'], intentId: 'intent-0' } as CheckoutCommand;
    expect(run(states.checking, other)).toBe(states.checking);
  });

  test('while the outcome is unknown the terminal is asked again, never charged again', () => {
    const unknown = { ...commands['outcome-unknown'], checks: 3 } as CheckoutCommand;
    for (const state of [states.paying, states.cancelling, states.checking]) {
      const next = step(state, unknown);
      expect(stageOf(next.state)).toBe('checking');
      expect(next.effects).toEqual([{ kind: 'check-payment', intentId: 'intent-1', checks: 3 }]);
      expect(run(next.state, pay)).toBe(next.state);
      expect(run(next.state, commands['cancel-asked'])).toBe(next.state);
    }
  });

  test('a restart in mid-payment asks for the outcome first', () => {
    for (const state of [states.paying, states.cancelling, states.checking]) {
      expect(step(state, commands['kiosk-restarted']).effects).toEqual([
        { kind: 'check-payment', intentId: 'intent-1', checks: 0 },
      ]);
    }
    expect(step(states.approved, commands['kiosk-restarted']).effects).toEqual([
      { kind: 'complete-sale' },
    ]);
  });

  test('what is laid down meanwhile joins the cart after a cancel, asked where not sure', () => {
    const cancelled = {
      ...commands['outcome-arrived'],
      outcome: { kind: 'cancelled' },
    } as CheckoutCommand;
    const state = run(shopping, pay, accepted(juice), unsure, {
      ...cancelled,
      intentId: 'intent-2',
    } as CheckoutCommand);
    expect(stageOf(state)).toBe('asking');
    expect(summary(state)).toEqual(['2 apple', '1 juice']);
  });

  test('what may be a hand that clears the tray leaves the receipt alone', () => {
    const perhaps = recognised({ kind: 'unknown', suggestionIds: [] }, null, { unsure: true });
    const receipt = run(states.receipt, perhaps);
    expect(stageOf(receipt)).toBe('receipt');
    const { placementId } = perhaps.item;
    const gone = run(receipt, { kind: 'item-left-tray', atMs, placementId });
    expect(stageOf(run(gone, commands['receipt-done']))).toBe('idle');
    const next = run(receipt, commands['receipt-done']);
    expect(saleOf(next)).toMatchObject({ saleId: 'sale-2', cart: emptyCart });
    expect(openQuestion(next)).toMatchObject({ placed: { placementId, unsure: true } });
  });

  test('what is laid down meanwhile begins the next sale, unless it has gone', () => {
    const left: CheckoutCommand = { kind: 'item-left-tray', atMs, placementId: 'placement-h' };
    const next = run(states['receipt, items queued'], commands['receipt-done']);
    expect(saleOf(next)?.saleId).toBe('sale-2');
    expect(summary(next)).toEqual(['1 apple']);
    expect(stageOf(run(states['receipt, items queued'], left, commands['receipt-done']))).toBe(
      'idle',
    );
    const laid = run(states['receipt, items queued'], accepted(juice));
    expect(summary(laid)).toEqual(['1 apple', '1 juice']);
  });
});

describe('a call for help', () => {
  const byTime = (event: CheckoutCommand) => ({ ...event, by: 'time' }) as CheckoutCommand;
  const helpAfter = (state: CheckoutState, event: CheckoutCommand): boolean =>
    run(state, commands['help-called'], event).helpCalled;

  test('outlives a screen that time ends: staff is on the way', () => {
    expect(helpAfter(shopping, byTime(commands['sale-cancelled']))).toBe(true);
    expect(helpAfter(shopping, commands['sale-abandoned'])).toBe(true);
    for (const receipt of [states.receipt, states['receipt, items queued']]) {
      expect(helpAfter(receipt, byTime(commands['receipt-done']))).toBe(true);
      expect(helpAfter(receipt, accepted())).toBe(true);
    }
  });

  test('ends with what the shopper ends', () => {
    expect(helpAfter(shopping, commands['sale-cancelled'])).toBe(false);
    expect(helpAfter(states.receipt, commands['receipt-done'])).toBe(false);
  });
});

describe('a lost ledger', () => {
  const lost = (state: CheckoutState): CheckoutState => closing(state, 'ledger');

  test.each(Object.entries(states))(
    'in %s closes at once, or once the payment is told',
    (name, state) => {
      const tells = ['paying', 'cancelling', 'checking', 'approved', 'receipt'];
      const after = lost(state);
      const isTold = tells.some((stage) => name.startsWith(stage));
      expect(stageOf(after)).toBe(isTold ? stageOf(state) : 'closed');
      expect(stageOf(run(after, commands['help-called']))).toBe(stageOf(after));
      if (isTold) return;
      for (const kind of commandKinds) {
        if (kind.startsWith('help-') || kind === 'sale-abandoned') continue;
        expect(decide(after, commands[kind]).facts, kind).toEqual([]);
      }
      expect(run(after, commands['sale-abandoned']).phase.kind).toBe('idle');
    },
  );

  test('lets a payment end with the truth, and sells nothing after it', () => {
    const shown = run(lost(states.paying), commands['outcome-arrived'], commands['sale-completed']);
    expect(stageOf(shown)).toBe('receipt');
    // What lies there does not end the receipt: there is no next sale.
    expect(stageOf(run(shown, accepted()))).toBe('receipt');
    expect(run(shown, commands['receipt-done'])).toMatchObject({
      closed: 'ledger',
      phase: { kind: 'idle' },
    });
  });

  test.each(['declined', 'cancelled'] as const)('is closed after %s', (kind) => {
    const outcome = { ...commands['outcome-arrived'], outcome: { kind } } as CheckoutCommand;
    expect(stageOf(run(lost(states.paying), outcome))).toBe('closed');
  });

  test('keeps the first reason', () => {
    expect(closing(closedState('catalogue'), 'ledger').closed).toBe('catalogue');
  });
});

test('a completed sale holds its whole receipt, its begin and its end', () => {
  const begun = step(idleState(6), { ...accepted(), atMs: 1_000 });
  const helped = run(begun.state, accepted(juice), accepted(tomato, 405), commands['help-called']);
  const { totals } = cartOf(helped);
  const paying = run(helped, {
    kind: 'payment-started',
    atMs: 2_000,
    intentId: 'intent-1',
    amountMinor: totals.totalMinor,
    currency: 'EUR',
  });
  const approved = run(paying, { ...commands['outcome-arrived'], atMs: 3_000 } as CheckoutCommand);
  const { facts } = step(approved, {
    kind: 'sale-completed',
    atMs: 4_000,
    number: 7,
    closesAtMs: 9_000,
  });
  expect(facts).toMatchObject([
    {
      kind: 'sale-completed',
      receipt: {
        number: 7,
        isTraining: false,
        currency: 'EUR',
        lines: [
          { product: apple, quantity: 1, amountMinor: 55 },
          { product: juice, quantity: 1, amountMinor: 274 },
          { product: tomato, weightGrams: 400, amountMinor: 120 },
        ],
        totals: { totalMinor: 449, taxes: [{ basisPoints: 700 }, { basisPoints: 1900 }] },
        tenders: [{ kind: 'card', amountMinor: 449, cardLabel: 'card', reference: 'r' }],
        startedAtMs: 1_000,
        paidAtMs: 3_000,
        completedAtMs: 4_000,
        wasHelped: true,
      },
    },
  ]);
});

test('facts are taken as they are: what a release prices otherwise stays as it was paid', () => {
  // As an app wrote it that sold the apple for another price.
  const dearer = priceCart([{ ...line, quantity: 1 }], 'EUR').lines[0]!;
  const cheaper = { ...dearer, amountMinor: 12 };
  const cart = {
    lines: [cheaper],
    order: [cheaper.lineId],
    totals: { totalMinor: 12, taxes: [] },
  };
  const latest = { lineId: cheaper.lineId, addedMinor: 12, placementId: null, photoId: null };
  const then: readonly Fact[] = [
    { kind: 'sale-begun', atMs, saleId: 'sale-1', currency: 'EUR', isTraining: false },
    {
      kind: 'item-added',
      atMs,
      productId: 'apple',
      probability: 1,
      msSinceStill: null,
      latest,
      cart,
    },
    { kind: 'payment-begun', atMs, intentId: 'intent-1', amountMinor: 12, currency: 'EUR' },
    {
      kind: 'payment-approved',
      atMs,
      intentId: 'intent-1',
      amountMinor: 12,
      currency: 'EUR',
      tender: { ...tender, amountMinor: 12 },
    },
  ];
  const state = replay(idleState(6), then);
  expect(stageOf(state)).toBe('approved');
  const done = run(state, commands['kiosk-restarted'], {
    kind: 'sale-completed',
    atMs,
    number: 7,
    closesAtMs: atMs,
  });
  expect(done.phase).toMatchObject({
    kind: 'receipt',
    receipt: { number: 7, totals: { totalMinor: 12 }, lines: [{ amountMinor: 12 }] },
  });
});

describe('for any course of commands', () => {
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
  const numbered = (commands: readonly CheckoutCommand[]): readonly CheckoutCommand[] =>
    commands.map((each, index) => {
      const itemId = `line-${index}`;
      if ('item' in each) return { ...each, item: { ...each.item, itemId } };
      return 'itemId' in each ? { ...each, itemId } : each;
    });
  const shopperEvent: fc.Arbitrary<CheckoutCommand> = fc.oneof(
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
        .map(([id, quantity]): CheckoutCommand => ({
          kind: 'quantity-set',
          atMs,
          lineId: id,
          quantity,
        })),
    },
    {
      weight: 1,
      arbitrary: lineId.map((id): CheckoutCommand => ({ kind: 'line-removed', atMs, lineId: id })),
    },
    {
      weight: 1,
      arbitrary: lineId.map((id): CheckoutCommand => ({
        kind: 'correction-started',
        atMs,
        lineId: id,
      })),
    },
    { weight: 6, arbitrary: fc.constantFrom(...commandKinds).map((kind) => commands[kind]) },
  );
  const course = fc.array(shopperEvent, { maxLength: 40 }).map(numbered);

  test('the total is the sum of the counted lines, and never negative', () => {
    fc.assert(
      fc.property(course, (all) => {
        const { lines, totals } = cartOf(run(idleState(0), ...all));
        const amounts = lines
          .filter(({ removed }) => !removed)
          .map(({ amountMinor }) => amountMinor);
        expect(amounts.every((amount) => amount > 0)).toBe(true);
        expect(totals.totalMinor).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
        expect(new Set(lines.map((each) => each.lineId)).size).toBe(lines.length);
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
          const changed =
            sameSale && cartOf(state) !== cartOf(before) && !('queued' in before.phase);
          if (!changed || stageOf(state) !== 'shopping' || event.kind === 'undone') continue;
          expect(cartOf(run(state, commands.undone))).toEqual(cartOf(before));
        }
      }),
    );
  });

  test('its facts lead to the state that was decided, on a ledger that is read anew', () => {
    fc.assert(
      fc.property(course, (all) => {
        let state: CheckoutState = idleState(0);
        const kept: Fact[] = [];
        for (const command of all) {
          const next = step(state, command);
          kept.push(...next.facts);
          state = next.state;
        }
        expect(replay(idleState(0), kept.map(asKept))).toEqual(state);
      }),
    );
  });
});
