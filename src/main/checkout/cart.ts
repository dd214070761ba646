import type { Product } from '../../shared/catalogue.ts';
import { weighedMinor } from '../../shared/money.ts';
import { maxQuantity } from '../../shared/quantity.ts';
import { priceCart } from './price-cart.ts';
import type { Cart, CartLine, UnpricedLine } from './price-cart.ts';

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

export function countedLines({ lines }: Cart): readonly CartLine[] {
  return lines.filter(({ removed }) => !removed);
}

export function itemCount(cart: Cart): number {
  return countedLines(cart).reduce((count, { quantity }) => count + quantity, 0);
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
export function removeOne(cart: Cart, lineId: string, currency: string): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined) return null;
  if (line.quantity === 1) return removeLine(cart, lineId, currency);
  return priceCart(withoutOne(cart.lines, line), currency);
}

export function removeLine(cart: Cart, lineId: string, currency: string): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined) return null;
  return priceCart(
    cart.lines.map((each) => (each === line ? { ...each, removed: true } : each)),
    currency,
  );
}

/** Null where there is nothing to set: no such line, a weighed one, the same or no quantity of 1 to `maxQuantity`. */
export function setQuantity(
  cart: Cart,
  lineId: string,
  quantity: number,
  currency: string,
): Cart | null {
  const line = countedLines(cart).find((each) => each.lineId === lineId);
  if (line === undefined || line.weightGrams !== null || line.quantity === quantity) return null;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) return null;
  return priceCart(
    cart.lines.map((each) => (each === line ? { ...each, quantity } : each)),
    currency,
  );
}

function withoutOne(lines: readonly CartLine[], line: CartLine): readonly CartLine[] {
  if (line.quantity === 1) return lines.filter((each) => each !== line);
  return lines.map((each) => (each === line ? { ...each, quantity: line.quantity - 1 } : each));
}

function placeItem(
  lines: readonly CartLine[],
  item: Item,
  index: number,
  currency: string,
): GrownCart {
  const { itemId, product, readingGrams, photoId } = item;
  const weightGrams = netGrams(product, readingGrams);
  const single: UnpricedLine = {
    lineId: itemId,
    product,
    quantity: 1,
    weightGrams,
    readingGrams,
    photoId,
    removed: false,
  };
  const addedMinor = priceCart([single], currency).totals.totalMinor;
  const same = lines.find((line) => canGrow(line, product));
  if (same === undefined) {
    const grown = priceCart([...lines.slice(0, index), single, ...lines.slice(index)], currency);
    return { cart: grown, lineId: itemId, addedMinor };
  }
  const grown = { ...same, quantity: same.quantity + 1, readingGrams, photoId };
  // The newest thing is looked for in one place: a line that grows moves to where a new one goes.
  return {
    cart: priceCart([...lines.filter((line) => line !== same), grown], currency),
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
