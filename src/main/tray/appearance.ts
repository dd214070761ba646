import type { View } from './view.ts';

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
  const { left, top, right, bottom } = box;
  patch.area = 0;
  patch.left = right + 1;
  patch.top = bottom + 1;
  patch.right = left - 1;
  patch.bottom = top - 1;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      if (patch.mask[y * width + x] !== 1) continue;
      patch.area++;
      if (x < patch.left) patch.left = x;
      if (x > patch.right) patch.right = x;
      if (y < patch.top) patch.top = y;
      if (y > patch.bottom) patch.bottom = y;
    }
  }
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

export interface Outline {
  /** Pixels where the change itself has a sharp edge, as an item has and a soft shadow has not. */
  readonly sharp: number;
  /** Pixels that are brighter than accepted, as nothing is in a shadow. */
  readonly lit: number;
  /** Mean slope along these edges, now and as accepted: an item brings edges, its leaving takes them. */
  readonly slopeNow: number;
  readonly slopeBefore: number;
  /** Box about what is sharp or lit, without the soft shadow. */
  readonly box: Box;
  /** Pixels of the picture's border that the thing itself, not its shadow, lies across. */
  readonly contact: number;
}

/**
 * By so many pixels the camera's place is misjudged under a large shadow, which bends the ratio along
 * the edges of what lies there.
 */
const MISPLACED = 0.5;
/** The second line, as smoothing repeats the first. */
const BORDER = 1;
const NEAR = 3;

/**
 * Looks at a change as the ratio of the new to the accepted picture. A shadow on whatever texture has a
 * smooth ratio with soft borders; where the ratio bends within three pixels by a good part of its range
 * nearby, there is the edge or the texture of a thing.
 */
export function createOutliner(
  width: number,
  height: number,
  view: View,
): (patch: Patch) => Outline {
  const rowHits = new Int32Array(height);
  const columnHits = new Int32Array(width);
  const { accepted, mean } = view;

  function ratioAt(x: number, y: number): number {
    const cx = x < 0 ? 0 : x >= width ? width - 1 : x;
    const cy = y < 0 ? 0 : y >= height ? height - 1 : y;
    const p = cy * width + cx;
    const a = accepted[p]!;
    return ((mean[p]! - a) * 100) / (a + 8);
  }

  function bends(x: number, y: number, dx: number, dy: number, limit: number): boolean {
    const middle = ratioAt(x, y);
    const before = ratioAt(x - dx, y - dy);
    const after = ratioAt(x + dx, y + dy);
    const bend = Math.abs(middle - (before + after) * 0.5);
    if (bend <= limit) return false;
    const farBefore = ratioAt(x - 2 * dx, y - 2 * dy);
    const farAfter = ratioAt(x + 2 * dx, y + 2 * dy);
    const high = Math.max(middle, before, after, farBefore, farAfter);
    const low = Math.min(middle, before, after, farBefore, farAfter);
    if (bend <= 0.3 * (high - low)) return false;
    const ux = Math.sign(dx);
    const uy = Math.sign(dy);
    const edge = Math.max(
      edgeAt(x, y, ux, uy),
      edgeAt(x - dx, y - dy, ux, uy),
      edgeAt(x + dx, y + dy, ux, uy),
    );
    return bend > limit + MISPLACED * edge;
  }

  /** By how many hundredths a pixel's ratio changes when the camera moves by a pixel. */
  function edgeAt(x: number, y: number, ux: number, uy: number): number {
    const cx = Math.min(width - 2, Math.max(1, x));
    const cy = Math.min(height - 2, Math.max(1, y));
    const p = cy * width + cx;
    const next = uy * width + ux;
    return (Math.abs(accepted[p + next]! - accepted[p - next]!) * 50) / (accepted[p]! + 8);
  }

  function slope(picture: Float32Array, x: number, y: number): number {
    const x1 = Math.min(width - 1, x + 2);
    const x0 = Math.max(0, x - 2);
    const y1 = Math.min(height - 1, y + 2);
    const y0 = Math.max(0, y - 2);
    return (
      Math.abs(picture[y * width + x1]! - picture[y * width + x0]!) +
      Math.abs(picture[y1 * width + x]! - picture[y0 * width + x]!)
    );
  }

  /** Along one line of the border: from the first to the last pixel that is sharp across or lit. */
  function contactAlong(patch: Patch, isRow: boolean, at: number): number {
    const from = isRow ? patch.left : patch.top;
    const to = isRow ? patch.right : patch.bottom;
    let first = -1;
    let last = -1;
    for (let i = from; i <= to; i++) {
      const x = isRow ? i : at;
      const y = isRow ? at : i;
      const p = y * width + x;
      if (patch.mask[p] !== 1) continue;
      const a = accepted[p]!;
      const limit = (500 * view.errorAt(p)) / (a + 8) + 2;
      const isLit = mean[p]! - a > 5 * view.errorAt(p) + 2 + 0.015 * a;
      if (!isLit && !bends(x, y, isRow ? NEAR : 0, isRow ? 0 : NEAR, limit)) continue;
      if (first < 0) first = i;
      last = i;
    }
    return first < 0 ? 0 : last - first + 1;
  }

  function contactOf(patch: Patch): number {
    let contact = 0;
    if (patch.top <= BORDER) contact += contactAlong(patch, true, BORDER);
    if (patch.bottom >= height - 1 - BORDER)
      contact += contactAlong(patch, true, height - 1 - BORDER);
    if (patch.left <= BORDER) contact += contactAlong(patch, false, BORDER);
    if (patch.right >= width - 1 - BORDER)
      contact += contactAlong(patch, false, width - 1 - BORDER);
    return contact;
  }

  return (patch) => {
    rowHits.fill(0);
    columnHits.fill(0);
    let sharp = 0;
    let lit = 0;
    let slopeNow = 0;
    let slopeBefore = 0;
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let x = patch.left; x <= patch.right; x++) {
        const p = y * width + x;
        if (patch.mask[p] !== 1) continue;
        const a = accepted[p]!;
        const limit = (500 * view.errorAt(p)) / (a + 8) + 2;
        const isSharp = bends(x, y, NEAR, 0, limit) || bends(x, y, 0, NEAR, limit);
        if (isSharp) {
          sharp++;
          slopeNow += slope(mean, x, y);
          slopeBefore += slope(accepted, x, y);
        }
        if (mean[p]! > a) lit++;
        if (isSharp || mean[p]! - a > 6 + 0.05 * a) {
          rowHits[y] = rowHits[y]! + 1;
          columnHits[x] = columnHits[x]! + 1;
        }
      }
    }
    return {
      sharp,
      lit,
      slopeNow: sharp > 0 ? slopeNow / sharp : 0,
      slopeBefore: sharp > 0 ? slopeBefore / sharp : 0,
      box: {
        left: firstHit(columnHits, patch.left, patch.right, 1),
        right: firstHit(columnHits, patch.right, patch.left, -1),
        top: firstHit(rowHits, patch.top, patch.bottom, 1),
        bottom: firstHit(rowHits, patch.bottom, patch.top, -1),
      },
      contact: contactOf(patch),
    };
  };
}

/** One line outside the first with two hits, or where the search began if there is none. */
function firstHit(hits: Int32Array, from: number, to: number, step: 1 | -1): number {
  for (let i = from; step === 1 ? i <= to : i >= to; i += step) {
    if (hits[i]! >= 2) return i === from ? i : i - step;
  }
  return from;
}
