import { expect, test } from 'vitest';

import { decodeFloat16, encodeFloat16 } from './float16.ts';

// Bit patterns from IEEE 754-2008, binary16.
test.each([
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65_504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [0.333251953125, 0x3555],
  [Infinity, 0x7c00],
])('%d is 0x%s', (value, half) => {
  expect(encodeFloat16([value])[0]).toBe(half);
  expect(decodeFloat16(Uint16Array.of(half))[0]).toBe(value);
});

test('rounds to the nearest, also up into the next power of two', () => {
  expect(decodeFloat16(encodeFloat16([1.9999]))[0]).toBe(2);
  expect(decodeFloat16(encodeFloat16([0.1]))[0]).toBeCloseTo(0.1, 4);
});

test('is infinite beyond its range and nothing below it', () => {
  expect(decodeFloat16(encodeFloat16([1e6, -1e6]))).toEqual(Float32Array.of(Infinity, -Infinity));
  expect(decodeFloat16(encodeFloat16([1e-9]))[0]).toBe(0);
  expect(decodeFloat16(encodeFloat16([Number.NaN]))[0]).toBeNaN();
});
