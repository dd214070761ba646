import type { CartChange } from './facts.ts';
import type { Cart, CartLine } from './price-cart.ts';

/** What makes the one cart of the other: a line that is the same object did not change. */
export function changeOf(before: Cart, after: Cart): CartChange {
  return {
    lines: after.lines.filter((line) => !before.lines.includes(line)),
    order: after.lines.map(({ lineId }) => lineId),
    totals: after.totals,
  };
}

/** The cart after a change, which says all amounts. */
export function withChange(before: Cart, { lines, order, totals }: CartChange): Cart {
  const byId = new Map<string, CartLine>(
    [...before.lines, ...lines].map((line) => [line.lineId, line]),
  );
  return { lines: order.flatMap((lineId) => byId.get(lineId) ?? []), totals };
}
