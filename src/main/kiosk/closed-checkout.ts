import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import type { Change, Checkout } from '../checkout/checkout.ts';
import type { CheckoutCommand } from '../checkout/commands.ts';
import { decide } from '../checkout/decide.ts';
import { closedState } from '../checkout/state.ts';

/**
 * Sells nothing, for it has no ledger or no terminal: the window says where to go instead, the log says
 * what staff must do. A call for help is heard all the same.
 */
export function closedCheckout(reason: OutOfOrderReason, nowMs: () => number): Checkout {
  const listeners = new Set<(change: Change) => void>();
  let state = closedState(reason);
  return {
    start: () => Promise.resolve(),
    dispatch: ({ kind }) => {
      if (kind !== 'help-called' && kind !== 'help-dismissed') {
        return Promise.resolve({ kind: 'ignored' });
      }
      const command: CheckoutCommand = { kind, atMs: nowMs() };
      const before = state;
      const { facts, state: after } = decide(before, command);
      state = after;
      for (const listener of listeners) listener({ before, facts, after: state });
      return Promise.resolve({ kind: facts.length === 0 ? 'ignored' : 'applied' });
    },
    // It is.
    close: () => Promise.resolve(),
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => Promise.resolve(),
  };
}
