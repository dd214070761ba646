import { expect, it } from 'vitest';
import type { ProductGroup } from '../../shared/catalogue.ts';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { exampleProducts } from './example-products.ts';

function entry(
  productId: string,
  group: ProductGroup,
  pictureUrl: string | null = 'p',
): LookupEntry {
  return {
    productId,
    names: { en: productId, de: productId },
    group,
    plu: null,
    pictureUrl,
    price: { kind: 'piece', priceMinor: 40 },
    organic: false,
  };
}

const shop = [
  entry('apple', 'fruit'),
  entry('lemon', 'fruit'),
  entry('orange', 'fruit'),
  entry('carrot', 'vegetables', null),
  entry('pepper', 'vegetables'),
  entry('milk', 'drinks'),
];

const ids = (products: readonly LookupEntry[]) => products.map((product) => product.productId);

it('shows one of each group in turn, and only what has a picture', () => {
  expect(ids(exampleProducts(shop, 5))).toEqual(['apple', 'pepper', 'milk', 'lemon', 'orange']);
});

it('shows no more than it was asked for', () => {
  expect(ids(exampleProducts(shop, 2))).toEqual(['apple', 'pepper']);
});

it('shows nothing of an empty shop', () => {
  expect(exampleProducts([], 5)).toEqual([]);
});
