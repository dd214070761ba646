import type { Language } from '../../shared/language.ts';
import { inLanguages } from '../words/words.ts';

/** The letters of the keyboard that people of this language know. */
export function letterRows(language: Language): readonly (readonly string[])[] {
  return inLanguages[language].letters.map((row) => [...row]);
}
