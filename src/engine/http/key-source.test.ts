import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { checkKeys, KeyError, readKey } from './key-source.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const good = 'a-key-of-16-char';
const other = 'b-key-of-16-char';

function keyFile(text: string): { readonly kind: 'file'; readonly path: string } {
  const path = join(temporaryFolder(), 'key');
  writeFileSync(path, text);
  return { kind: 'file', path };
}

test.each([good, `${good}\n`, `  ${good}\r\n`])('a key is read from a file of %j', (text) => {
  expect(readKey(keyFile(text))).toBe(good);
});

test.each(['', '\n', `${good}\n${other}\n`])('a file of %j is refused by its name', (text) => {
  const source = keyFile(text);
  expect(() => readKey(source)).toThrow(KeyError);
  expect(() => readKey(source)).toThrow(`${source.path} must hold one line`);
  expect(() => readKey(source)).not.toThrow(good);
});

test('a file that is missing is refused by its name', () => {
  const path = join(temporaryFolder(), 'none');
  expect(() => readKey({ kind: 'file', path })).toThrow(`${path} cannot be read`);
});

test.each([
  [good.slice(1), other, /prediction key has 15 characters; it needs at least 16/],
  [good, '', /training key has 0 characters/],
  [good, 'a key with spaces in it', /training key may hold/],
  ['schlüssel-schlüssel', other, /prediction key may hold/],
  [good, good, /are the same/],
])('keys %j and %j are refused, without being told', (predictionKey, trainingKey, words) => {
  const check = () => checkKeys({ predictionKey, trainingKey });
  expect(check).toThrow(words);
  expect(check).toThrow(KeyError);
  expect(check).not.toThrow(/spaces in it|schlüssel|key-of-16/);
});

test('long enough keys are taken', () => {
  checkKeys({ predictionKey: good, trainingKey: other });
});
