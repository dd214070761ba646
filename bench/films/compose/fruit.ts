import { join } from 'node:path';
import { largestPart, rounded, softEdge } from './matte.ts';
import { croppedCutout, loadPhoto } from './picture.ts';
import type { Cutout } from './picture.ts';

export interface FruitPhoto {
  /** Its name in the folder of the fruit lab. */
  readonly file: string;
  /** What a person calls it. */
  readonly name: string;
}

/** Photographs for even and for odd seeds; what is mirrored or nearly the same is on one side. */
export const fruitPhotos: {
  readonly even: readonly FruitPhoto[];
  readonly odd: readonly FruitPhoto[];
} = {
  even: [
    ...photos('red apple', 'train/apple', '164759', '164760'),
    ...photos('apple', 'train/apple', '164819', '164823', '164851'),
    ...photos('green apple', 'train/apple', '164918', '164919'),
    ...photos('banana', 'train/banana', '164947', '164952', '165001', '165002', '165016'),
    ...photos('banana', 'train/banana', '165020', '165021', '165046', '165047'),
    ...photos('orange', 'train/orange', '165108', '165115', '165132', '165152', '165202'),
    ...photos('orange', 'train/orange', '165219', '165220', '165234'),
  ],
  odd: [
    ...photos('red apple', 'train/apple', '164804', '164811'),
    { name: 'red apple', file: 'more/apple/apple7.jpg' },
    ...photos('apple', 'train/apple', '164830'),
    ...photos('green apple', 'train/apple', '164932'),
    { name: 'green apple', file: 'more/apple/apple5.jpg' },
    ...photos('banana', 'train/banana', '164957', '164958', '165008', '165026', '165027', '165033'),
    { name: 'banana', file: 'more/banana/banana4.jpg' },
    { name: 'banana', file: 'more/banana/banana6.jpg' },
    ...photos('orange', 'train/orange', '165112', '165126', '165147', '165157', '165223'),
    ...photos('orange', 'train/orange', '165232', '165236'),
    { name: 'orange', file: 'more/orange/orange8.jpg' },
    { name: 'orange', file: 'more/orange/orange9.jpg' },
  ],
};

function photos(name: string, folder: string, ...times: readonly string[]): FruitPhoto[] {
  return times.map((time) => ({ name, file: `${folder}/IMG_20200229_${time}.jpg` }));
}

const photoWidth = 512;

/** The fruit of a photograph without its table and shadow. */
export async function cutFruit(folder: string, { file }: FruitPhoto): Promise<Cutout> {
  const photo = await loadPhoto(join(folder, file), photoWidth);
  const { width, height, luma, cb, cr } = photo;
  const table = tableOf(photo);
  const mask = new Uint8Array(width * height);
  for (let p = 0; p < mask.length; p += 1) {
    const blue = (cb[p] ?? 0) - table.cb;
    const red = (cr[p] ?? 0) - table.cr;
    const colour = Math.hypot(blue, red);
    const light = (luma[p] ?? 0) / table.luma;
    // A shadow keeps over half of the table's brightness, and no shadow is green.
    if (colour > (red < -2 ? 9 : light < 0.62 ? 17 : 22) || light < 0.42) mask[p] = 1;
  }
  const part = largestPart(rounded(mask, width, height, 3), width, height, true);
  photo.alpha.set(softEdge(part, width, height, 1.2, 1.2));
  return trimmed(photo);
}

/** The table's mean colour, from the picture's left and right edge, where no fruit lies. */
export function tableOf({ width, height, luma, cb, cr }: Cutout): {
  luma: number;
  cb: number;
  cr: number;
} {
  const sums = { luma: 0, cb: 0, cr: 0 };
  let count = 0;
  for (let y = Math.floor(height * 0.3); y < height; y += 1) {
    for (const x of [2, 8, width - 9, width - 3]) {
      const p = y * width + x;
      sums.luma += luma[p] ?? 0;
      sums.cb += cb[p] ?? 0;
      sums.cr += cr[p] ?? 0;
      count += 1;
    }
  }
  return { luma: sums.luma / count, cb: sums.cb / count, cr: sums.cr / count };
}

/** Without the empty border, but for two pixels. */
export function trimmed(cutout: Cutout): Cutout {
  const { width, height, alpha } = cutout;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let p = 0; p < alpha.length; p += 1) {
    if ((alpha[p] ?? 0) < 0.02) continue;
    const x = p % width;
    const y = (p - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  left = Math.max(0, left - 2);
  top = Math.max(0, top - 2);
  right = Math.min(width, right + 2);
  bottom = Math.min(height, bottom + 2);
  return croppedCutout(cutout, left, top, right - left, bottom - top);
}
