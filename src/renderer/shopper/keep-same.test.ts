import { expect, it } from 'vitest';
import { keepSame } from './keep-same.ts';

const before = {
  revision: 1,
  lines: [
    { id: 'a', names: { en: 'Apple' }, quantity: 1 },
    { id: 'b', names: { en: 'Bread' }, quantity: 1 },
  ],
  latest: null,
};

it('keeps every part that is the same, and takes every one that is not', () => {
  const next = {
    revision: 2,
    lines: [
      { id: 'a', names: { en: 'Apple' }, quantity: 1 },
      { id: 'b', names: { en: 'Bread' }, quantity: 2 },
      { id: 'c', names: { en: 'Cheese' }, quantity: 1 },
    ],
    latest: { id: 'b' },
  };
  const kept = keepSame(before, next);
  expect(kept).toEqual(next);
  expect(kept.lines[0]).toBe(before.lines[0]);
  expect(kept.lines[1]).not.toBe(before.lines[1]);
  expect(kept.lines[1]?.names).toBe(before.lines[1]?.names);
});

it('is what was there where nothing changed', () => {
  expect(keepSame(before, structuredClone(before))).toBe(before);
});

it.each([
  ['a shorter list', [1, 2], [1]],
  ['a longer list', [1], [1, 2]],
  ['an empty list', [1], []],
  ['a part less', { a: 1, b: 2 }, { a: 1 }],
  ['a part more', { a: 1 }, { a: 1, b: undefined }],
  ['a part under another name', { a: undefined }, { b: undefined }],
  ['another kind of thing', [1], { 0: 1 }],
  ['nothing any more', { a: 1 }, null],
  ['something at last', null, { a: 1 }],
])('takes %s as it is', (_what, old, next) => {
  const kept = keepSame<unknown>(old, next);
  expect(kept).toStrictEqual(next);
  expect(kept).not.toBe(old);
});
