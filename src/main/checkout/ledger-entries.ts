import type { LedgerEntry } from '../ledger/ledger.ts';
import { evolve } from './evolve.ts';
import { rowOf } from './facts.ts';
import type { Fact } from './facts.ts';
import { saleOf } from './state.ts';
import type { CheckoutState } from './state.ts';

/** How the ledger keeps facts that follow a state. */
export function entriesOf(before: CheckoutState, facts: readonly Fact[]): readonly LedgerEntry[] {
  let state = before;
  return facts.map((fact) => {
    const sale = saleOf(state);
    state = evolve(state, fact);
    const { phase, helpCalled } = state;
    return {
      ...rowOf(fact),
      saleId: saleOf(state)?.saleId ?? sale?.saleId ?? null,
      atRest: phase.kind === 'idle' && !helpCalled,
      receiptNumber: fact.kind === 'sale-completed' ? fact.receipt.number : null,
    };
  });
}
