import { describe, expect, it } from 'vitest';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { findByName, findByPlu, isPluPrefix } from './find-product.ts';

function entry(productId: string, en: string, de: string, plu: string | null = null): LookupEntry {
  return {
    productId,
    names: { en, de },
    group: 'fruit',
    plu,
    pictureUrl: null,
    price: { kind: 'piece', priceMinor: 40 },
    organic: false,
  };
}

const shop = [
  entry('pineapple', 'Pineapple', 'Ananas', '4029'),
  entry('red-apple', 'Red apple', 'Roter Apfel', '4015'),
  entry('apple-juice', 'Apple juice', 'Apfelsaft'),
  entry('banana', 'Bananas', 'Bananen', '4011'),
  entry('organic-banana', 'Organic bananas', 'Bio-Bananen', '94011'),
  entry('creme', 'Crème fraîche', 'Süße Sahne'),
];

const ids = (found: readonly LookupEntry[]) => found.map((product) => product.productId);

describe('finding by name', () => {
  it('puts what begins so first, then a word, then anywhere', () => {
    expect(ids(findByName(shop, 'apple', 'en'))).toEqual(['apple-juice', 'red-apple', 'pineapple']);
  });

  it('looks in the language of the window', () => {
    expect(ids(findByName(shop, 'ana', 'de'))).toEqual(['pineapple', 'banana', 'organic-banana']);
  });

  it('asks for no accents and no capitals', () => {
    expect(ids(findByName(shop, 'CREME FRAI', 'en'))).toEqual(['creme']);
    expect(ids(findByName(shop, 'süsse', 'de'))).toEqual(['creme']);
    expect(ids(findByName(shop, 'bio-b', 'de'))).toEqual(['organic-banana']);
  });

  it('finds nothing for nothing', () => {
    expect(findByName(shop, '  ', 'en')).toEqual([]);
  });
});

describe('finding by number', () => {
  it('takes the whole number only', () => {
    expect(findByPlu(shop, '4011')?.productId).toBe('banana');
    expect(findByPlu(shop, '94011')?.productId).toBe('organic-banana');
    expect(findByPlu(shop, '401')).toBeNull();
    expect(findByPlu(shop, '')).toBeNull();
  });

  it('knows when more digits cannot help', () => {
    expect(isPluPrefix(shop, '99')).toBe(true);
    expect(isPluPrefix(shop, '9401')).toBe(true);
    expect(isPluPrefix(shop, '9999')).toBe(false);
  });
});
