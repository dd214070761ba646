import type { Catalogue, Product } from '../../shared/catalogue.ts';

function product(id: string, change: Partial<Product>): Product {
  return {
    id,
    tag: id,
    names: { en: id, de: `${id} (de)` },
    group: 'other',
    price: { kind: 'piece', priceMinor: 100 },
    taxBasisPoints: 700,
    depositMinor: 0,
    organic: false,
    plu: null,
    picture: `${id}.png`,
    ...change,
  };
}

/** A small shop for tests: two things sold by the piece, one with a deposit, two by weight. */
export const sampleShop = {
  apple: product('apple', { price: { kind: 'piece', priceMinor: 55 } }),
  lemon: product('lemon', { price: { kind: 'piece', priceMinor: 49 }, organic: true }),
  juice: product('juice', {
    price: { kind: 'piece', priceMinor: 249 },
    taxBasisPoints: 1900,
    depositMinor: 25,
  }),
  tomato: product('tomato', { price: { kind: 'weight', pricePerKgMinor: 299, tareGrams: 5 } }),
  carrot: product('carrot', { price: { kind: 'weight', pricePerKgMinor: 149, tareGrams: 0 } }),
} as const;

export const sampleCatalogue: Catalogue = {
  currency: 'EUR',
  products: Object.values(sampleShop),
};
