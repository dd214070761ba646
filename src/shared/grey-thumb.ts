import type { Thumb } from './frame.ts';

/** How wide a thumb is, in pixels; its height follows the camera's shape. */
export const thumbWidth = 160;

type GreyPicture = Omit<Thumb, 'atMs'>;

/**
 * A thumb from a plane of brightness, a byte a pixel. Each of its pixels is the mean of the block
 * that it stands for: dropping pixels instead would keep the camera's noise.
 */
export function shrinkLuma(
  plane: Uint8Array,
  stride: number,
  width: number,
  height: number,
): GreyPicture {
  const size = thumbSize(width, height);
  const edges = columnEdges(width, size.width);
  const grey = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const top = Math.floor((y * height) / size.height);
    const bottom = Math.floor(((y + 1) * height) / size.height);
    for (let x = 0; x < size.width; x++) {
      const left = edges[x] ?? 0;
      const right = edges[x + 1] ?? width;
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        const end = row * stride + right;
        for (let at = row * stride + left; at < end; at++) sum += plane[at] ?? 0;
      }
      grey[y * size.width + x] = sum / ((right - left) * (bottom - top)) + 0.5;
    }
  }
  return { ...size, grey };
}

/** The same from RGBA, four bytes a pixel, weighed as in ITU-R BT.601. */
export function shrinkRgba(rgba: Uint8ClampedArray, width: number, height: number): GreyPicture {
  const size = thumbSize(width, height);
  const edges = columnEdges(width, size.width);
  const grey = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const top = Math.floor((y * height) / size.height);
    const bottom = Math.floor(((y + 1) * height) / size.height);
    for (let x = 0; x < size.width; x++) {
      const left = edges[x] ?? 0;
      const right = edges[x + 1] ?? width;
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        const end = (row * width + right) * 4;
        for (let at = (row * width + left) * 4; at < end; at += 4) {
          sum += 77 * (rgba[at] ?? 0) + 150 * (rgba[at + 1] ?? 0) + 29 * (rgba[at + 2] ?? 0);
        }
      }
      grey[y * size.width + x] = sum / (256 * (right - left) * (bottom - top)) + 0.5;
    }
  }
  return { ...size, grey };
}

function thumbSize(width: number, height: number): { width: number; height: number } {
  const wide = Math.min(thumbWidth, width);
  const high = Math.round((wide * height) / width);
  return { width: wide, height: Math.min(height, Math.max(1, high)) };
}

function columnEdges(width: number, columns: number): readonly number[] {
  return Array.from({ length: columns + 1 }, (_, x) => Math.floor((x * width) / columns));
}
