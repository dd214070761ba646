import { createCanvas, Image, ImageData } from '@napi-rs/canvas';
import type { FilmPicture } from '../film.ts';

/** Compresses and decompresses a picture. */
export function jpegOf(
  width: number,
  height: number,
  quality: number,
): (picture: FilmPicture) => FilmPicture {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const half = width >> 1;
  return (picture) => {
    const { luma, chroma } = picture;
    if (chroma === null) return picture;
    for (let y = 0, p = 0, at = 0; y < height; y += 1) {
      const row = (y >> 1) * half;
      for (let x = 0; x < width; x += 1, p += 1, at += 4) {
        const level = luma[p]!;
        const blue = chroma.cb[row + (x >> 1)]! - 128;
        const red = chroma.cr[row + (x >> 1)]! - 128;
        rgba[at] = level + 1.402 * red;
        rgba[at + 1] = level - 0.344136 * blue - 0.714136 * red;
        rgba[at + 2] = level + 1.772 * blue;
      }
    }
    context.putImageData(new ImageData(rgba, width, height), 0, 0);
    const image = new Image();
    // From bytes it is decoded at once.
    image.src = canvas.encodeSync('jpeg', quality);
    context.drawImage(image, 0, 0);
    return yuvOf(context.getImageData(0, 0, width, height).data, width, height);
  };
}

function yuvOf(rgba: Uint8ClampedArray, width: number, height: number): FilmPicture {
  const half = width >> 1;
  const luma = new Uint8ClampedArray(width * height);
  const cb = new Uint8ClampedArray(half * (height >> 1));
  const cr = new Uint8ClampedArray(half * (height >> 1));
  for (let y = 0, p = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, p += 1, at += 4) {
      const level = 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!;
      luma[p] = level;
      if ((x & 1) === 0 && (y & 1) === 0) {
        const q = (y >> 1) * half + (x >> 1);
        cb[q] = 128 + 0.564 * (rgba[at + 2]! - level);
        cr[q] = 128 + 0.713 * (rgba[at]! - level);
      }
    }
  }
  const bytes = (plane: Uint8ClampedArray): Uint8Array => new Uint8Array(plane.buffer);
  return { width, height, luma: bytes(luma), chroma: { cb: bytes(cb), cr: bytes(cr) } };
}
