import type { Size } from '../resample.ts';

/** Pixels of a picture that belong together: 1 for those, with the box about them. */
export interface Mask {
  readonly own: Uint8Array;
  readonly left: number;
  readonly top: number;
  /** The first column and row outside. */
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
}

/** Null where there is none. */
export function maskOf(own: Uint8Array, { width, height }: Size): Mask | null {
  let [left, top, right, bottom, pixels] = [width, height, 0, 0, 0];
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      if (own[at] !== 1) continue;
      pixels += 1;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  return pixels === 0 ? null : { own, left, top, right, bottom, pixels };
}

/** 1 for the pixels of any of them. */
export function unionOf(masks: readonly Mask[], { width, height }: Size): Uint8Array {
  const all = new Uint8Array(width * height);
  for (const { own } of masks) {
    for (let at = 0; at < all.length; at += 1) if (own[at] === 1) all[at] = 1;
  }
  return all;
}

/** All pixels that are at most so many columns and rows away. */
export function dilated(own: Uint8Array, { width, height }: Size, reach: number): Uint8Array {
  const across = new Uint8Array(own.length);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    let until = -1;
    for (let x = 0; x < width + reach; x += 1) {
      if (x < width && own[row + x] === 1) until = x + 2 * reach;
      if (x >= reach && x <= until) across[row + x - reach] = 1;
    }
  }
  const all = new Uint8Array(own.length);
  for (let x = 0; x < width; x += 1) {
    let until = -1;
    for (let y = 0; y < height + reach; y += 1) {
      if (y < height && across[y * width + x] === 1) until = y + 2 * reach;
      if (y >= reach && y <= until) all[(y - reach) * width + x] = 1;
    }
  }
  return all;
}

/** In how many of a mask's pixels something is so. */
export function countIn(
  { own, left, top, right, bottom }: Mask,
  { width }: Size,
  isSo: (at: number) => boolean,
): number {
  let count = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * width + left; at < y * width + right; at += 1) {
      if (own[at] === 1 && isSo(at)) count += 1;
    }
  }
  return count;
}

/** A plane's mean in a mask. */
export function meanIn({ own, pixels }: Mask, plane: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < own.length; at += 1) if (own[at] === 1) sum += plane[at]!;
  return sum / pixels;
}
