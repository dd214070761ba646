import { createInstance } from 'i18next';
import type { TFunction } from 'i18next';
import type { Language } from '../../shared/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';

export type Words = TFunction<'translation'>;

const instance = createInstance();
void instance.init({
  // Everything is in the bundle: ready at once, and nothing to flicker.
  initAsync: false,
  fallbackLng: 'en',
  resources: { en: { translation: en }, de: { translation: de } },
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
