import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { ImageData } from '@napi-rs/canvas';

export interface TablePictures {
  readonly empty: Buffer;
  /** In the order of the photos. */
  readonly withFruit: readonly Buffer[];
}

const size = { width: 1024, height: 768 };
/** The table is grey; fruit is not. */
const colourful = 45;
/** Pixels around the colourful ones that go with them: stalks, tips, the darkest of the shadow. */
const margin = 36;

/**
 * The photos as one camera would have taken them: all on the first one's table. Each was taken on
 * a table of its own light and place, and a camera that jumps between tables is no till's. Fruit
 * keeps its pixels, but for the light's colour.
 */
export async function onOneTable(photos: readonly string[]): Promise<TablePictures> {
  const taken = await Promise.all(photos.map(async (file) => separate(await pixelsOf(file))));
  const [first] = taken;
  if (first === undefined) throw new Error('No photos.');
  const { table } = first;
  const light = lightOf(first);
  return {
    empty: toJpeg(table),
    withFruit: taken.map((one) => {
      const own = lightOf(one);
      const picture = new Uint8ClampedArray(table);
      for (let at = 0; at < picture.length; at += 4) {
        if (one.near[at / 4] === 0) continue;
        for (let channel = 0; channel < 3; channel += 1) {
          const factor = (light[channel] ?? 1) / (own[channel] ?? 1);
          picture[at + channel] = (one.photo[at + channel] ?? 0) * factor;
        }
      }
      return toJpeg(picture);
    }),
  };
}

interface Separated {
  readonly photo: Uint8ClampedArray;
  /** The photo with the fruit taken away: each row goes on straight behind it. */
  readonly table: Uint8ClampedArray;
  /** 1 for the fruit and what is close to it. */
  readonly near: Uint8Array;
}

async function pixelsOf(file: string): Promise<Uint8ClampedArray> {
  const context = createCanvas(size.width, size.height).getContext('2d');
  context.drawImage(await loadImage(file), 0, 0, size.width, size.height);
  return context.getImageData(0, 0, size.width, size.height).data;
}

function separate(photo: Uint8ClampedArray): Separated {
  const near = grown(grown(findColour(photo), 1), size.width);
  const table = new Uint8ClampedArray(photo);
  for (let y = 0; y < size.height; y += 1) {
    const row = near.subarray(y * size.width, (y + 1) * size.width);
    const [from, to] = [row.indexOf(1), row.lastIndexOf(1) + 1];
    if (from === -1) continue;
    row.fill(1, from, to);
    bridge(table, y, from, to);
  }
  return { photo, table, near };
}

function findColour(photo: Uint8ClampedArray): Uint8Array {
  const mask = new Uint8Array(photo.length / 4);
  for (let index = 0; index < mask.length; index += 1) {
    const red = photo[index * 4] ?? 0;
    const green = photo[index * 4 + 1] ?? 0;
    const blue = photo[index * 4 + 2] ?? 0;
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > colourful) mask[index] = 1;
  }
  return mask;
}

/** The mean colour of the table beside the fruit. */
function lightOf({ photo, near }: Separated): readonly number[] {
  const sum = [0, 0, 0];
  let pixels = 0;
  for (let index = 0; index < near.length; index += 1) {
    if (near[index] === 1) continue;
    pixels += 1;
    for (let channel = 0; channel < 3; channel += 1) {
      sum[channel] = (sum[channel] ?? 0) + (photo[index * 4 + channel] ?? 0);
    }
  }
  return sum.map((value) => value / pixels);
}

/** Grows by the margin along one axis; `step` is from one pixel to the next on it. */
function grown(mask: Uint8Array, step: number): Uint8Array {
  const lineLength = step === 1 ? size.width : size.height;
  const lines = mask.length / lineLength;
  const out = new Uint8Array(mask.length);
  for (let line = 0; line < lines; line += 1) {
    const start = step === 1 ? line * size.width : line;
    for (let place = 0; place < lineLength; place += 1) {
      if (mask[start + place * step] === 0) continue;
      const last = Math.min(lineLength - 1, place + margin);
      for (let at = Math.max(0, place - margin); at <= last; at += 1) out[start + at * step] = 1;
    }
  }
  return out;
}

/** Draws the row straight from what is left of the gap to what is right of it. */
function bridge(picture: Uint8ClampedArray, y: number, from: number, to: number): void {
  const row = y * size.width;
  const colourBeside = (x: number): readonly number[] | null =>
    x < 0 || x >= size.width ? null : [...picture.slice((row + x) * 4, (row + x) * 4 + 3)];
  const left = colourBeside(from - 1) ?? colourBeside(to);
  const right = colourBeside(to) ?? left;
  if (left === null || right === null) throw new Error('A row without a table.');
  for (let x = from; x < to; x += 1) {
    const part = (x - from) / (to - from);
    for (let channel = 0; channel < 3; channel += 1) {
      picture[(row + x) * 4 + channel] =
        (left[channel] ?? 0) * (1 - part) + (right[channel] ?? 0) * part;
    }
  }
}

function toJpeg(pixels: ImageData['data']): Buffer {
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  const picture = context.createImageData(size.width, size.height);
  picture.data.set(pixels);
  context.putImageData(picture, 0, 0);
  return canvas.toBuffer('image/jpeg', 92);
}
