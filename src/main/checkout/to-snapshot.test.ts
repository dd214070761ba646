import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Ask, Question } from './facts.ts';
import { emptyCart, priceCart } from './price-cart.ts';
import type { UnpricedLine } from './price-cart.ts';
import { sampleCatalogue, sampleShop } from './sample-shop.ts';
import { closedState, idleState } from './state.ts';
import type { CheckoutState, Phase, Sale } from './state.ts';
import { toSnapshot } from './to-snapshot.ts';
import type { SnapshotContext } from './to-snapshot.ts';

const { apple, juice, tomato } = sampleShop;
const region = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };

const context: SnapshotContext = {
  revision: 5,
  store: {
    name: 'Shop',
    currency: 'EUR',
    region: 'IE',
    languages: ['en'],
    demo: true,
    keepsPictures: false,
  },
  language: 'en',
  display: { largerText: false, highContrast: false, lowered: false },
  notices: ['camera-lost'],
  looking: true,
  catalogue: sampleCatalogue,
  photoUrl: (photoId) => (photoId === 'gone' ? null : `photo:${photoId}`),
  pictureUrl: (picture) => `picture:${picture}`,
  regionOf: (placementId) => (placementId === 'placement-1' ? region : null),
};

const line = (lineId: string, change: Partial<UnpricedLine>): UnpricedLine => ({
  lineId,
  product: apple,
  quantity: 1,
  weightGrams: null,
  readingGrams: null,
  photoId: null,
  removed: false,
  ...change,
});

const sale: Sale = {
  saleId: 'sale',
  currency: 'EUR',
  isTraining: false,
  startedAtMs: 1,
  cart: priceCart(
    [
      line('a', { quantity: 3, photoId: 'p1' }),
      line('b', { product: juice, quantity: 2, photoId: 'gone' }),
      line('c', { product: tomato, weightGrams: 400 }),
      line('d', { product: juice, removed: true }),
    ],
    'EUR',
  ),
  past: [emptyCart],
  latest: { lineId: 'a', addedMinor: 55, placementId: 'placement-1', photoId: 'p1' },
  abandonsAtMs: 99,
  wasHelped: true,
};
const inPhase = (phase: Phase): CheckoutState => ({
  lastNumber: 1,
  helpCalled: true,
  closed: null,
  phase,
});
const placed = {
  itemId: 'i',
  placementId: 'placement-1',
  photoId: 'p2',
  weightGrams: null,
  unsure: false,
};
const ask: Ask = { kind: 'ask', placed, candidateIds: ['apple', 'sold out', 'juice'] };
const payment = { intentId: 'i', amountMinor: 833 };

const shown = (state: CheckoutState): Snapshot => toSnapshot(state, context);
const lookup = (each: Question): Snapshot['screen'] =>
  shown(inPhase({ kind: 'shopping', sale, questions: [each] })).screen;

test('welcome shows an empty cart', () => {
  expect(shown(idleState(3))).toEqual({
    revision: 5,
    store: context.store,
    language: 'en',
    display: context.display,
    screen: { kind: 'welcome' },
    cart: { lines: [], itemCount: 0, totalMinor: 0, taxes: [], canUndo: false },
    notices: ['camera-lost'],
    helpCalled: false,
    suspendsAtMs: null,
  });
});

test('the cart comes with amounts, pictures, contained tax and where the latest item lies', () => {
  const { cart, screen, suspendsAtMs, helpCalled } = shown(
    inPhase({ kind: 'shopping', sale, questions: [] }),
  );
  expect([suspendsAtMs, helpCalled]).toEqual([99, true]);
  expect(screen).toEqual({
    kind: 'cart',
    looking: true,
    latest: { lineId: 'a', names: apple.names, addedMinor: 55, region, photoUrl: 'photo:p1' },
  });
  expect(cart.lines.map(({ amountMinor }) => amountMinor)).toEqual([165, 548, 120, 274]);
  expect(cart.lines.map(({ photoUrl }) => photoUrl)).toEqual(['photo:p1', null, null, null]);
  expect(cart.lines.map(({ removed }) => removed)).toEqual([false, false, false, true]);
  expect(cart.lines[1]).toMatchObject({ depositMinor: 25, pictureUrl: 'picture:juice.png' });
  expect(cart).toMatchObject({ itemCount: 6, totalMinor: 833, canUndo: true });
  expect(cart.taxes).toEqual([
    { basisPoints: 700, grossMinor: 285, taxMinor: 19 },
    { basisPoints: 1900, grossMinor: 548, taxMinor: 87 },
  ]);
});

