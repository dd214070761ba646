import type { Product } from '../../shared/catalogue.ts';
import { sumMinor, taxesContained, timesMinor, weighedMinor } from '../../shared/money.ts';
import type { TaxShare } from '../../shared/money.ts';

/** What is sold, before it has an amount. */
export interface UnpricedLine {
  readonly lineId: string;
  /** As it was when it was laid down. */
  readonly product: Product;
  /** 1 for a weighed item, which has a line of its own. */
  readonly quantity: number;
  /** Net weight where the product is sold by weight, else null. */
  readonly weightGrams: number | null;
  /** What the scale showed for the last item, for a correction to something sold by weight. */
  readonly readingGrams: number | null;
  readonly photoId: string | null;
  /** Out of the sale; stays to be seen until the next item comes. */
  readonly removed: boolean;
}

export interface CartLine extends UnpricedLine {
  /** With deposit. */
  readonly amountMinor: number;
}

export interface CartTotals {
  readonly totalMinor: number;
  readonly taxes: readonly TaxShare[];
}

/** Lines with their amounts, and what they come to: nothing works it out again afterwards. */
export interface Cart {
  readonly lines: readonly CartLine[];
  readonly totals: CartTotals;
}

export const emptyCart: Cart = { lines: [], totals: { totalMinor: 0, taxes: [] } };

/** The one place that prices: each line by itself, then the basket. */
export function priceCart(lines: readonly UnpricedLine[], currency: string): Cart {
  const priced = lines.map((line) => withAmount(line, lineAmountMinor(line, currency)));
  const counted = priced.filter(({ removed }) => !removed);
  return {
    lines: priced,
    totals: {
      totalMinor: sumMinor(
        counted.map(({ amountMinor }) => amountMinor),
        currency,
      ),
      taxes: taxesContained(
        counted.map(({ amountMinor, product }) => ({
          amountMinor,
          taxBasisPoints: product.taxBasisPoints,
        })),
        currency,
      ),
    },
  };
}

/** A line that has its amount already stays the same object: what did not change is seen by that. */
function withAmount(
  line: UnpricedLine & { readonly amountMinor?: number },
  amountMinor: number,
): CartLine {
  return line.amountMinor === amountMinor ? (line as CartLine) : { ...line, amountMinor };
}

/** With deposit, which bears the product's tax as part of the supply. */
function lineAmountMinor(line: UnpricedLine, currency: string): number {
  const { price, depositMinor } = line.product;
  const goodsMinor =
    price.kind === 'piece'
      ? timesMinor(price.priceMinor, line.quantity, currency)
      : weighedMinor(line.weightGrams ?? 0, price.pricePerKgMinor, currency);
  return sumMinor([goodsMinor, timesMinor(depositMinor, line.quantity, currency)], currency);
}
