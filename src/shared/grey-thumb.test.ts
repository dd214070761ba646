import { expect, test } from 'vitest';
import { shrinkLuma, shrinkRgba } from './grey-thumb.ts';

test('a thumb is 160 wide and keeps the shape of the camera', () => {
  const shape = (width: number, height: number) => {
    const thumb = shrinkLuma(new Uint8Array(width * height), width, width, height);
    return [thumb.width, thumb.height, thumb.grey.length];
  };
  expect(shape(640, 480)).toEqual([160, 120, 19200]);
  expect(shape(1280, 720)).toEqual([160, 90, 14400]);
  expect(shape(97, 33)).toEqual([97, 33, 3201]);
  expect(shape(1000, 3)).toEqual([160, 1, 160]);
});

test('each pixel is the mean of its block, and the padding of a row is not looked at', () => {
  const stride = 330;
  const plane = new Uint8Array(stride * 2).fill(255);
  for (const [row, values] of [
    [0, [0, 10]],
    [1, [20, 30]],
  ] as const) {
    for (let x = 0; x < 320; x++) plane[row * stride + x] = values[x % 2] ?? 0;
  }
  const thumb = shrinkLuma(plane, stride, 320, 2);
  expect([thumb.width, thumb.height]).toEqual([160, 1]);
  expect(new Set(thumb.grey)).toEqual(new Set([15]));
});

test('colours weigh as the eye sees them', () => {
  const grey = (r: number, g: number, b: number) =>
    shrinkRgba(new Uint8ClampedArray([r, g, b, 255]), 1, 1).grey[0];
  expect(grey(255, 255, 255)).toBe(255);
  expect(grey(0, 0, 0)).toBe(0);
  expect(grey(255, 0, 0)).toBe(77);
  expect(grey(0, 255, 0)).toBe(149);
  expect(grey(0, 0, 255)).toBe(29);
});

test('an odd size gives every pixel of the source to some pixel of the thumb', () => {
  const width = 333;
  const height = 251;
  const flat = shrinkLuma(new Uint8Array(width * height).fill(120), width, width, height);
  expect(new Set(flat.grey)).toEqual(new Set([120]));
});
