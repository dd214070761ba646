import { describe, expect, it } from 'vitest';
import type { LineView, StoreView } from '../../shared/snapshot.ts';
import { keepUnits, wordingFor } from './wording.ts';

const store: StoreView = {
  name: 'Corner',
  currency: 'EUR',
  region: 'DE',
  languages: ['en', 'de'],
  demo: false,
  keepsPictures: false,
};

const tomatoes: LineView = {
  lineId: 'a',
  productId: 'tomato',
  names: { en: 'Tomatoes', de: 'Tomaten' },
  price: { kind: 'weight', pricePerKgMinor: 290, tareGrams: 0 },
  quantity: 1,
  weightGrams: 412,
  depositMinor: 0,
  amountMinor: 119,
  pictureUrl: null,
  photoUrl: null,
  removed: false,
};

const space = '\u00a0';

describe('the words of a language in a store', () => {
  it('never parts a number from its unit', () => {
    expect(keepUnits('Standard milk 1 l')).toBe(`Standard milk 1${space}l`);
    expect(keepUnits('Tomatoes 400 g, chopped')).toBe(`Tomatoes 400${space}g, chopped`);
    expect(keepUnits('Milk 3.5 % 1 l')).toBe(`Milk 3.5${space}% 1${space}l`);
    expect(keepUnits('Pack of 6 lemons')).toBe('Pack of 6 lemons');
  });

  it('writes amounts for the language and the region, on one line', () => {
    expect(wordingFor('de', store).money(591)).toBe(`5,91${space}€`);
    expect(wordingFor('en', { ...store, region: 'IE' }).money(591)).toBe('€5.91');
    expect(wordingFor('de', store).percent(700)).toBe(`7${space}%`);
  });

  it('says how a weighed line came about', () => {
    expect(wordingFor('de', store).lineDetail(tomatoes)).toBe(`412${space}g × 2,90${space}€/kg`);
  });

  it('says what a piece costs, whatever the quantity', () => {
    const bananas: LineView = {
      ...tomatoes,
      price: { kind: 'piece', priceMinor: 40 },
      weightGrams: null,
      quantity: 3,
      amountMinor: 120,
    };
    expect(wordingFor('de', store).lineDetail(bananas)).toBe(`0,40${space}€ je Stück`);
  });

  it('adds up the deposit of all pieces', () => {
    const bottles: LineView = { ...tomatoes, quantity: 3, depositMinor: 25 };
    expect(wordingFor('de', store).lineDeposit(bottles)).toBe(`inkl. Pfand 0,75${space}€`);
    expect(wordingFor('de', store).lineDeposit(tomatoes)).toBeNull();
  });
});
