import { describe, expect, it, vi } from 'vitest';
import type { Change, Checkout } from '../checkout/checkout.ts';
import { idleState } from '../checkout/state.ts';
import type { CheckoutState } from '../checkout/state.ts';
import { closedAfterPayment, closedCheckout } from './closed-checkout.ts';

describe('a closed checkout', () => {
  it('sells nothing and hears a call for help', async () => {
    const checkout = closedCheckout('ledger', () => 5);
    const heard = vi.fn();
    checkout.subscribe(heard);
    expect(await checkout.dispatch({ kind: 'sale-started' })).toEqual({ kind: 'ignored' });
    expect(heard).not.toHaveBeenCalled();
    await checkout.dispatch({ kind: 'help-called' });
    expect(checkout.state()).toMatchObject({ kind: 'out-of-order', helpCalled: true });
    expect(heard).toHaveBeenCalledTimes(1);
    await checkout.dispatch({ kind: 'help-dismissed' });
    expect(checkout.state()).toMatchObject({ kind: 'out-of-order', helpCalled: false });
  });
});

describe('a checkout that closes after its open payment', () => {
  function over(first: CheckoutState) {
    let state = first;
    let tell: (change: Change) => void = () => undefined;
    const dispatched: string[] = [];
    const inner: Checkout = {
      start: () => Promise.resolve(),
      dispatch: ({ kind }) => {
        dispatched.push(kind);
        return Promise.resolve({ kind: 'applied' });
      },
      state: () => state,
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
      stop: () => Promise.resolve(),
    };
    return {
      checkout: closedAfterPayment(inner, 'catalogue'),
      dispatched,
      become: (after: CheckoutState) => {
        const before = state;
        state = after;
        tell({ before, event: { kind: 'interrupted', atMs: 0 }, after });
      },
    };
  }
  const checking: CheckoutState = {
    ...idleState(3),
    kind: 'checking',
    sale: {
      saleId: 's',
      currency: 'EUR',
      startedAtMs: 0,
      cart: [],
      past: [],
      latest: null,
      suspendsAtMs: null,
    },
    payment: { intentId: 'i', amountMinor: 100 },
    held: [],
  };

  it('shows the payment until it is known, and then that it is closed', () => {
    const { checkout, become } = over(checking);
    const seen: string[] = [];
    checkout.subscribe(({ after }) => seen.push(after.kind));
    expect(checkout.state().kind).toBe('checking');
    become(idleState(4));
    expect(seen).toEqual(['out-of-order']);
    expect(checkout.state()).toMatchObject({ kind: 'out-of-order', reason: 'catalogue' });
  });

  it('lets nothing through that sells', async () => {
    const { checkout, dispatched } = over(idleState(0));
    await checkout.dispatch({ kind: 'sale-started' });
    await checkout.dispatch({ kind: 'payment-started' } as Parameters<Checkout['dispatch']>[0]);
    await checkout.dispatch({ kind: 'help-called' });
    await checkout.dispatch({ kind: 'receipt-done' });
    expect(dispatched).toEqual(['help-called', 'receipt-done']);
  });
});
