import type { Language } from '../../shared/language.ts';

const rows: Readonly<Record<Language, readonly string[]>> = {
  en: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  de: ['qwertzuiopü', 'asdfghjklöä', 'yxcvbnmß'],
};

/** The letters of the keyboard that people of this language know. */
export function letterRows(language: Language): readonly (readonly string[])[] {
  return rows[language].map((row) => [...row]);
}
