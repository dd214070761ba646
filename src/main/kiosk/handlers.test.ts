import { beforeEach, expect, test } from 'vitest';
import { createCheckout, defaultTimings } from '../checkout/checkout.ts';
import type { Checkout } from '../checkout/checkout.ts';
import type { CheckoutInput } from '../checkout/commands.ts';
import { manualClock } from '../checkout/manual-clock.ts';
import { memoryLedger } from '../checkout/memory-ledger.ts';
import { sampleCatalogue } from '../checkout/sample-shop.ts';
import { openQuestion, saleOf } from '../checkout/state.ts';
import { answer } from '../ipc/serve.ts';
import type { ArgumentOf, RequestName } from '../../shared/contracts/contract.ts';
import type { Reply } from '../../shared/contracts/refusal.ts';
import { shopper } from '../../shared/contracts/shopper.ts';
import type { Shopper } from '../../shared/contracts/shopper.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { demoHandlers, shopperHandlers } from './handlers.ts';
import { createKioskView } from './view.ts';
import type { KioskView } from './view.ts';

const catalogue = () => sampleCatalogue;

let checkout: Checkout;
let view: KioskView;
let looking: boolean;
let charged: number[];

beforeEach(async () => {
  let ids = 0;
  const clock = manualClock();
  looking = false;
  charged = [];
  checkout = createCheckout({
    ledger: memoryLedger(),
    terminal: {
      pay: async ({ amountMinor }) => {
        charged.push(amountMinor);
        return { kind: 'declined' };
      },
      cancel: async () => undefined,
      outcomeOf: async () => ({ kind: 'declined' }),
    },
    clock,
    newId: () => `id-${++ids}`,
    catalogue,
    timings: defaultTimings,
    closed: null,
    isLooking: () => looking,
    fault: () => undefined,
  });
  await checkout.start();
  view = createKioskView(
    {
      store: {
        name: 'Shop',
        currency: 'EUR',
        region: 'IE',
        languages: ['en'],
        demo: false,
        keepsPictures: false,
      },
      catalogue,
      hasPhoto: () => false,
      clock,
      soon: () => undefined,
      publish: () => undefined,
    },
    checkout.state(),
  );
  checkout.subscribe(({ after }) => view.show(after));
});

/** As the window asks: through the check of its argument. */
function ask<C extends RequestName<Shopper>>(
  channel: C,
  argument: ArgumentOf<Shopper, C>,
): Promise<Reply<unknown>> {
  const handlers = shopperHandlers({ checkout, view, catalogue, preview: () => null });
  return answer(shopper, channel, argument, handlers, keptLog().log);
}

const laid = (placementId: string, decision: object): CheckoutInput =>
  ({
    kind: 'item-recognised',
    placementId,
    photoId: null,
    weightGrams: null,
    decision,
  }) as CheckoutInput;
const unsure = {
  kind: 'ask',
  candidates: [
    { productId: 'apple', probability: 0.5 },
    { productId: 'lemon', probability: 0.4 },
  ],
};
const apple = { kind: 'accept', productId: 'apple', probability: 0.9 };

function questionId({ screen }: Snapshot): string {
  if (!('questionId' in screen)) throw new Error(`no question on ${screen.kind}`);
  return screen.questionId;
}
const sold = (): number =>
  saleOf(checkout.state())?.cart.lines.reduce((count, { quantity }) => count + quantity, 0) ?? 0;

test.each([
  ['product:choose', { productId: 'apple' }, 1],
  ['item:leave-out', {}, 0],
] as const)('two taps on %s answer one question', async (channel, more, pieces) => {
  await checkout.dispatch(laid('one', unsure));
  await checkout.dispatch(laid('two', unsure));
  const seen = view.snapshot();
  const argument = {
    ...more,
    questionId: questionId(seen),
  } as ArgumentOf<Shopper, typeof channel>;
  const replies = await Promise.all([ask(channel, argument), ask(channel, argument)]);
  expect(replies.map(({ ok }) => ok)).toEqual([true, true]);
  expect(sold()).toBe(pieces);
  expect(openQuestion(checkout.state())).toMatchObject({
    kind: 'ask',
    placed: { placementId: 'two' },
  });
  expect(questionId(view.snapshot())).not.toBe(questionId(seen));
});

test('every question can be answered by the id that the window was given', async () => {
  await checkout.dispatch(laid('one', unsure));
  await ask('ask:none', { questionId: questionId(view.snapshot()) });
  expect(view.snapshot().screen).toMatchObject({ reason: { kind: 'none-of-these' } });
  await ask('product:choose', { questionId: questionId(view.snapshot()), productId: 'tomato' });
  expect(view.snapshot().screen).toMatchObject({ reason: { kind: 'no-weight' } });
  await ask('lookup:close', { questionId: questionId(view.snapshot()) });
  expect(view.snapshot().screen).toMatchObject({ reason: { kind: 'none-of-these' } });
  await ask('item:leave-out', { questionId: questionId(view.snapshot()) });
  expect(view.snapshot().screen.kind).toBe('cart');
});

test('pays what was seen, once nothing is being recognised any more', async () => {
  await checkout.dispatch(laid('one', apple));
  const { totalMinor } = view.snapshot().cart;
  looking = true;
  view.setLooking(1);
  expect(view.snapshot().screen).toMatchObject({ looking: false });
  expect(await ask('sale:pay', { totalMinor })).toMatchObject({ ok: false, code: 'still-looking' });
  // Too short to be shown otherwise, it is the answer to whoever pressed Pay.
  expect(view.snapshot().screen).toMatchObject({ looking: true });
  await checkout.dispatch(laid('two', apple));
  looking = false;
  view.setLooking(0);
  await ask('sale:pay', { totalMinor });
  expect(charged).toEqual([]);
  await ask('sale:pay', { totalMinor: view.snapshot().cart.totalMinor });
  expect(charged).toEqual([110]);
});

test("the demo's customer lays down, takes, and finds what can be touched", async () => {
  const done: string[] = [];
  const rect = { left: 0, top: 0, width: 0.1, height: 0.1 };
  const handlers = demoHandlers({
    lay: (productId) => void done.push(`lay ${productId}`),
    take: (instanceId) => void done.push(`take ${instanceId}`),
    layout: () => [
      { kind: 'shelf', productId: 'lemon', rect },
      { kind: 'tray', productId: 'lemon', instanceId: 'i1', rect },
    ],
  });
  await handlers['demo:lay']({ productId: 'lemon' });
  await handlers['demo:take']({ instanceId: 'i1' });
  expect(done).toEqual(['lay lemon', 'take i1']);
  expect(await handlers['demo:touchables'](null)).toEqual([
    { kind: 'shelf', productId: 'lemon', instanceId: null, rect },
    { kind: 'tray', productId: 'lemon', instanceId: 'i1', rect },
  ]);
});
