import { expect, test } from 'vitest';
import { z } from 'zod';
import { languageCodes, nameIn } from '../../shared/language.ts';
import { evolve } from './evolve.ts';
import { UnreadableFactError, readFact, readWith, rowOf } from './facts.ts';
import type { Fact } from './facts.ts';
import { priceCart } from './price-cart.ts';
import { sampleShop } from './sample-shop.ts';
import { closedState, idleState } from './state.ts';

const atMs = 1_700_000_000_000;
const [line] = priceCart(
  [
    {
      lineId: 'line-1',
      product: sampleShop.tomato,
      quantity: 1,
      weightGrams: 400,
      readingGrams: 405,
      photoId: null,
      removed: false,
    },
  ],
  'EUR',
).lines;
const added: Fact = {
  kind: 'item-added',
  atMs,
  productId: 'tomato',
  probability: 0.9,
  msSinceStill: 12.5,
  latest: { lineId: 'line-1', addedMinor: 120, placementId: 'p', photoId: null },
  cart: { lines: [line!], order: ['line-1'], totals: { totalMinor: 120, taxes: [] } },
};

test('a fact comes back from the ledger as it was written', () => {
  const row = JSON.parse(JSON.stringify(rowOf(added))) as ReturnType<typeof rowOf>;
  expect(row).toMatchObject({ kind: 'item-added', version: 1, atMs });
  expect(readFact(row)).toEqual(added);
});

test.each([
  ['of a kind that is not known', { kind: 'teleported', body: {} }],
  ['of a kind that only looks known', { kind: 'toString', body: {} }],
  ['of a version that is not known', { kind: 'help-called', version: 2, body: {} }],
  ['of no version', { kind: 'help-called', version: 0, body: {} }],
  ['without a part', { kind: 'payment-declined', body: {} }],
  ['with a part too many', { kind: 'help-called', body: { by: 'nobody' } }],
  ['with a part of another form', { kind: 'payment-declined', body: { intentId: 7 } }],
  [
    'with half a cent',
    { kind: 'payment-begun', body: { intentId: 'i', amountMinor: 0.5, currency: 'EUR' } },
  ],
])('a fact %s is refused, and the message names it', (_name, row) => {
  const read = () => readFact({ version: 1, atMs, ...row });
  expect(read).toThrow(UnreadableFactError);
  expect(read).toThrow(row.kind);
});

test.each([
  ['that came after the fact', { en: 'Tomato' }],
  ['that the fact lacks, and that now stands in for the rest,', { de: 'Tomato' }],
])('a language %s shows the name that was known', (_what, names) => {
  const row = JSON.parse(JSON.stringify(rowOf(added))) as { body: typeof added };
  const { cart } = row.body;
  const product = { ...cart.lines[0]!.product, names };
  const body = { ...row.body, cart: { ...cart, lines: [{ ...cart.lines[0], product }] } };
  const fact = readFact({ kind: 'item-added', version: 1, atMs, body }) as typeof added;
  const known = fact.cart.lines[0]!.product.names;
  expect(languageCodes.map((language) => nameIn(known, language))).toEqual(
    languageCodes.map(() => 'Tomato'),
  );
});

test('an old form is lifted to the newest, step by step', () => {
  const forms = {
    weighed: [
      z.strictObject({ grams: z.string() }),
      z.strictObject({ grams: z.int() }),
      z.strictObject({ milligrams: z.int() }),
    ],
  };
  const lifts = {
    weighed: [
      ({ grams }: { grams: string }) => ({ grams: Number(grams) }),
      ({ grams }: { grams: number }) => ({ milligrams: grams * 1000 }),
    ],
  };
  const read = (version: number, body: unknown) =>
    readWith(forms, lifts, { kind: 'weighed', version, atMs, body });
  const lifted = { kind: 'weighed', atMs, milligrams: 5000 };
  expect(read(1, { grams: '5' })).toEqual(lifted);
  expect(read(2, { grams: 5 })).toEqual(lifted);
  expect(read(3, { milligrams: 5000 })).toEqual(lifted);
  expect(() => read(3, { grams: 5 })).toThrow(UnreadableFactError);
});

test('no fact is refused, wherever it comes, and one that means nothing there changes nothing', () => {
  const facts: readonly Fact[] = [
    added,
    { kind: 'quantity-set', atMs, lineId: 'x', productId: 'y', quantity: 2, cart: added.cart },
    { kind: 'change-undone', atMs, cart: added.cart },
    { kind: 'question-asked', atMs, question: { kind: 'find-item' } },
    { kind: 'question-closed', atMs, questionId: 'x', how: 'closed', next: [] },
    { kind: 'queued-item-left', atMs, placementId: 'x' },
    { kind: 'payment-begun', atMs, intentId: 'i', amountMinor: 1, currency: 'EUR' },
    { kind: 'payment-declined', atMs, intentId: 'i' },
    { kind: 'receipt-closed', atMs, by: 'time' },
    { kind: 'still-there-asked', atMs, endsAtMs: atMs },
    { kind: 'help-dismissed', atMs },
    { kind: 'kiosk-restarted', atMs },
  ];
  for (const state of [idleState(3), closedState('ledger', 3)]) {
    for (const fact of facts) expect(evolve(state, fact), fact.kind).toBe(state);
  }
});
