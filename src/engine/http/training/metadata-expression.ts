import { badRequest } from '../../domain/service-error.ts';
import type { MetadataFilter } from '../../store/metadata-filter.ts';

const tokenPattern = /\s*(?:([()])|'((?:[^']|'')*)'|([^\s()']+))/uy;
const mostCharacters = 4_000;
const mostComparisons = 32;

interface Token {
  readonly kind: 'bracket' | 'value' | 'word';
  readonly text: string;
}

/**
 * Reads `key1 eq 'value1' and (key2 ne 'value2' or …)`, as the `$filter` of an image list has it:
 * `and` binds closer than `or`, a quote in a value is doubled.
 * @throws ServiceError that shows where it is not understood.
 */
export function parseMetadataExpression(text: string): MetadataFilter {
  if (text.length > mostCharacters) throw misunderstood(`it is over ${mostCharacters} characters`);
  // The service's own example puts this in front.
  const tokens = tokensOf(text.replace(/^\s*metadata\s*=/i, ''));
  let at = 0;
  let comparisons = 0;

  const word = (): string | undefined => {
    const token = tokens[at];
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined;
  };

  const joined = (kind: 'and' | 'or', part: () => MetadataFilter): MetadataFilter => {
    const all = [part()];
    while (word() === kind) {
      at += 1;
      all.push(part());
    }
    const [only] = all;
    return all.length === 1 && only ? only : { kind, all };
  };

  const either = (): MetadataFilter => joined('or', () => joined('and', single));

  const single = (): MetadataFilter => {
    const first = tokens[at];
    at += 1;
    if (first?.kind === 'bracket' && first.text === '(') {
      const inner = either();
      if (tokens[at]?.kind !== 'bracket' || tokens[at]?.text !== ')') {
        throw misunderstood('a bracket is not closed');
      }
      at += 1;
      return inner;
    }
    if (!first || first.kind === 'bracket') throw misunderstood('a key is missing');
    const kind = word();
    if (kind !== 'eq' && kind !== 'ne') throw misunderstood(`after "${first.text}" comes eq or ne`);
    at += 1;
    const value = tokens[at];
    if (value?.kind !== 'value') throw misunderstood("a value stands in quotes, as in key eq 'v'");
    at += 1;
    comparisons += 1;
    if (comparisons > mostComparisons) {
      throw misunderstood(`at most ${mostComparisons} comparisons are allowed`);
    }
    return { kind, key: first.text, value: value.text };
  };

  const filter = either();
  if (at < tokens.length) throw misunderstood(`"${tokens[at]?.text}" is too much`);
  return filter;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = text.trimEnd().length;
  let depth = 0;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text);
    if (!match) throw misunderstood('a quote is not closed');
    const [, bracket, value, word] = match;
    if (bracket !== undefined) {
      depth += bracket === '(' ? 1 : 0;
      if (depth > mostComparisons) throw misunderstood('it has too many brackets');
      tokens.push({ kind: 'bracket', text: bracket });
    } else if (value !== undefined) {
      tokens.push({ kind: 'value', text: value.replaceAll("''", "'") });
    } else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

function misunderstood(why: string) {
  return badRequest('BadRequest', `The $filter is not understood: ${why}.`);
}
