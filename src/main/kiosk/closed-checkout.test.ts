import { describe, expect, it, vi } from 'vitest';
import { closedCheckout } from './closed-checkout.ts';

describe('a closed checkout', () => {
  it('sells nothing and hears a call for help', async () => {
    const checkout = closedCheckout('ledger', () => 5);
    const heard = vi.fn();
    checkout.subscribe(heard);
    expect(await checkout.dispatch({ kind: 'sale-started' })).toEqual({ kind: 'ignored' });
    expect(heard).not.toHaveBeenCalled();
    await checkout.dispatch({ kind: 'help-called' });
    expect(checkout.state()).toMatchObject({ closed: 'ledger', helpCalled: true });
    expect(heard).toHaveBeenCalledTimes(1);
    await checkout.dispatch({ kind: 'help-dismissed' });
    expect(checkout.state()).toMatchObject({ closed: 'ledger', helpCalled: false });
  });
});
