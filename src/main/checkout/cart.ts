import type { Product } from '../../shared/catalogue.ts';
import { sumMinor, taxesContained, timesMinor, weighedMinor } from '../../shared/money.ts';
import type { TaxShare } from '../../shared/money.ts';
import { maxQuantity } from '../../shared/quantity.ts';

export interface CartLine {
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

export type Cart = readonly CartLine[];

/** Something to be sold, before it is in the cart. */
export interface Item {
  readonly itemId: string;
  readonly product: Product;
  readonly readingGrams: number | null;
  readonly photoId: string | null;
}

/** A cart with the line that grew. */
export interface GrownCart {
  readonly cart: Cart;
  readonly lineId: string;
  readonly addedMinor: number;
}

/** Whether the item has a price: by weight only with a reading that comes to one minor unit at least. */
export function hasPrice({ product, readingGrams }: Item, currency: string): boolean {
  if (product.price.kind === 'piece') return true;
  const grams = netGrams(product, readingGrams);
  return grams !== null && weighedMinor(grams, product.price.pricePerKgMinor, currency) > 0;
}

function netGrams({ price }: Product, readingGrams: number | null): number | null {
  if (price.kind === 'piece' || readingGrams === null) return null;
  return readingGrams > price.tareGrams ? readingGrams - price.tareGrams : null;
}

/** A line's amount with deposit. The deposit bears the product's tax, as part of the supply. */
export function lineAmountMinor(line: CartLine, currency: string): number {
  const { price, depositMinor } = line.product;
  const goodsMinor =
    price.kind === 'piece'
      ? timesMinor(price.priceMinor, line.quantity, currency)
      : weighedMinor(line.weightGrams ?? 0, price.pricePerKgMinor, currency);
  return sumMinor([goodsMinor, timesMinor(depositMinor, line.quantity, currency)], currency);
}

export function countedLines(cart: Cart): Cart {
  return cart.filter(({ removed }) => !removed);
}

export function totalMinor(cart: Cart, currency: string): number {
  return sumMinor(
    countedLines(cart).map((line) => lineAmountMinor(line, currency)),
    currency,
  );
}

export function itemCount(cart: Cart): number {
  return countedLines(cart).reduce((count, { quantity }) => count + quantity, 0);
}

export function cartTaxes(cart: Cart, currency: string): readonly TaxShare[] {
  const amounts = countedLines(cart).map((line) => ({
    amountMinor: lineAmountMinor(line, currency),
    taxBasisPoints: line.product.taxBasisPoints,
  }));
  return taxesContained(amounts, currency);
}

/** Adds an item that has a price: to the line of the same product, which becomes the last, or as a new one. */
export function addItem(cart: Cart, item: Item, currency: string): GrownCart {
  const counted = countedLines(cart);
  return placeItem(counted, item, counted.length, currency);
}

/** Takes one piece out of a line and puts the item in its place; null without that line. */
export function replaceOne(
  cart: Cart,
  lineId: string,
  item: Item,
  currency: string,
): GrownCart | null {
  const counted = countedLines(cart);
  const index = counted.findIndex((line) => line.lineId === lineId);
  const line = counted[index];
  if (line === undefined) return null;
  const without = withoutOne(counted, line);
  return placeItem(without, item, line.quantity === 1 ? index : index + 1, currency);
}

/** One piece fewer; null without that line. The last piece leaves the line behind, struck out. */
export function removeOne(cart: Cart, lineId: string): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined) return null;
  return line.quantity === 1 ? removeLine(cart, lineId) : withoutOne(cart, line);
}

export function removeLine(cart: Cart, lineId: string): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined) return null;
  return cart.map((each) => (each === line ? { ...each, removed: true } : each));
}

/** Null where there is nothing to set: no such line, a weighed one, the same or no quantity of 1 to `maxQuantity`. */
export function setQuantity(cart: Cart, lineId: string, quantity: number): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined || line.weightGrams !== null || line.quantity === quantity) return null;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) return null;
  return cart.map((each) => (each === line ? { ...each, quantity } : each));
}

function withoutOne(cart: Cart, line: CartLine): Cart {
  if (line.quantity === 1) return cart.filter((each) => each !== line);
  return cart.map((each) => (each === line ? { ...each, quantity: line.quantity - 1 } : each));
}

function placeItem(cart: Cart, item: Item, index: number, currency: string): GrownCart {
  const { itemId, product, readingGrams, photoId } = item;
  const weightGrams = netGrams(product, readingGrams);
  const single: CartLine = {
    lineId: itemId,
    product,
    quantity: 1,
    weightGrams,
    readingGrams,
    photoId,
    removed: false,
  };
  const addedMinor = lineAmountMinor(single, currency);
  const same = cart.find((line) => canGrow(line, product));
  if (same === undefined)
    return { cart: cart.toSpliced(index, 0, single), lineId: itemId, addedMinor };
  const grown = { ...same, quantity: same.quantity + 1, readingGrams, photoId };
  // The newest thing is looked for in one place: a line that grows moves to where a new one goes.
  return {
    cart: [...cart.filter((line) => line !== same), grown],
    lineId: same.lineId,
    addedMinor,
  };
}

function canGrow(line: CartLine, product: Product): boolean {
  const { price, depositMinor, taxBasisPoints } = line.product;
  return (
    line.product.id === product.id &&
    price.kind === 'piece' &&
    product.price.kind === 'piece' &&
    // A price that changed in mid-sale gets a line of its own.
    price.priceMinor === product.price.priceMinor &&
    depositMinor === product.depositMinor &&
    taxBasisPoints === product.taxBasisPoints &&
    line.quantity < maxQuantity
  );
}
