import { add, dinero, halfUp, multiply, toDecimal, toSnapshot, transformScale } from 'dinero.js';
import type { Dinero, DineroCurrency } from 'dinero.js';
import * as currencies from 'dinero.js/currencies';

type Currency = DineroCurrency<number>;

const byCode = new Map<string, Currency>(
  Object.values(currencies)
    // Ariary and ouguiya have five parts to a unit; a decimal amount cannot be written exactly.
    .filter((currency: Currency) => currency.base === 10)
    .map((currency: Currency) => [currency.code, currency]),
);

/** Whether amounts in this ISO 4217 currency can be reckoned and written here. */
export function isKnownCurrency(code: string): boolean {
  return byCode.has(code);
}

function currencyOf(code: string): Currency {
  const currency = byCode.get(code);
  if (currency === undefined) throw new RangeError(`no decimal ISO 4217 currency: ${code}`);
  return currency;
}

/** Decimal places of the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return currencyOf(currency).exponent;
}

function money(amountMinor: number, currency: string): Dinero<number> {
  if (!Number.isSafeInteger(amountMinor)) {
    throw new RangeError(`not a whole number of minor units: ${amountMinor}`);
  }
  return dinero({ amount: amountMinor, currency: currencyOf(currency) });
}

function minorOf(value: Dinero<number>): number {
  const { amount } = toSnapshot(value);
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount beyond what can be reckoned');
  return amount;
}

/** Sum of amounts in one currency; 0 for none. */
export function sumMinor(amountsMinor: readonly number[], currency: string): number {
  return minorOf(
    amountsMinor.reduce((sum, amount) => add(sum, money(amount, currency)), money(0, currency)),
  );
}

/** `count` times an amount. */
export function timesMinor(amountMinor: number, count: number, currency: string): number {
  if (!Number.isSafeInteger(count)) throw new RangeError(`not a whole count: ${count}`);
  return minorOf(multiply(money(amountMinor, currency), count));
}

/** Grams times the price of a kilogram, half a minor unit rounded up. */
export function weighedMinor(
  weightGrams: number,
  pricePerKgMinor: number,
  currency: string,
): number {
  if (!Number.isSafeInteger(weightGrams) || weightGrams < 0) {
    throw new RangeError(`not a weight in whole grams: ${weightGrams}`);
  }
  const exact = multiply(money(pricePerKgMinor, currency), { amount: weightGrams, scale: 3 });
  return minorOf(transformScale(exact, minorDigits(currency), halfUp));
}

/** Tax contained in an amount that includes it: gross × rate / (1 + rate), half a minor unit rounded up. */
export function containedTaxMinor(grossMinor: number, basisPoints: number): number {
  if (!Number.isSafeInteger(grossMinor) || grossMinor < 0) {
    throw new RangeError(`not an amount that can contain tax: ${grossMinor}`);
  }
  const numerator = BigInt(grossMinor) * BigInt(basisPoints);
  const denominator = 10_000n + BigInt(basisPoints);
  return Number((2n * numerator + denominator) / (2n * denominator));
}

export interface TaxShare {
  readonly basisPoints: number;
  readonly grossMinor: number;
  readonly taxMinor: number;
}

/**
 * Tax for each rate, lowest rate first. It is taken from the sum of a rate's amounts, not line by
 * line, so the gross amounts add up to the total and no rounding builds up.
 */
export function taxesContained(
  amounts: readonly { readonly amountMinor: number; readonly taxBasisPoints: number }[],
  currency: string,
): readonly TaxShare[] {
  const grossByRate = new Map<number, number>();
  for (const { amountMinor, taxBasisPoints } of amounts) {
    const soFar = grossByRate.get(taxBasisPoints) ?? 0;
    grossByRate.set(taxBasisPoints, sumMinor([soFar, amountMinor], currency));
  }
  return [...grossByRate]
    .sort(([one], [other]) => one - other)
    .map(([basisPoints, grossMinor]) => ({
      basisPoints,
      grossMinor,
      taxMinor: containedTaxMinor(grossMinor, basisPoints),
    }));
}

/** Reads an amount such as `0.40` exactly. `null` when it is no plain decimal or has too many places. */
export function parseMinor(
  text: string,
  currency: string,
  decimalMark: '.' | ',' = '.',
): number | null {
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text);
  if (match === null) return null;
  const [, whole = '', places = ''] = match;
  const digits = minorDigits(currency);
  if (places !== '' && text[whole.length] !== decimalMark) return null;
  if (places.length > digits) return null;
  return Number(whole + places.padEnd(digits, '0'));
}

const formats = new Map<string, Intl.NumberFormat>();

function remembered(key: string, make: () => Intl.NumberFormat): Intl.NumberFormat {
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}

/**
 * An amount as people write it there, for example `formatMoney(1299, 'EUR', 'de-DE')` → "12,99 €".
 * Exact: Intl gets the decimal digits, never a floating-point number.
 */
export function formatMoney(amountMinor: number, currency: string, locale: string): string {
  const digits = minorDigits(currency);
  const format = remembered(`${locale} ${currency}`, () => {
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  });
  return format.format(toDecimal(money(amountMinor, currency)) as `${number}`);
}

/** A weight as people write it there: grams below a kilogram, else kilograms with three places. */
export function formatWeight(weightGrams: number, locale: string): string {
  if (!Number.isSafeInteger(weightGrams)) {
    throw new RangeError(`not a weight in whole grams: ${weightGrams}`);
  }
  if (Math.abs(weightGrams) < 1000) {
    return remembered(`${locale} gram`, () => {
      return new Intl.NumberFormat(locale, { style: 'unit', unit: 'gram' });
    }).format(weightGrams);
  }
  const sign = weightGrams < 0 ? '-' : '';
  const digits = String(Math.abs(weightGrams)).padStart(4, '0');
  const kilograms = `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
  return remembered(`${locale} kilogram`, () => {
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: 'kilogram',
      minimumFractionDigits: 3,
      maximumFractionDigits: 3,
    });
  }).format(kilograms as `${number}`);
}
