import { beforeEach, expect, test } from 'vitest';
import type { PaymentOutcome, PaymentTerminal } from '../payment/terminal.ts';
import { createCheckout, defaultTimings } from './checkout.ts';
import type { Checkout } from './checkout.ts';
import { eventLines } from './fact-lines.ts';
import type { EventLine } from './fact-lines.ts';
import type { CheckoutInput } from './commands.ts';
import { manualClock, turns } from './manual-clock.ts';
import { memoryLedger } from './memory-ledger.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { sampleCatalogue } from './sample-shop.ts';
import { openQuestion, questionIdOf, saleOf } from './state.ts';

let outcome: PaymentOutcome;
let checkout: Checkout;
let ledger: MemoryLedger;
let lines: EventLine[];

beforeEach(async () => {
  outcome = { kind: 'approved', tender: 'card', reference: 'r' };
  const terminal: PaymentTerminal = {
    pay: async () => outcome,
    cancel: async () => undefined,
    outcomeOf: async () => outcome,
  };
  let ids = 0;
  lines = [];
  ledger = memoryLedger();
  checkout = createCheckout({
    ledger,
    terminal,
    clock: manualClock(Date.UTC(2026, 0, 2, 3, 4, 5)),
    newId: () => `id-${++ids}`,
    catalogue: () => sampleCatalogue,
    timings: defaultTimings,
    closed: null,
    fault: () => undefined,
  });
  checkout.subscribe((change) => lines.push(...eventLines(change, 0)));
  await checkout.start();
});

async function say(...inputs: readonly CheckoutInput[]): Promise<readonly Omit<EventLine, 'at'>[]> {
  lines.length = 0;
  for (const input of inputs) {
    const question = openQuestion(checkout.state());
    const questionId = question === null ? '' : questionIdOf(question);
    await checkout.dispatch('questionId' in input ? { ...input, questionId } : input);
  }
  await turns();
  return lines.map(({ at: _at, ...rest }) => rest);
}

const laid = (productId: string, change: object = {}): CheckoutInput => ({
  kind: 'item-recognised',
  placementId: `on-${productId}`,
  photoId: null,
  weightGrams: null,
  decision: { kind: 'accept', productId, probability: 0.97 },
  ...change,
});
/** `say` answers what is open. */
const questionId = 'as seen';
const lineIds = (): readonly string[] =>
  saleOf(checkout.state())?.cart.lines.map(({ lineId }) => lineId) ?? [];

test('a sale tells of its items, its payment and its total', async () => {
  const said = await say(laid('apple', { msSinceStill: 93 }), {
    kind: 'payment-started',
    totalMinor: 55,
  });
  const [line] = lineIds();
  const { sale, intent } = Object.assign({ sale: '', intent: '' }, ...said) as Record<
    string,
    string
  >;
  expect(said).toEqual([
    { event: 'sale-started', sale },
    { event: 'item-added', line, product: 'apple', probability: 0.97, msSinceStill: 93 },
    { event: 'payment-started', intent, amountMinor: 55, currency: 'EUR' },
    { event: 'payment-approved', intent, tender: 'card', reference: 'r' },
    { event: 'sale-completed', sale, number: 1, totalMinor: 55, currency: 'EUR' },
  ]);
  expect(lines[0]?.at).toBe('2026-01-02T03:04:05.000Z');
});

test('questions, corrections, removals and undo are told', async () => {
  const decision = {
    kind: 'ask',
    candidates: [
      { productId: 'apple', probability: 0.5 },
      { productId: 'lemon', probability: 0.4 },
    ],
  };
  const asked = await say(laid('apple', { decision }), {
    kind: 'product-chosen',
    questionId,
    productId: 'lemon',
  });
  const [line = ''] = lineIds();
  expect(asked.slice(1)).toEqual([
    { event: 'asked', placement: 'on-apple', candidates: ['apple', 'lemon'] },
    { event: 'item-added', line, product: 'lemon', probability: null, msSinceStill: null },
  ]);
  expect(await say(laid('tomato'), { kind: 'left-out', questionId })).toEqual([
    { event: 'unknown', placement: 'on-tomato', reason: 'no-weight' },
    { event: 'left-out' },
  ]);
  expect(
    await say(
      { kind: 'quantity-set', lineId: line, quantity: 2 },
      { kind: 'correction-started', lineId: line },
      { kind: 'product-chosen', questionId, productId: 'juice' },
    ),
  ).toEqual([
    { event: 'quantity-set', line, product: 'lemon', quantity: 2 },
    { event: 'corrected', line: lineIds()[1], from: 'lemon', to: 'juice' },
  ]);
  expect(await say({ kind: 'line-removed', lineId: line }, { kind: 'undone' })).toEqual([
    { event: 'line-removed', line, product: 'lemon', quantity: 1 },
    { event: 'undone' },
  ]);
});

test('what was laid down during a payment is told once, when it comes in', async () => {
  outcome = { kind: 'declined' };
  const said = await say(laid('apple'), { kind: 'payment-started', totalMinor: 55 });
  expect(said.at(-1)).toMatchObject({ event: 'payment-declined' });
  expect(await say(laid('juice'))).toEqual([]);
  const back = await say({ kind: 'payment-returned' });
  expect(back).toMatchObject([{ event: 'item-added', product: 'juice' }]);
});

test('what is laid on the receipt begins the next sale', async () => {
  await say(laid('apple'), { kind: 'payment-started', totalMinor: 55 });
  const said = await say(laid('juice'));
  expect(said).toMatchObject([
    { event: 'sale-started' },
    { event: 'item-added', product: 'juice' },
  ]);
});

test('an end without payment and a failure are told', async () => {
  expect((await say(laid('apple'), { kind: 'sale-cancelled' })).at(-1)).toMatchObject({
    event: 'sale-cancelled',
  });
  ledger.breakDown('full');
  expect(await say(laid('apple'))).toEqual([{ event: 'out-of-order', reason: 'ledger' }]);
});
