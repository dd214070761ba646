import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../../shared/contracts/refusal.ts';
import { fallbackLanguage, languageCodes } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import { inLanguages, wordsIn } from './words.ts';

type Tree = { readonly [key: string]: string | Tree };

function flatten(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as const]
      : flatten(value, `${path}${key}.`),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();

describe('the words', () => {
  const textsIn = (language: Language) => new Map(flatten(inLanguages[language].translation));
  const english = textsIn('en');
  const german = textsIn('de');
  const first = textsIn(fallbackLanguage);

  it.each(languageCodes)('are all there in %s', (language) => {
    expect([...textsIn(language).keys()].sort()).toEqual([...first.keys()].sort());
  });

  it.each(languageCodes)('are never empty in %s', (language) => {
    const empty = [...textsIn(language)].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it.each(languageCodes)('speak of the same things in %s', (language) => {
    const texts = textsIn(language);
    const differing = [...first].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(texts.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it('count as each language does', () => {
    expect(wordsIn('en')('cart.items', { count: 1 })).toBe('1 item');
    expect(wordsIn('en')('cart.items', { count: 7 })).toBe('7 items');
    expect(wordsIn('de')('receipt.closes', { count: 1 })).toBe('Schließt in 1 Sekunde');
  });

  it('never blame the shopper', () => {
    const blaming = [...english.values()].filter((text) => /\berror\b|unexpected/i.test(text));
    const german_ = [...german.values()].filter((text) => /\bfehler\b|unerwartet/i.test(text));
    expect([...blaming, ...german_]).toEqual([]);
  });
});

const spoken = new Set(['aria-label', 'label', 'alt', 'title', 'text', 'placeholder', 'moreLabel']);
const hasLetters = (text: unknown): text is string =>
  typeof text === 'string' && /\p{L}/u.test(text);

/** Every text that a source file would show or say without asking for a word. */
function literalTexts(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { type, value, name } = node as {
      type?: unknown;
      value?: unknown;
      name?: { name?: unknown };
    };
    if (type === 'JSXText' && hasLetters(value)) found.push(value.trim());
    if (type === 'JSXAttribute' && spoken.has(String(name?.name))) {
      const text = (value as { value?: unknown } | null)?.value;
      if (hasLetters(text)) found.push(text);
    }
    Object.values(node).forEach(visit);
  };
  visit(parseAst(source, { lang: 'tsx' }));
  return found;
}

describe('the screens', () => {
  it('hold no words of their own', () => {
    const sources: Readonly<Record<string, string>> = import.meta.glob(
      ['../shopper/*.tsx', '../parts/*.tsx'],
      { eager: true, query: '?raw', import: 'default' },
    );
    expect(Object.keys(sources).length).toBeGreaterThan(10);
    const literals = Object.values(sources).flatMap(literalTexts);
    expect(literals).toEqual([]);
  });

  it('would be caught if they did', () => {
    const bad = 'export const A = () => <p aria-label="Hello">Some <b>{1}</b> words</p>;';
    expect(literalTexts(bad)).toEqual(['Hello', 'Some', 'words']);
  });
});

describe('a refusal', () => {
  it.each(refusalCodes)('by "%s" has words in every language', (code) => {
    for (const language of languageCodes) {
      const words = wordsIn(language);
      const text = words(`refused.${code}`);
      // What has no words is told by its key, or in the language that stands in for all.
      expect(text).toMatch(/^\p{Lu}.* .*[.]$/u);
      if (language !== 'en') expect(text).not.toBe(wordsIn('en')(`refused.${code}`));
    }
  });
});
