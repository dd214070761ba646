import { expect, test } from 'vitest';
import { BatchOptionsError, batches, parseBatchOptions } from './batch-options.ts';

const parse = (...args: readonly string[]) => parseBatchOptions(args, '/shop');

test.each(batches)('%s goes into the folder that is named', (batch) => {
  expect(parse(batch, 'pictures', '--seed=7', '--data', 'data')).toEqual({
    batch,
    folder: '/shop/pictures',
    seed: 7,
    data: '/shop/data',
  });
});

test('seed and data have a default', () => {
  expect(parse('film', '/film')).toEqual({ batch: 'film', folder: '/film', seed: 1, data: null });
});

test.each([
  [[], 'training, placements'],
  [['cartoon', 'folder'], 'cartoon is not one of'],
  [['film'], 'Name one folder'],
  [['film', 'a', 'b'], 'Name one folder'],
  [['film', 'a', '--seed=-1'], '--seed'],
  [['film', 'a', '--colour=green'], '--colour'],
])('what is wrong in %j is named', (args, message) => {
  expect(() => parse(...args)).toThrow(BatchOptionsError);
  expect(() => parse(...args)).toThrow(message);
});
