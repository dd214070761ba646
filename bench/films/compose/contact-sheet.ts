import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { FilmPicture } from '../film.ts';

export interface SheetPicture {
  readonly picture: FilmPicture;
  readonly atS: number;
}

/** A PNG of pictures with their times, in rows. */
export function contactSheet(pictures: readonly SheetPicture[], columns: number): Buffer {
  const { width = 1, height = 1 } = pictures[0]?.picture ?? {};
  const sheet = createCanvas(columns * width, Math.ceil(pictures.length / columns) * height);
  const context = sheet.getContext('2d');
  context.font = `${Math.round(height / 14)}px sans-serif`;
  context.fillStyle = 'yellow';
  for (const [index, { picture, atS }] of pictures.entries()) {
    const left = (index % columns) * width;
    const top = Math.floor(index / columns) * height;
    context.putImageData(new ImageData(rgbaOf(picture), width, height), left, top);
    context.fillText(atS.toFixed(2), left + 3, top + height / 13);
  }
  return sheet.encodeSync('png');
}

function rgbaOf({ width, height, luma, chroma }: FilmPicture): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const half = (width + 1) >> 1;
  for (let y = 0, p = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, p += 1) {
      const q = (y >> 1) * half + (x >> 1);
      const level = luma[p]!;
      const blue = chroma === null ? 0 : chroma.cb[q]! - 128;
      const red = chroma === null ? 0 : chroma.cr[q]! - 128;
      rgba[4 * p] = level + 1.402 * red;
      rgba[4 * p + 1] = level - 0.344136 * blue - 0.714136 * red;
      rgba[4 * p + 2] = level + 1.772 * blue;
      rgba[4 * p + 3] = 255;
    }
  }
  return rgba;
}
