import { describe, expect, test } from 'vitest';

import { resampled } from './resample.ts';
import type { Raster, Size } from './resample.ts';

/** A grey picture of these values, row by row. */
function grey({ width, height }: Size, values: readonly number[]): Raster {
  const rgba = Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]));
  return { rgba, width, height };
}

const everyFourth = ({ rgba }: Raster, channel: number): number[] =>
  [...rgba].filter((_, index) => index % 4 === channel);

describe('a picture in another size', () => {
  // What Pillow 13.0.0 gives for resize(size, Image.Resampling.BICUBIC).
  test.each<[string, Size, readonly number[], Size, readonly number[]]>([
    [
      'smaller by a third',
      { width: 6, height: 6 },
      [
        171, 206, 5, 206, 120, 131, 161, 73, 250, 13, 71, 98, 146, 104, 33, 11, 0, 12, 38, 255, 48,
        167, 192, 60, 72, 111, 67, 249, 45, 229, 204, 216, 29, 100, 160, 126,
      ],
      { width: 4, height: 4 },
      [167, 122, 122, 116, 130, 103, 23, 36, 106, 112, 158, 117, 170, 95, 130, 150],
    ],
    [
      'in one direction only',
      { width: 7, height: 2 },
      [170, 173, 169, 15, 245, 142, 231, 69, 92, 225, 47, 16, 95, 173],
      { width: 3, height: 2 },
      [169, 123, 197, 114, 87, 104],
    ],
    [
      'larger',
      { width: 3, height: 2 },
      [31, 222, 87, 58, 139, 229],
      { width: 5, height: 4 },
      [14, 106, 229, 138, 63, 24, 99, 205, 155, 110, 45, 87, 156, 189, 203, 55, 80, 132, 206, 250],
    ],
    [
      'beside an edge',
      { width: 8, height: 1 },
      [0, 0, 0, 0, 255, 255, 255, 255],
      { width: 5, height: 1 },
      [0, 0, 128, 255, 255],
    ],
  ])('is as Pillow makes it: %s', (_, size, values, newSize, expected) => {
    const seen = everyFourth(resampled(grey(size, values), newSize), 0);
    const furthest = Math.max(...seen.map((value, index) => Math.abs(value - expected[index]!)));
    expect(seen).toHaveLength(expected.length);
    expect(furthest).toBeLessThanOrEqual(1);
  });

  test('keeps its colours apart, and is opaque', () => {
    const size = { width: 6, height: 5 };
    const colour = [200, 100, 7, 0];
    const rgba = Uint8ClampedArray.from({ length: 6 * 5 * 4 }, (_, index) => colour[index % 4]!);
    const smaller = resampled({ rgba, ...size }, { width: 4, height: 2 });
    expect(smaller).toMatchObject({ width: 4, height: 2 });
    expect([0, 1, 2, 3].map((channel) => [...new Set(everyFourth(smaller, channel))])).toEqual([
      [200],
      [100],
      [7],
      [255],
    ]);
  });

  test('does not let what is beyond white in one colour into another', () => {
    const size = { width: 12, height: 12 };
    const smaller = { width: 8, height: 7 };
    const isLit = (pixel: number): boolean => (pixel * 7919) % 5 < 2;
    const bright = Array.from({ length: 144 }, (_, pixel) => (isLit(pixel) ? 255 : 0));
    const alone = everyFourth(resampled(grey(size, bright), smaller), 0);
    const rgba = Uint8ClampedArray.from(bright.flatMap((value) => [value, 0, 255 - value, 255]));
    const colours = resampled({ rgba, ...size }, smaller);
    expect(everyFourth(colours, 0)).toEqual(alone);
    expect(everyFourth(colours, 1)).toEqual(alone.map(() => 0));
    const furthest = everyFourth(colours, 2).map((blue, at) => Math.abs(blue - (255 - alone[at]!)));
    expect(Math.max(...furthest)).toBeLessThanOrEqual(1);
  });

  test('shows stripes finer than its pixels as their mean', () => {
    const stripes = grey(
      { width: 90, height: 1 },
      Array.from({ length: 90 }, (_, x) => (x % 2) * 200),
    );
    const inside = everyFourth(resampled(stripes, { width: 20, height: 1 }), 0).slice(2, -2);
    for (const value of inside) expect(Math.abs(value - 100)).toBeLessThan(8);
  });
});
