import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createCheckout } from '../../src/main/checkout/checkout.ts';
import { systemClock } from '../../src/main/checkout/clock.ts';
import type { CheckoutInput } from '../../src/main/checkout/commands.ts';
import { sampleCatalogue } from '../../src/main/checkout/sample-shop.ts';
import { isPaymentOpen, saleOf } from '../../src/main/checkout/state.ts';
import { toSnapshot } from '../../src/main/checkout/to-snapshot.ts';
import { openLedger } from '../../src/main/ledger/open-ledger.ts';
import { openDemoTerminal } from '../../src/simulators/terminal/demo-terminal.ts';
import { seededRandom } from '../../src/shared/seeded-random.ts';
import type { TillLine } from './till-line.ts';

/*
 * A till without window and camera that sells without end, until it is killed: the real checkout, ledger
 * and terminal. It tells on standard output where it is, a JSON line each. Arguments: its folder, the
 * ledger worker's URL, a seed, and 'settle' to end once it has settled what was open.
 */
const [folder = '', workerUrl = '', seed = '1', mode = 'sell'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const tell = (line: TillLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const ledger = await openLedger(join(folder, 'ledger.db'), new URL(workerUrl));
const terminal = await openDemoTerminal({
  journalFile: join(folder, 'terminal.jsonl'),
  behaviour: () => (random() < 0.2 ? 'decline' : 'approve'),
  answerMs: 60,
  keptPayments: 100_000,
  clock: systemClock,
});
const checkout = createCheckout({
  ledger,
  terminal,
  clock: systemClock,
  newId: randomUUID,
  catalogue: () => sampleCatalogue,
  timings: {
    idleWarnMs: 600_000,
    idleAnswerMs: 600_000,
    receiptMs: 600_000,
    checkFirstMs: 20,
    checkMostMs: 20,
  },
  closed: null,
  fault: (where, error) => tell({ kind: 'fault', text: `${where}: ${String(error)}` }),
});
checkout.subscribe(({ facts }) => {
  for (const { kind } of facts) tell({ kind: 'fact', fact: kind });
});

const isSettled = (): boolean => !isPaymentOpen(checkout.state());

async function settled(): Promise<void> {
  if (isSettled()) return;
  await new Promise<void>((resolve) => {
    const stop = checkout.subscribe(() => {
      if (!isSettled()) return;
      stop();
      resolve();
    });
  });
}

function shown(): TillLine {
  const snapshot = toSnapshot(checkout.state(), {
    revision: 0,
    store: {
      name: 'Shop',
      currency: 'EUR',
      region: 'IE',
      languages: ['en'],
      demo: false,
      keepsPictures: false,
    },
    language: 'en',
    display: { largerText: false, highContrast: false, lowered: false },
    notices: [],
    looking: false,
    catalogue: sampleCatalogue,
    photoUrl: () => null,
    pictureUrl: (picture) => picture,
    regionOf: () => null,
  });
  return { kind: 'shown', snapshot, lastNumber: checkout.state().lastNumber };
}

const laid = (productId: string): CheckoutInput => ({
  kind: 'item-recognised',
  placementId: `${productId}-${random()}`,
  photoId: null,
  weightGrams: productId === 'tomato' ? 205 : null,
  decision: { kind: 'accept', productId, probability: 0.9 },
});

/** One sale: things laid down, some put right, help called now and then, paid or cancelled. */
async function sell(): Promise<void> {
  const products = ['apple', 'lemon', 'juice', 'tomato'];
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- a shopper lays one thing after another.
    await checkout.dispatch(laid(products[Math.floor(random() * products.length)]!));
  }
  if (random() < 0.3) await checkout.dispatch({ kind: 'undone' });
  if (random() < 0.2) await checkout.dispatch({ kind: 'help-called' });
  if (random() < 0.1) {
    await checkout.dispatch({ kind: 'sale-cancelled' });
    return;
  }
  const totalMinor = saleOf(checkout.state())?.cart.totals.totalMinor ?? 0;
  await checkout.dispatch({ kind: 'payment-started', totalMinor });
  if (random() < 0.2) await checkout.dispatch({ kind: 'cancel-asked' });
  await settled();
  const { kind } = checkout.state().phase;
  if (kind === 'receipt') await checkout.dispatch({ kind: 'receipt-done' });
  else if (kind === 'declined') await checkout.dispatch({ kind: 'payment-returned' });
}

await checkout.start();
await settled();
tell(shown());
while (mode === 'sell') {
  // oxlint-disable-next-line no-await-in-loop -- one sale after another.
  await sell();
}
await checkout.stop();
await terminal.close();
await ledger.close();
