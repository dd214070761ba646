import type { Price } from '../../shared/catalogue.ts';
import { nameIn } from '../../shared/language.ts';
import type { Language, LocalNames } from '../../shared/language.ts';
import { formatMoney, formatWeight, timesMinor } from '../../shared/money.ts';
import type { LineView, StoreView } from '../../shared/snapshot.ts';
import { wordsIn } from '../words/words.ts';
import type { Words } from '../words/words.ts';

/** The words, amounts and dates of one language in one store. */
export interface Wording {
  readonly language: Language;
  /** BCP 47, for example 'de-AT'. */
  readonly locale: string;
  readonly t: Words;
  name(names: LocalNames): string;
  money(amountMinor: number): string;
  /** What one piece or one kilogram costs. */
  price(price: Price): string;
  /** How a line's amount comes about, for example "412 g × 2.90 €/kg" or "0.40 € each". */
  lineDetail(line: LineView): string;
  /** The deposit in a line's amount, null where there is none. */
  lineDeposit(line: LineView): string | null;
  percent(basisPoints: number): string;
  dateTime(atMs: number): string;
}

/** Keeps a number and its short unit on one line: never "1 / l". */
export function keepUnits(text: string): string {
  return text.replace(/(\d)[ \u00a0](?=[\p{L}€$£%×]{1,3}(?![\p{L}\p{N}]))/gu, '$1\u00a0');
}

const keepTogether = (text: string): string => text.replaceAll(' ', '\u00a0');

export function wordingFor(
  language: Language,
  store: Pick<StoreView, 'currency' | 'region'>,
): Wording {
  const locale = `${language}-${store.region}`;
  const t = wordsIn(language);
  const money = (amountMinor: number) =>
    keepTogether(formatMoney(amountMinor, store.currency, locale));
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });

  function price(value: Price): string {
    return value.kind === 'piece'
      ? money(value.priceMinor)
      : t('line.perKg', { price: money(value.pricePerKgMinor) });
  }

  return {
    language,
    locale,
    t,
    money,
    price,
    name: (names) => keepUnits(nameIn(names, language)),
    lineDetail(line) {
      if (line.price.kind === 'piece') return t('line.piece', { price: price(line.price) });
      if (line.weightGrams === null) return price(line.price);
      return t('line.weighed', {
        weight: keepTogether(formatWeight(line.weightGrams, locale)),
        price: money(line.price.pricePerKgMinor),
      });
    },
    lineDeposit({ depositMinor, quantity }) {
      if (depositMinor === 0) return null;
      const amount = money(timesMinor(depositMinor, quantity, store.currency));
      return t('line.deposit', { amount });
    },
    percent: (basisPoints) => keepTogether(percent.format(basisPoints / 10_000)),
    dateTime: (atMs) => dateTime.format(atMs),
  };
}
