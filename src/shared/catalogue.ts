import type { LocalNames } from './language.ts';

/** How a product is sold. Amounts are integers of the catalogue currency's minor unit. */
export type Price =
  | { readonly kind: 'piece'; readonly priceMinor: number }
  | { readonly kind: 'weight'; readonly pricePerKgMinor: number; readonly tareGrams: number };

export type ProductGroup = 'fruit' | 'vegetables' | 'drinks' | 'pantry' | 'other';

export interface Product {
  readonly id: string;
  /** The tag in the Custom Vision project that means this product. */
  readonly tag: string;
  readonly names: LocalNames;
  readonly group: ProductGroup;
  readonly price: Price;
  /** 700 is 7 %. Prices include it. */
  readonly taxBasisPoints: number;
  /** Deposit for each piece, 0 where there is none. */
  readonly depositMinor: number;
  readonly organic: boolean;
  /** IFPS price look-up code, four digits, or five with a leading 9 for organic. */
  readonly plu: string | null;
  /** File name below the catalogue's picture folder. */
  readonly picture: string | null;
}

export interface Catalogue {
  /** ISO 4217. */
  readonly currency: string;
  readonly products: readonly Product[];
}
