import { expect, test } from 'vitest';
import { filmSettings } from './settings.ts';

test('without settings all films are played, and composed ones of fresh seeds', () => {
  const { folder, only, seeds, tellsFaults, bySegmenter } = filmSettings({}, 1_700_000_123_456);
  expect(folder).toBe('../shared/films');
  expect(only.test('anything 30')).toBe(true);
  expect(tellsFaults).toBe(false);
  expect(bySegmenter).toBe(true);
  expect(seeds).toHaveLength(20);
  expect(filmSettings({}, 1_700_000_124_456).seeds[0]).not.toBe(seeds[0]);
  // Seeds are multiplied and have to stay whole numbers.
  for (const seed of seeds) expect(Number.isSafeInteger(seed * 1_000_000)).toBe(true);
});

test('all of it can be set', () => {
  const env = {
    FRESHLANE_BENCH_FILMS: 'elsewhere',
    FRESHLANE_BENCH_ONLY: '^swap 15',
    FRESHLANE_BENCH_SEEDS: '7,3',
    FRESHLANE_BENCH_FAULTS: '1',
    FRESHLANE_BENCH_SEGMENTER: '0',
  };
  const settings = filmSettings(env, 0);
  expect(settings).toMatchObject({
    folder: 'elsewhere',
    seeds: [7, 8, 9],
    tellsFaults: true,
    bySegmenter: false,
  });
  expect(settings.only.test('swap 15')).toBe(true);
  expect(settings.only.test('swap 30')).toBe(false);
});

test.each([
  ['FRESHLANE_BENCH_FILMS', ''],
  ['FRESHLANE_BENCH_ONLY', '('],
  ['FRESHLANE_BENCH_SEEDS', '7'],
  ['FRESHLANE_BENCH_SEEDS', '7,-1'],
  ['FRESHLANE_BENCH_FAULTS', 'yes'],
  ['FRESHLANE_BENCH_SEGMENTER', ''],
])('%s cannot be %j', (name, value) => {
  expect(() => filmSettings({ [name]: value }, 0)).toThrow(name);
});
