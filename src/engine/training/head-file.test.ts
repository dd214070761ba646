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

test('a newer format is refused by its number', () => {
  const newer = Buffer.from(file);
  newer.writeUInt32LE(4, 4);
  expect(() => readHead(newer, 'drawn')).toThrow(/format 4/);
});

test('a head of format 2, which knew no kinds, is read', () => {
  const headerBytes = file.readUInt32LE(8);
  const { kind, calibrations, ...header } = JSON.parse(
    file.subarray(12, 12 + headerBytes).toString(),
  ) as Record<string, unknown>;
  expect([kind, calibrations]).toEqual(['multiclass', []]);
  const older = Buffer.from(file);
  older.writeUInt32LE(2, 4);
  older.write(JSON.stringify(header).padEnd(headerBytes), 12);
  expect(readHead(older, 'drawn')).toEqual(readHead(file, 'drawn'));
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['of something else', Buffer.from('not a head at all, but long enough')],
  ['cut short', file.subarray(0, file.length - 1)],
  ['with bytes too many', Buffer.concat([file, Buffer.alloc(2)])],
  ['with a broken header', Buffer.concat([file.subarray(0, 12), Buffer.from('x'), file.subarray(13)])],
])('a file %s is called damaged', (_, bytes) => {
  expect(() => readHead(bytes, 'drawn')).toThrow(/damaged/);
});

test('reads from any address in memory', () => {
  const shifted = Buffer.concat([Buffer.from('x'), file]).subarray(1);
  expect(readHead(shifted, 'drawn').tags.map(({ name }) => name)).toEqual(['apple', 'bread']);
});
