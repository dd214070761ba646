import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  containedTaxMinor,
  formatMoney,
  formatWeight,
  isKnownCurrency,
  minorDigits,
  parseMinor,
  sumMinor,
  taxesContained,
  timesMinor,
  weighedMinor,
} from './money.ts';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test.each([
  { grams: 1000, perKg: 249, amount: 249 },
  { grams: 500, perKg: 249, amount: 125 }, // 124.5
  { grams: 499, perKg: 249, amount: 124 }, // 124.251
  { grams: 250, perKg: 198, amount: 50 }, // 49.5
  { grams: 1, perKg: 499, amount: 0 }, // 0.499
  { grams: 1, perKg: 500, amount: 1 }, // 0.5
  { grams: 0, perKg: 500, amount: 0 },
])('$grams g at $perKg a kg cost $amount: half is rounded up', ({ grams, perKg, amount }) => {
  expect(weighedMinor(grams, perKg, 'EUR')).toBe(amount);
});

test('a weighed amount is the nearest minor unit in every currency', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      (grams, perKg, currency) => {
        const exactThousandths = BigInt(grams) * BigInt(perKg);
        const error = BigInt(weighedMinor(grams, perKg, currency)) * 1000n - exactThousandths;
        return error > -500n && error <= 500n;
      },
    ),
  );
});

test('amounts that are no whole minor units are refused', () => {
  expect(() => sumMinor([0.5], 'EUR')).toThrow(RangeError);
  expect(() => weighedMinor(0.5, 100, 'EUR')).toThrow(RangeError);
  expect(() => weighedMinor(-1, 100, 'EUR')).toThrow(RangeError);
  expect(() => timesMinor(100, 1.5, 'EUR')).toThrow(RangeError);
  expect(() => timesMinor(Number.MAX_SAFE_INTEGER, 3, 'EUR')).toThrow(RangeError);
});

test('tax is taken out of an amount that contains it', () => {
  expect(containedTaxMinor(107, 700)).toBe(7);
  expect(containedTaxMinor(119, 1900)).toBe(19);
  expect(containedTaxMinor(100, 1900)).toBe(16); // 15.966
  expect(containedTaxMinor(3, 10_000)).toBe(2); // 1.5
  expect(containedTaxMinor(500, 0)).toBe(0);
});

test('the taxes of all rates rest on amounts that add up to the total', () => {
  const amount = fc.record({
    amountMinor: fc.integer({ min: 0, max: 100_000 }),
    taxBasisPoints: fc.constantFrom(0, 700, 1900, 2300),
  });
  fc.assert(
    fc.property(fc.array(amount), (amounts) => {
      const taxes = taxesContained(amounts, 'EUR');
      const total = amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      expect(taxes.reduce((sum, { grossMinor }) => sum + grossMinor, 0)).toBe(total);
      expect(taxes.every(({ taxMinor, grossMinor }) => taxMinor <= grossMinor)).toBe(true);
      const rates = taxes.map(({ basisPoints }) => basisPoints);
      expect(rates).toEqual([...new Set(rates)].sort((one, other) => one - other));
    }),
  );
});

test('tax is reckoned on the sum of a rate, not line by line', () => {
  const lines = Array.from({ length: 10 }, () => ({ amountMinor: 5, taxBasisPoints: 700 }));
  // Each line alone would contain 0.33 and round to nothing.
  expect(taxesContained(lines, 'EUR')).toEqual([{ basisPoints: 700, grossMinor: 50, taxMinor: 3 }]);
});

describe('reading amounts', () => {
  test.each([
    ['0.40', 'EUR', 40],
    ['0.4', 'EUR', 40],
    ['12', 'EUR', 1200],
    ['0.29', 'EUR', 29],
    ['1.15', 'EUR', 115],
    ['120', 'JPY', 120],
    ['0.125', 'KWD', 125],
  ])('%s %s is %i', (text, currency, minor) => {
    expect(parseMinor(text, currency)).toBe(minor);
  });

  test.each(['', '.5', '5.', '-1', '1e3', '0.405', '1,20', ' 1', '1 000', '1234567890', 'NaN'])(
    '"%s" is no amount',
    (text) => {
      expect(parseMinor(text, 'EUR')).toBeNull();
    },
  );

  test('a comma is read only where it is said to be the decimal mark', () => {
    expect(parseMinor('0,40', 'EUR', ',')).toBe(40);
    expect(parseMinor('0.40', 'EUR', ',')).toBeNull();
    expect(parseMinor('1.5', 'JPY')).toBeNull();
  });
});

describe('writing amounts', () => {
  test.each([
    [1299, 'EUR', 'de-DE', '12,99 €'],
    [1299, 'EUR', 'en-IE', '€12.99'],
    [5, 'EUR', 'en-IE', '€0.05'],
    [-40, 'EUR', 'en-IE', '-€0.40'],
    [1200, 'JPY', 'en-US', '¥1,200'],
    [1250, 'KWD', 'en-US', 'KWD 1.250'],
    [1200, 'ISK', 'en-US', 'ISK 1,200'],
  ])('%i %s in %s', (minor, currency, locale, text) => {
    expect(plain(formatMoney(minor, currency, locale))).toBe(text);
  });

  test('is exact where a floating-point number is not', () => {
    expect(formatMoney(Number.MAX_SAFE_INTEGER, 'EUR', 'en-IE')).toBe('€90,071,992,547,409.91');
  });

  test('reads back what it wrote', () => {
    const digitsOnly = /[^0-9.]/g;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (minor, currency) => {
          const written = formatMoney(minor, currency, 'en-US').replaceAll(digitsOnly, '');
          return parseMinor(written, currency) === minor;
        },
      ),
    );
  });
});

test.each([
  [0, 'en-IE', '0 g'],
  [182, 'de-DE', '182 g'],
  [999, 'en-IE', '999g'],
  [1000, 'de-DE', '1,000 kg'],
  [12_345, 'en-US', '12.345 kg'],
])('%i g in %s', (grams, locale, text) => {
  expect(plain(formatWeight(grams, locale)).replace(' ', '')).toBe(text.replace(' ', ''));
});

test('knows the currencies that have decimal parts, and no others', () => {
  expect(['EUR', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 0, 3]);
  expect(isKnownCurrency('EUR')).toBe(true);
  expect(isKnownCurrency('MGA')).toBe(false);
  expect(isKnownCurrency('EURO')).toBe(false);
  expect(() => formatMoney(1, 'EURO', 'en')).toThrow(/EURO/);
});
