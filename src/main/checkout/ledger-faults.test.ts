import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerFile } from '../ledger/ledger-file.ts';
import type { LedgerFile } from '../ledger/ledger-file.ts';
import { verifyLedger } from '../ledger/verify-ledger.ts';
import type { PaymentTerminal } from '../payment/terminal.ts';
import { createCheckout, defaultTimings } from './checkout.ts';
import type { Checkout } from './checkout.ts';
import { manualClock } from './manual-clock.ts';
import { sampleCatalogue } from './sample-shop.ts';
import { saleOf } from './state.ts';
import type { CheckoutState } from './state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-full-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noTerminal: PaymentTerminal = {
  pay: () => Promise.reject(new Error('nobody pays here')),
  cancel: () => Promise.resolve(),
  outcomeOf: () => Promise.resolve({ kind: 'declined' }),
};

async function over(file: LedgerFile, path: string): Promise<Checkout> {
  let ids = 0;
  const checkout = createCheckout({
    ledger: {
      append: async (entries) => file.append(entries),
      openTail: async () => file.openTail(),
      checked: async () => undefined,
      rows: async (afterSeq, limit) => file.rows(afterSeq, limit),
      verify: async () => verifyLedger(path),
      close: async () => file.close(),
    },
    terminal: noTerminal,
    clock: manualClock(),
    newId: () => `id-${++ids}`,
    catalogue: () => sampleCatalogue,
    timings: defaultTimings,
    closed: null,
    fault: () => undefined,
  });
  await checkout.start();
  return checkout;
}

const pieces = (state: CheckoutState): number =>
  saleOf(state)?.cart.lines.reduce((count, { quantity }) => count + quantity, 0) ?? 0;

test('when the disk is full the sale stops; with room again, all that was shown is there', async () => {
  const path = join(folder, 'ledger.db');
  const small = openLedgerFile(path);
  small.limitPages(14);
  const checkout = await over(small, path);
  let shown = 0;
  let refused = false;
  while (!refused) {
    const answer = await checkout.dispatch({
      kind: 'item-recognised',
      placementId: 'placement',
      photoId: null,
      weightGrams: null,
      decision: { kind: 'accept', productId: 'apple', probability: 0.9 },
    });
    refused = answer.kind === 'refused';
    if (!refused) shown = pieces(checkout.state());
  }
  expect(checkout.state()).toMatchObject({ closed: 'ledger', phase: { kind: 'idle' } });
  expect(shown).toBeGreaterThan(5);
  await checkout.stop();
  small.close();

  const roomy = openLedgerFile(path);
  const after = await over(roomy, path);
  expect(pieces(after.state())).toBe(shown);
  // Before the first item: the ledger was begun, and the sale.
  expect(verifyLedger(path)).toMatchObject({ kind: 'whole', rowCount: shown + 2 });
  await after.stop();
  roomy.close();
});
