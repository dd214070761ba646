import { expect, test } from 'vitest';

import { parseMetadataExpression } from './metadata-expression.ts';

const eq = (key: string, value: string) => ({ kind: 'eq', key, value });
const ne = (key: string, value: string) => ({ kind: 'ne', key, value });

test.each<[string, unknown]>([
  ["key eq 'value'", eq('key', 'value')],
  [" KEY  NE\t'' ", ne('KEY', '')],
  ["metadata=key1 eq 'value1'", eq('key1', 'value1')],
  ["'the key' eq 'it''s (not) over'", eq('the key', "it's (not) over")],
  [
    "a eq '1' or b eq '2' and c ne '3'",
    { kind: 'or', all: [eq('a', '1'), { kind: 'and', all: [eq('b', '2'), ne('c', '3')] }] },
  ],
  [
    "(a eq '1' or b eq '2') and c ne '3'",
    { kind: 'and', all: [{ kind: 'or', all: [eq('a', '1'), eq('b', '2')] }, ne('c', '3')] },
  ],
])('%s', (text, filter) => {
  expect(parseMetadataExpression(text)).toEqual(filter);
});

test.each<[string, RegExp]>([
  ['', /a key is missing/],
  ['key', /after "key" comes eq or ne/],
  ["key like 'x'", /after "key" comes eq or ne/],
  ['key eq value', /in quotes/],
  ["key eq 'value", /quote is not closed/],
  ["(key eq 'value'", /bracket is not closed/],
  ["key eq 'value')", /"\)" is too much/],
  ["a eq '1' b eq '2'", /"b" is too much/],
  ["a eq '1' and", /a key is missing/],
  ["a eq '1' and ".repeat(40) + "a eq '1'", /at most 32 comparisons/],
  ['('.repeat(3_000), /too many brackets/],
  ['x'.repeat(5_000), /over 4000 characters/],
])('%s is refused in words', (text, message) => {
  expect(() => parseMetadataExpression(text)).toThrow(message);
});
