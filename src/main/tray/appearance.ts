import type { Planes } from './colours.ts';

/** A set of pixels with the box about it (inclusive); `mask` is 1 where a pixel belongs to it. */
export interface Patch {
  readonly mask: Uint8Array;
  area: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function createPatch(size: number): Patch {
  return { mask: new Uint8Array(size), area: 0, left: 0, top: 0, right: -1, bottom: -1 };
}

/** Measures area and box anew from the mask within a box that holds it. */
export function measure(patch: Patch, width: number, box: Box): void {
  const { mask } = patch;
  let area = 0;
  let left = box.right + 1;
  let top = box.bottom + 1;
  let right = box.left - 1;
  let bottom = box.top - 1;
  for (let y = box.top; y <= box.bottom; y++) {
    const row = y * width;
    for (let x = box.left; x <= box.right; x++) {
      if (mask[row + x] !== 1) continue;
      area++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  patch.area = area;
  patch.left = left;
  patch.top = top;
  patch.right = right;
  patch.bottom = bottom;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

export function boxArea(box: Box): number {
  return Math.max(0, box.right - box.left + 1) * Math.max(0, box.bottom - box.top + 1);
}

export function overlapArea(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left) + 1;
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + 1;
  return across > 0 && down > 0 ? across * down : 0;
}

/** Pixels between two boxes along the farther axis, 0 when they touch or overlap. */
export function boxGap(a: Box, b: Box): number {
  const across = Math.max(a.left - b.right, b.left - a.right, 0);
  const down = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
  return Math.max(across, down);
}

/** The mean colour differences of a patch's pixels, each as in `Chroma`. */
export interface MeanColour {
  readonly cb: number;
  readonly cr: number;
}

/** Both differences of two looks at one thing together are no larger. */
const SAME_COLOUR = 12;

export function isSameColour(one: MeanColour, other: MeanColour): boolean {
  return Math.abs(one.cb - other.cb) + Math.abs(one.cr - other.cr) <= SAME_COLOUR;
}

export function meanColour(
  { mask, left, top, right, bottom, area }: Patch,
  { cb, cr }: Planes,
  width: number,
): MeanColour {
  let blue = 0;
  let red = 0;
  for (let y = top; y <= bottom; y++) {
    for (let p = y * width + left; p <= y * width + right; p++) {
      if (mask[p] !== 1) continue;
      blue += cb[p]!;
      red += cr[p]!;
    }
  }
  return { cb: blue / Math.max(1, area), cr: red / Math.max(1, area) };
}

const GREYS = 16;
export type GreyHistogram = Float64Array;

export function createGreyHistogram(): GreyHistogram {
  return new Float64Array(GREYS);
}

/** Parts of a patch's pixels by grey, each pixel shared between the two nearest bins. */
export function greysOf(
  patch: Patch,
  picture: Float32Array,
  width: number,
  out: GreyHistogram,
): GreyHistogram {
  out.fill(0);
  let n = 0;
  for (let y = patch.top; y <= patch.bottom; y++) {
    for (let x = patch.left; x <= patch.right; x++) {
      const p = y * width + x;
      if (patch.mask[p] !== 1) continue;
      const at = Math.min(GREYS - 1.001, Math.max(0, picture[p]! / 16 - 0.5));
      const bin = Math.floor(at);
      const part = at - bin;
      out[bin] = out[bin]! + 1 - part;
      out[bin + 1] = out[bin + 1]! + part;
      n++;
    }
  }
  if (n > 0) for (let i = 0; i < GREYS; i++) out[i] = out[i]! / n;
  return out;
}

/** 1 for the same greys in the same parts, 0 for none in common. */
export function likeness(a: GreyHistogram, b: GreyHistogram): number {
  let common = 0;
  for (let i = 0; i < GREYS; i++) common += Math.min(a[i]!, b[i]!);
  return common;
}

/** By so many pixels the place of two looks at one thing may be misjudged. */
const ALIGN = 2;

/**
 * Whether a thing looks the same at two places: laid over one another nearly all of both agrees, grey by
 * grey within what noise explains.
 */
export function sameLook(
  one: Patch,
  onePicture: Float32Array,
  other: Patch,
  otherPicture: Float32Array,
  width: number,
  noise: number,
): boolean {
  const tolerance = 4 + 2 * noise;
  const dx = Math.round((other.left + other.right - one.left - one.right) / 2);
  const dy = Math.round((other.top + other.bottom - one.top - one.bottom) / 2);
  const height = one.mask.length / width;
  for (let y = dy - ALIGN; y <= dy + ALIGN; y++) {
    for (let x = dx - ALIGN; x <= dx + ALIGN; x++) {
      if (agrees(x, y)) return true;
    }
  }
  return false;

  function agrees(shiftX: number, shiftY: number): boolean {
    let both = 0;
    let difference = 0;
    for (let y = Math.max(one.top, -shiftY); y <= one.bottom && y + shiftY < height; y++) {
      for (let x = Math.max(one.left, -shiftX); x <= one.right && x + shiftX < width; x++) {
        const p = y * width + x;
        const q = p + shiftY * width + shiftX;
        if (one.mask[p] !== 1 || other.mask[q] !== 1) continue;
        both++;
        difference += Math.abs(onePicture[p]! - otherPicture[q]!);
      }
    }
    return both >= 0.85 * Math.max(one.area, other.area) && difference <= tolerance * both;
  }
}
