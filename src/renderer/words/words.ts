import { createInstance } from 'i18next';
import type { TFunction } from 'i18next';
import { fallbackLanguage } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import { de, deLetters } from './de.ts';
import { en, enLetters } from './en.ts';

interface InLanguage {
  readonly translation: typeof en;
  readonly letters: readonly string[];
}

/** All that the window has of each language. */
export const inLanguages: Readonly<Record<Language, InLanguage>> = {
  en: { translation: en, letters: enLetters },
  de: { translation: de, letters: deLetters },
};

export type Words = TFunction<'translation'>;

const translations = Object.fromEntries(
  Object.entries(inLanguages).map(([code, { translation }]) => [code, { translation }]),
);
const instance = createInstance();
void instance.init({
  // Everything is in the bundle: ready at once, and nothing to flicker.
  initAsync: false,
  fallbackLng: fallbackLanguage,
  resources: translations,
  // React escapes what it renders.
  interpolation: { escapeValue: false },
});

const made = new Map<Language, Words>();

export function wordsIn(language: Language): Words {
  const known = made.get(language);
  if (known !== undefined) return known;
  const words = instance.getFixedT(language);
  made.set(language, words);
  return words;
}
