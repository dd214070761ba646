import { expect, test } from 'vitest';

import { drawFeatures, drawnFeatureCount } from '../testing/drawn-features.ts';
import { fitHead } from './fit-head.ts';
import { HeadError, readHead, writeHead } from './head-file.ts';

const file = writeHead(
  fitHead({
    backboneId: 'drawn',
    featureCount: drawnFeatureCount,
    tags: [
      { id: 'a', name: 'apple', type: 'Regular' },
      { id: 'b', name: 'bread', type: 'Regular' },
    ],
    photos: Array.from({ length: 12 }, (_, index) => ({
      label: index % 2,
      views: drawFeatures(index % 2, index),
    })),
  }).head,
);

test('a head of another backbone is refused by both names', () => {
  expect(() => readHead(file, 'other-model')).toThrow(HeadError);
  expect(() => readHead(file, 'other-model')).toThrow(/"drawn".*"other-model".*Train/);
});

test.each([
  ['a newer format', 6, /format 6.*Update the engine/],
  ['an older format', 4, /format 4.*too old.*Train/],
])('%s is refused by its number', (_, format, told) => {
  const other = Buffer.from(file);
  other.writeUInt32LE(format, 4);
  expect(() => readHead(other, 'drawn')).toThrow(told);
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['of something else', Buffer.from('not a head at all, but long enough')],
  ['cut short', file.subarray(0, file.length - 1)],
  ['with bytes too many', Buffer.concat([file, Buffer.alloc(2)])],
  [
    'with a broken header',
    Buffer.concat([file.subarray(0, 12), Buffer.from('x'), file.subarray(13)]),
  ],
])('a file %s is called damaged', (_, bytes) => {
  expect(() => readHead(bytes, 'drawn')).toThrow(/damaged/);
});

test('reads from any address in memory', () => {
  const shifted = Buffer.concat([Buffer.from('x'), file]).subarray(1);
  expect(readHead(shifted, 'drawn').tags.map(({ name }) => name)).toEqual(['apple', 'bread']);
});
