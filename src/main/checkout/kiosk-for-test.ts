import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openLedger } from '../ledger/open-ledger.ts';
import { openDemoTerminal } from '../../simulators/terminal/demo-terminal.ts';
import { createCheckout } from './checkout.ts';
import { systemClock } from './clock.ts';
import type { CheckoutInput } from './commands.ts';
import { sampleCatalogue } from './sample-shop.ts';
import { isPaymentOpen, saleOf } from './state.ts';

/*
 * The checkout with its real ledger and terminal, without window or camera: a process for the
 * kill test. Arguments: folder, the ledger worker's URL, and where it is to be killed, or 'resume'
 * to start over what is there and print, once the payment is settled, what the kiosk shows.
 */
const [folder = '', workerUrl = '', point = ''] = process.argv.slice(2);

/** No handler, no flush, nothing in between: as the power goes. */
function dieAt(here: string): void {
  if (here === point) process.kill(process.pid, 'SIGKILL');
}

const ledger = await openLedger(join(folder, 'ledger.db'), new URL(workerUrl));
const terminal = await openDemoTerminal({
  journalFile: join(folder, 'terminal.jsonl'),
  behaviour: () => 'approve',
  answerMs: 200,
  clock: {
    ...systemClock,
    schedule: (delayMs, run) => {
      dieAt('card awaited');
      return systemClock.schedule(delayMs, run);
    },
  },
});

const seen = new Map<string, number>();
const checkout = createCheckout({
  ledger: {
    ...ledger,
    append: async (entries) => {
      const points = entries.map(({ kind }) => {
        const count = (seen.get(kind) ?? 0) + 1;
        seen.set(kind, count);
        return `${kind} ${count}`;
      });
      for (const here of points) dieAt(`before ${here}`);
      const rows = await ledger.append(entries);
      for (const here of points) dieAt(`after ${here}`);
      return rows;
    },
  },
  terminal: {
    ...terminal,
    pay: async (intent) => {
      const outcome = await terminal.pay(intent);
      dieAt('terminal answered');
      return outcome;
    },
  },
  clock: systemClock,
  newId: randomUUID,
  catalogue: () => sampleCatalogue,
  timings: {
    idleWarnMs: 600_000,
    idleAnswerMs: 600_000,
    receiptMs: 600_000,
    checkFirstMs: 50,
    checkMostMs: 50,
  },
  closed: null,
  fault: (where, error) => console.error(where, error),
});

const laid = (productId: string): CheckoutInput => ({
  kind: 'item-recognised',
  placementId: productId,
  photoId: null,
  weightGrams: null,
  decision: { kind: 'accept', productId, probability: 0.9 },
});

const settled = (): boolean => !isPaymentOpen(checkout.state());

await checkout.start();
if (point !== 'resume') {
  await checkout.dispatch(laid('apple'));
  await checkout.dispatch(laid('juice'));
  await checkout.dispatch({ kind: 'payment-started', totalMinor: 329 });
}
await new Promise<void>((resolve) => {
  checkout.subscribe(() => settled() && resolve());
  if (settled()) resolve();
});
const state = checkout.state();
console.log(
  JSON.stringify({
    kind: state.phase.kind,
    cart: saleOf(state)?.cart.lines.map(({ product }) => product.id) ?? [],
    lastNumber: state.lastNumber,
    ledger: (await ledger.verify()).kind,
  }),
);
await checkout.stop();
await terminal.close();
await ledger.close();
