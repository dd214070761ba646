import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import type { Change, Checkout } from '../checkout/checkout.ts';
import type { CheckoutEvent } from '../checkout/events.ts';
import { outOfOrderState } from '../checkout/state.ts';
import type { CheckoutState } from '../checkout/state.ts';

/**
 * Sells nothing: the window says where to go instead, the log says what staff must do. A call for
 * help is heard all the same.
 */
export function closedCheckout(reason: OutOfOrderReason, nowMs: () => number): Checkout {
  const listeners = new Set<(change: Change) => void>();
  let state: CheckoutState = outOfOrderState(reason);
  return {
    start: () => Promise.resolve(),
    dispatch: ({ kind }) => {
      if (kind !== 'help-called' && kind !== 'help-dismissed') {
        return Promise.resolve({ kind: 'ignored' });
      }
      const before = state;
      state = { ...before, helpCalled: kind === 'help-called' };
      const event: CheckoutEvent = { kind, atMs: nowMs() };
      for (const listener of listeners) listener({ before, event, after: state });
      return Promise.resolve({ kind: 'applied' });
    },
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => Promise.resolve(),
  };
}

/** What must be told to the end although nothing is sold any more. */
const paymentStates: ReadonlySet<CheckoutState['kind']> = new Set([
  'paying',
  'cancelling',
  'checking',
  'paid',
  'receipt',
]);

const heardAnyway: ReadonlySet<string> = new Set([
  'receipt-done',
  'cancel-asked',
  'help-called',
  'help-dismissed',
]);

/** Out of order, but for a payment that was open when the app ended: its truth is shown first. */
export function closedAfterPayment(checkout: Checkout, reason: OutOfOrderReason): Checkout {
  const seen = (state: CheckoutState): CheckoutState =>
    paymentStates.has(state.kind)
      ? state
      : { ...outOfOrderState(reason, state.lastNumber), helpCalled: state.helpCalled };
  return {
    ...checkout,
    state: () => seen(checkout.state()),
    dispatch: (input) =>
      heardAnyway.has(input.kind) ? checkout.dispatch(input) : Promise.resolve({ kind: 'ignored' }),
    subscribe: (listener) =>
      checkout.subscribe(({ before, event, after }) =>
        listener({ before: seen(before), event, after: seen(after) }),
      ),
  };
}
