import { expect, test } from 'vitest';

import type { TrayPicture } from './segmentation.ts';
import { changeClasses, toModelInput, toSegmentation } from './segmentation.ts';

function picture(width: number, height: number, first: number): TrayPicture {
  const grey = Uint8Array.from({ length: width * height }, (_, at) => (first + at) % 256);
  return { width, height, grey };
}

const withChroma = (one: TrayPicture, cb: number, cr: number): TrayPicture => {
  const size = one.width * one.height;
  return {
    ...one,
    chroma: { cb: new Uint8Array(size).fill(cb), cr: new Uint8Array(size).fill(cr) },
  };
};

test('a pair is six planes: grey, blue and red of now, then of what was accepted', () => {
  const { pixels } = toModelInput(
    withChroma(picture(16, 16, 1), 100, 160),
    withChroma(picture(16, 16, 7), 90, 170),
  );
  expect(Array.from({ length: 6 }, (_, plane) => pixels[plane * 256])).toEqual([
    1, 100, 160, 7, 90, 170,
  ]);
});

test('a camera without colours gives neither blue nor red', () => {
  const { pixels } = toModelInput(picture(16, 16, 1), picture(16, 16, 7));
  expect([pixels[256], pixels[512], pixels[1024], pixels[1280]]).toEqual([128, 128, 128, 128]);
});

test('the last row and column are repeated up to whole sixteens', () => {
  const one = picture(15, 18, 0);
  const { pixels, width, height } = toModelInput(one, one);
  expect([width, height]).toEqual([16, 32]);
  expect(pixels[14]).toBe(14);
  expect(pixels[15]).toBe(14);
  expect(pixels[31 * 16]).toBe(one.grey[17 * 15]);
  expect(pixels[31 * 16 + 15]).toBe(one.grey[17 * 15 + 14]);
});

test('pictures of two sizes are refused', () => {
  expect(() => toModelInput(picture(16, 16, 0), picture(16, 32, 0))).toThrow(/16×16.*16×32/);
});

test('a plane of another size is refused', () => {
  const short = { ...picture(16, 16, 0), grey: new Uint8Array(16) };
  expect(() => toModelInput(picture(16, 16, 0), short)).toThrow(/16×16 has a plane of 16 pixels/);
});

test('shares become bytes, one plane a class, without what was filled up', () => {
  const input = { pixels: new Uint8Array(0), width: 16, height: 16 };
  const shares = new Float32Array(changeClasses.length * 256);
  shares[0] = 1;
  shares[256 + 16] = 0.5;
  shares[4 * 256 + 16 * 2 + 1] = 0.2;
  // Beyond the picture's last column and row.
  shares[3] = 1;
  shares[16 * 3] = 1;
  const { same, added, edge } = toSegmentation(shares, input, { width: 3, height: 3 });
  expect([...same]).toEqual([255, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...added]).toEqual([0, 0, 0, 128, 0, 0, 0, 0, 0]);
  expect([...edge]).toEqual([0, 0, 0, 0, 0, 0, 0, 51, 0]);
});
