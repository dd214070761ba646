import type { ThumbPicture } from '../../shared/thumb.ts';
import type { Random } from './random.ts';

const GAUSS_SIZE = 8192;

/** A table of normally distributed numbers: drawing from it is far cheaper than making each. */
export function createGauss(random: Random): Float32Array {
  const table = new Float32Array(GAUSS_SIZE);
  for (let i = 0; i < GAUSS_SIZE; i += 1) table[i] = random.normal();
  return table;
}

/** What the camera's chip makes of a clean grey picture: noise of deviation `noise` grey levels. */
export function senseGrey(
  clean: Uint8Array,
  noise: number,
  gauss: Float32Array,
  random: Random,
): Uint8Array<ArrayBuffer> {
  const sensed = new Uint8Array(clean.length);
  let at = random.index(GAUSS_SIZE);
  for (let i = 0; i < clean.length; i += 1) {
    // A step that changes with each row keeps the table from showing as a pattern.
    if (i % 64 === 0) at = random.index(GAUSS_SIZE);
    const value = (clean[i] ?? 0) + (gauss[(at + i) % GAUSS_SIZE] ?? 0) * noise;
    sensed[i] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
  }
  return sensed;
}

/** The same for a thumb; each plane has noise of its own. */
export function senseThumb(
  { width, height, grey, chroma }: Required<ThumbPicture>,
  noise: number,
  gauss: Float32Array,
  random: { readonly grey: Random; readonly chroma: Random },
): Required<ThumbPicture> {
  return {
    width,
    height,
    grey: senseGrey(grey, noise, gauss, random.grey),
    chroma: {
      cb: senseGrey(chroma.cb, noise, gauss, random.chroma),
      cr: senseGrey(chroma.cr, noise, gauss, random.chroma),
    },
  };
}

/** The same for colours, in place: each channel has noise of its own. */
export function senseColour(
  rgba: Uint8ClampedArray,
  noise: number,
  gauss: Float32Array,
  random: Random,
): void {
  if (noise <= 0) return;
  let at = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (i % 256 === 0) at = random.index(GAUSS_SIZE);
    for (let channel = 0; channel < 3; channel += 1) {
      at = (at + 1) % GAUSS_SIZE;
      rgba[i + channel] = (rgba[i + channel] ?? 0) + (gauss[at] ?? 0) * noise;
    }
  }
}

/** ITU-R BT.601 weights, in 256ths. */
export function greyOf(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0, from = 0; i < grey.length; i += 1, from += 4) {
    const red = rgba[from] ?? 0;
    const green = rgba[from + 1] ?? 0;
    const blue = rgba[from + 2] ?? 0;
    grey[i] = (red * 77 + green * 150 + blue * 29) >> 8;
  }
  return grey;
}