test('an ask shows its candidates in order, without what is no longer sold', () => {
  const { screen, cart } = shown(inPhase({ kind: 'shopping', sale, questions: [ask] }));
  expect(screen).toMatchObject({ kind: 'ask', questionId: 'ask:i', photoUrl: 'photo:p2' });
  expect(screen.kind === 'ask' && screen.candidates.map(({ productId }) => productId)).toEqual([
    'apple',
    'juice',
  ]);
  expect(cart.canUndo).toBe(false);
});

describe('a lookup says why', () => {
  const placementId = 'placement-1';
  const unknown: Question = { kind: 'unknown-item', placed, suggestionIds: ['juice'] };
  test.each<
    readonly [Question, Extract<Snapshot['screen'], { kind: 'lookup' }>['reason'], string | null]
  >([
    [unknown, { kind: 'unknown-item', placementId }, 'photo:p2'],
    [{ kind: 'recognition-down', placed }, { kind: 'recognition-down', placementId }, 'photo:p2'],
    [{ kind: 'none-of-these', placed, ask }, { kind: 'none-of-these', placementId }, 'photo:p2'],
    [
      { kind: 'correction', lineId: 'a', product: apple },
      { kind: 'correction', lineId: 'a', productName: apple.names },
      'photo:p1',
    ],
    [
      { kind: 'no-weight', product: tomato, target: unknown },
      { kind: 'no-weight', productName: tomato.names },
      'photo:p2',
    ],
    [{ kind: 'find-item' }, { kind: 'find-item' }, null],
  ])('%j', (each, reason, photoUrl) => {
    expect(lookup(each)).toMatchObject({ kind: 'lookup', reason, photoUrl });
  });

  test('and whether there may be nothing at all, until a product was chosen', () => {
    const perhaps = { ...placed, unsure: true };
    const asked: Question = { kind: 'unknown-item', placed: perhaps, suggestionIds: [] };
    expect(lookup(asked)).toMatchObject({ unsure: true });
    expect(lookup({ kind: 'none-of-these', placed: perhaps, ask })).toMatchObject({ unsure: true });
    expect(lookup({ kind: 'no-weight', product: tomato, target: asked })).toMatchObject({
      unsure: false,
    });
    expect(lookup(unknown)).toMatchObject({ unsure: false });
    expect(lookup({ kind: 'find-item' })).toMatchObject({ unsure: false });
    const screen = lookup({ ...ask, placed: perhaps });
    expect(screen).toMatchObject({ unsure: true });
  });

  test('and suggests what was likely', () => {
    expect(lookup(unknown)).toMatchObject({ suggestions: [{ productId: 'juice' }] });
  });
});

test.each(['paying', 'cancelling', 'checking', 'declined'] as const)(
  '%s shows its stage',
  (kind) => {
    const { screen } = shown(inPhase({ kind, sale, payment, queued: [] }));
    const stage = kind === 'paying' ? 'waiting' : kind;
    expect(screen).toEqual({ kind: 'paying', amountMinor: 833, stage: { kind: stage } });
  },
);

test('a receipt lists what was bought, without what was taken out', () => {
  const times = { completedAtMs: 10, closesAtMs: 20 };
  const { saleId, currency, isTraining, cart } = sale;
  const receipt = {
    ...{ saleId, number: 4, isTraining, currency, totals: cart.totals },
    lines: cart.lines.filter(({ removed }) => !removed),
    tenders: [
      { kind: 'card', amountMinor: 833, cardLabel: 'card', reference: 'r', receiptLines: [] },
    ],
    ...{ startedAtMs: 1, paidAtMs: 9, completedAtMs: 10, wasHelped: true },
  } as const;
  const { screen } = shown(inPhase({ kind: 'receipt', sale, receipt, closesAtMs: 20, queued: [] }));
  expect(screen).toMatchObject({
    kind: 'receipt',
    receipt: { saleId: 'sale', number: 4, ...times, totalMinor: 833, tender: 'card' },
  });
  expect(screen.kind === 'receipt' && screen.receipt.lines.map(({ lineId }) => lineId)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test('out of order says why', () => {
  expect(shown(closedState('catalogue')).screen).toEqual({
    kind: 'out-of-order',
    reason: 'catalogue',
  });
});
