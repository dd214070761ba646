import type { BrowserWindow } from 'electron';
import type { Change, Checkout } from '../checkout/checkout.ts';
import { openQuestion, saleOf } from '../checkout/state.ts';
import type { TrayCamera } from '../camera/tray/tray-camera.ts';
import { createHand } from './hand.ts';

export interface DemoSaleParts {
  readonly window: BrowserWindow;
  readonly checkout: Checkout;
  readonly virtualTray: TrayCamera;
  /** Resolves to whether recognition works. */
  readonly ready: Promise<boolean>;
  /** Where a picture of each screen goes; null for none. */
  readonly picturesFolder: string | null;
}

export class DemoSaleError extends Error {}

/** Five things that a shopper lays down, in this order. */
const basket = ['banana', 'milk', 'red-pepper', 'tomato', 'orange'] as const;

/** The keys of the window by what a screen reader says of them, in the demo shop's English. */
const keys = {
  takeOut: 'Take Red pepper out',
  notThis: 'Not this: Orange is wrong',
  instead: 'Organic lemon',
  pay: 'Pay',
} as const;

const readyTimeoutMs = 60_000;
const stepTimeoutMs = 20_000;
/** Between two steps, so that a person can follow. */
const paceMs = 900;

/**
 * Plays one sale as a shopper would, by touching the real window: five things laid down, one taken
 * out, one corrected, paid, receipt. Rejects with what went wrong.
 */
export async function playDemoSale(parts: DemoSaleParts): Promise<void> {
  const { window, checkout, virtualTray } = parts;
  const hand = createHand(window);
  const picture = (name: string) => hand.picture(parts.picturesFolder, name);
  const pause = () => new Promise((resolve) => setTimeout(resolve, paceMs));
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, readyTimeoutMs, false));
  if (!(await Promise.race([parts.ready, late]))) {
    throw new DemoSaleError('Camera and recognition did not become ready.');
  }

  const next = (what: string, wanted: (change: Change) => boolean): Promise<Change> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new DemoSaleError(`Waited in vain for: ${what}.`));
      }, stepTimeoutMs);
      const stop = checkout.subscribe((change) => {
        if (!wanted(change)) return;
        clearTimeout(timer);
        stop();
        resolve(change);
      });
    });

  await hand.sees('welcome');
  await picture('1-welcome');

  for (const productId of basket) {
    const added = next(`${productId} in the cart`, isInCart(productId));
    virtualTray.lay(productId);
    await added;
    await pause();
  }
  await hand.sees('cart');
  await picture('2-cart');

  const removed = next('a line removed', ({ facts }) => has(facts, 'line-removed'));
  await hand.touch(keys.takeOut);
  await removed;
  await picture('3-taken-out');
  await pause();

  const opened = next('the lookup', ({ after }) => openQuestion(after)?.kind === 'correction');
  await hand.touch(keys.notThis);
  await opened;
  await hand.sees('lookup');
  await picture('4-not-this');
  const replaced = next('the correction', ({ facts }) => has(facts, 'item-corrected'));
  await hand.touch(keys.instead);
  await replaced;
  await hand.sees('cart');
  await pause();

  const paying = next('payment', ({ after }) => after.phase.kind === 'paying');
  const receipt = next('the receipt', ({ after }) => after.phase.kind === 'receipt');
  await hand.touch(keys.pay);
  await paying;
  await hand.sees('paying');
  await picture('5-paying');
  await receipt;
  await hand.sees('receipt');
  await picture('6-receipt');
}

function isInCart(productId: string): (change: Change) => boolean {
  return ({ after }) => {
    const lines = saleOf(after)?.cart.lines ?? [];
    return lines.some((line) => line.product.id === productId && !line.removed);
  };
}

function has(facts: Change['facts'], kind: Change['facts'][number]['kind']): boolean {
  return facts.some((fact) => fact.kind === kind);
}
