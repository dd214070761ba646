import type { Region } from './frame.ts';

/** Which pixels of a thumb are a thing's own: 1 for those, row by row, over the camera's whole view. */
export interface ItemMask {
  readonly width: number;
  readonly height: number;
  readonly own: Uint8Array;
}

/** A part of the view, and in it what is of the thing that it is about; all of it without a mask. */
export interface ItemRegion extends Region {
  readonly mask?: ItemMask;
}

/** The region alone. */
export function placeOf({ left, top, width, height }: Region): Region {
  return { left, top, width, height };
}

/** The same pixels and all that touch them: an item's rim changes too little to be seen. */
export function grown({ width, height, own }: ItemMask): ItemMask {
  const all = new Uint8Array(own.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const p = y * width + x;
      if (own[p] !== 1) continue;
      const left = x > 0 ? p - 1 : p;
      const right = x + 1 < width ? p + 1 : p;
      const up = y > 0 ? width : 0;
      const down = y + 1 < height ? width : 0;
      for (let q = left; q <= right; q += 1) {
        all[q - up] = 1;
        all[q] = 1;
        all[q + down] = 1;
      }
    }
  }
  return { width, height, own: all };
}

/** The part of both masks' pixels that is in both: 1 for the same ones, also where neither is. */
export function sameItem(one: ItemMask | undefined, other: ItemMask | undefined): number {
  if (one === undefined || other === undefined) return one === other ? 1 : 0;
  if (one.width !== other.width || one.height !== other.height) return 0;
  let both = 0;
  let either = 0;
  for (let p = 0; p < one.own.length; p += 1) {
    both += one.own[p]! & other.own[p]!;
    either += one.own[p]! | other.own[p]!;
  }
  return either === 0 ? 1 : both / either;
}

/**
 * Paints over all that is not the item, in the colour of what surrounds it, so that what lies beside
 * it is not recognised with it. `rgba` is the view's part `crop`, `width` pixels to a row; changed in
 * place.
 */
export function paintRoundItem(
  rgba: Uint8ClampedArray,
  width: number,
  crop: Region,
  mask: ItemMask,
): void {
  const shares = sharesOf(rgba.length / 4, width, crop, mask);
  const ground = [0, 1, 2].map((channel) => middleAtEdge(rgba, shares, channel));
  for (let pixel = 0; pixel < shares.length; pixel += 1) {
    const share = shares[pixel]!;
    if (share === 1) continue;
    for (let channel = 0; channel < 3; channel += 1) {
      const at = pixel * 4 + channel;
      rgba[at] = ground[channel]! + (rgba[at]! - ground[channel]!) * share;
    }
  }
}

/** How much of each pixel is the item's, 0 to 1: as the mask is coarser, its edge is soft. */
function sharesOf(pixels: number, width: number, crop: Region, mask: ItemMask): Float32Array {
  const shares = new Float32Array(pixels);
  const across = samples(crop.left, crop.width, width, mask.width);
  const down = samples(crop.top, crop.height, pixels / width, mask.height);
  let pixel = 0;
  for (const row of down) {
    const upper = row.first * mask.width;
    const lower = row.second * mask.width;
    for (const column of across) {
      const above = blend(
        mask.own[upper + column.first]!,
        mask.own[upper + column.second]!,
        column,
      );
      const below = blend(
        mask.own[lower + column.first]!,
        mask.own[lower + column.second]!,
        column,
      );
      shares[pixel] = blend(above, below, row);
      pixel += 1;
    }
  }
  return shares;
}

/** Of the pixels along the item's edge, which show mostly what it lies on, the middle value. */
function middleAtEdge(rgba: Uint8ClampedArray, shares: Float32Array, channel: number): number {
  const counts = new Uint32Array(256);
  let edge = 0;
  for (let pixel = 0; pixel < shares.length; pixel += 1) {
    const share = shares[pixel]!;
    if (share === 0 || share === 1) continue;
    counts[rgba[pixel * 4 + channel]!]! += 1;
    edge += 1;
  }
  let upTo = 0;
  for (let value = 0; value < counts.length; value += 1) {
    upTo += counts[value]!;
    if (upTo * 2 > edge) return value;
  }
  return neutral;
}

/** Where the item has no edge, and so nothing to go by: neither light nor dark. */
const neutral = 127;

interface Sample {
  readonly first: number;
  readonly second: number;
  /** How much of the second there is, 0 to 1. */
  readonly part: number;
}

/** For each pixel of a picture's dimension the two of the mask between whose middles it lies. */
function samples(start: number, length: number, pixels: number, masked: number): Sample[] {
  return Array.from({ length: pixels }, (_, pixel) => {
    const place = (start + ((pixel + 0.5) / pixels) * length) * masked - 0.5;
    const first = Math.floor(place);
    const within = (index: number): number => Math.min(masked - 1, Math.max(0, index));
    return { first: within(first), second: within(first + 1), part: place - first };
  });
}

function blend(first: number, second: number, { part }: Sample): number {
  return first + (second - first) * part;
}
