import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../shared/log.ts';
import { systemTimers } from '../../shared/timers.ts';
import type { Paths } from '../app/paths.ts';
import type { StopStack } from '../app/stop-stack.ts';
import { createCheckout, defaultTimings } from '../checkout/checkout.ts';
import type { Checkout } from '../checkout/checkout.ts';
import { systemClock } from '../checkout/clock.ts';
import type { Health } from '../devices/health.ts';
import { places } from '../devices/registry.ts';
import type { TerminalDevice } from '../devices/terminal/terminal-device.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { closedCheckout } from './closed-checkout.ts';
import { refusedLedger, watchLedger } from './ledger-health.ts';
import type { Shop } from './shop.ts';

export interface CheckoutOpening {
  readonly shop: Shop;
  readonly paths: Paths;
  readonly dataFolder: string;
  readonly stops: StopStack;
  readonly health: Health;
  readonly log: Log;
  /** Whether a thing is being recognised just now. */
  readonly isLooking: () => boolean;
}

/** The checkout on its ledger and terminal; closed where one of them cannot be had. */
export async function openCheckout(opening: CheckoutOpening): Promise<Checkout> {
  const { shop, dataFolder, paths, stops, health, log } = opening;
  let ledger: Ledger;
  let badRow: string | null = null;
  try {
    ledger = await openLedger(join(dataFolder, 'ledger.db'), paths.ledgerWorker, (notice) => {
      const { kind, ...told } = notice;
      const say = kind === 'bad-row' ? log.error : log.warn;
      say(`ledger-${kind}`, told);
      if (notice.kind === 'bad-row') badRow = notice.advice;
    });
  } catch (error) {
    log.error('ledger-refused', { error: String(error) });
    health.watch('ledger', refusedLedger(error));
    return closedCheckout('ledger', systemClock.nowMs);
  }
  stops.push('ledger', () => ledger.close());
  let close: () => void = () => undefined;
  const ledgerHealth = watchLedger({ ledger, log, onBroken: () => close(), timers: systemTimers });
  health.watch('ledger', ledgerHealth);
  stops.push('ledger verification', ledgerHealth.stop);
  if (badRow !== null) ledgerHealth.lost(new LedgerError('corrupt', badRow));
  let device: TerminalDevice;
  try {
    const terminal = { dataFolder, clock: systemClock };
    device = await places.terminal.open(shop.settings.terminal, terminal);
  } catch (error) {
    log.error('terminal-refused', { error: String(error) });
    return closedCheckout('payment-unsettled', systemClock.nowMs);
  }
  stops.push('terminal', device.stop);
  health.watch('terminal', device);
  const checkout = createCheckout({
    ledger,
    terminal: device.terminal,
    clock: systemClock,
    newId: randomUUID,
    catalogue: () => shop.catalogue,
    timings: defaultTimings,
    closed: shop.fault ?? (badRow === null ? null : 'ledger'),
    isLooking: opening.isLooking,
    fault: (where, error) => {
      log.error('checkout-fault', { where, error });
      if (where === 'ledger') ledgerHealth.lost(error);
    },
  });
  close = () => void checkout.close('ledger');
  await checkout.start();
  stops.push('checkout', checkout.stop);
  return checkout;
}
