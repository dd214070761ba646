import type { Box, Patch } from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';

/** How a change looks: what tells a thing from a shadow, and an arm from a thing. */
export interface EdgeAnalysis {
  /**
   * Pixels where the change itself has a sharp edge that the picture had not, or less, before: an item
   * brings such, a soft shadow has none.
   */
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
 * `solid` are the pixels that tell the box. `before` is what to compare with, if it is not what is
 * accepted. No edge within `NEAR` pixels of what `isKnown` counts, as it is that of a known thing.
 */
export interface EdgeAnalyser {
  (
    patch: Patch,
    solid: Uint8Array,
    before?: Float32Array,
    isKnown?: (p: number) => boolean,
  ): EdgeAnalysis;
  /** The contact alone, compared with what is accepted. */
  contactOf(patch: Patch): number;
}

/**
 * By so many pixels the camera's place is misjudged under a large shadow, which bends the ratio along
 * the edges of what lies there.
 */
const MISPLACED = 0.5;
/** The second line, as smoothing repeats the first. */
const BORDER = 1;
const NEAR = 3;
/** So far beyond a patch the ratio is looked at. */
const FAR = 2 * NEAR;

/**
 * Looks at a change as the ratio of the new to the accepted picture. A shadow on whatever texture has a
 * smooth ratio with soft borders; where the ratio bends within three pixels by a good part of its range
 * nearby, there is the edge or the texture of a thing.
 */
export function createEdgeAnalyser(
  width: number,
  height: number,
  background: BackgroundModel,
): EdgeAnalyser {
  const { accepted, mean } = background;
  /** What the picture is compared with. */
  let ground = accepted;
  const rowHits = new Int32Array(height);
  const columnHits = new Int32Array(width);
  const across = width + 2 * FAR;
  /** The ratio in hundredths; beyond the picture's border its last pixels go on. */
  const ratios = new Float64Array(across * (height + 2 * FAR));

  function measureRatios({ left, top, right, bottom }: Box): void {
    for (let y = top - FAR; y <= bottom + FAR; y++) {
      const row = Math.min(height - 1, Math.max(0, y)) * width;
      const to = (y + FAR) * across + FAR;
      const last = Math.min(width - 1, right + FAR);
      for (let x = Math.max(0, left - FAR); x <= last; x++) {
        const a = ground[row + x]!;
        ratios[to + x] = ((mean[row + x]! - a) * 100) / (a + 8);
      }
      if (left < FAR) ratios.fill(ratios[to]!, to + left - FAR, to);
      if (right >= width - FAR) {
        ratios.fill(ratios[to + width - 1]!, to + width, to + right + FAR + 1);
      }
    }
  }

  /** Whether the ratio bends at a pixel along x or, with `isUpright`, along y. */
  function bends(x: number, y: number, isUpright: boolean, limit: number): boolean {
    const at = (y + FAR) * across + x + FAR;
    const near = isUpright ? NEAR * across : NEAR;
    const middle = ratios[at]!;
    const before = ratios[at - near]!;
    const after = ratios[at + near]!;
    const bend = Math.abs(middle - (before + after) * 0.5);
    if (bend <= limit) return false;
    const farBefore = ratios[at - 2 * near]!;
    const farAfter = ratios[at + 2 * near]!;
    const high = Math.max(middle, before, after, farBefore, farAfter);
    const low = Math.min(middle, before, after, farBefore, farAfter);
    if (bend <= 0.3 * (high - low)) return false;
    const dx = isUpright ? 0 : 1;
    const dy = isUpright ? 1 : 0;
    return (
      bend > limit + MISPLACED * edgeAt(x, y, dx, dy) &&
      bend > limit + MISPLACED * edgeAt(x - NEAR * dx, y - NEAR * dy, dx, dy) &&
      bend > limit + MISPLACED * edgeAt(x + NEAR * dx, y + NEAR * dy, dx, dy)
    );
  }

  /** By how many hundredths a pixel's ratio changes when the camera moves by a pixel. */
  function edgeAt(x: number, y: number, dx: number, dy: number): number {
    const cx = Math.min(width - 2, Math.max(1, x));
    const cy = Math.min(height - 2, Math.max(1, y));
    const p = cy * width + cx;
    const next = dy * width + dx;
    return (Math.abs(ground[p + next]! - ground[p - next]!) * 50) / (ground[p]! + 8);
  }

  function slope(picture: Float32Array, x: number, y: number): number {
    const row = y * width;
    const x1 = Math.min(width - 1, x + 2);
    const x0 = Math.max(0, x - 2);
    const y1 = Math.min(height - 1, y + 2) * width;
    const y0 = Math.max(0, y - 2) * width;
    return (
      Math.abs(picture[row + x1]! - picture[row + x0]!) +
      Math.abs(picture[y1 + x]! - picture[y0 + x]!)
    );
  }

  /** What noise and rounding may bend the ratio by at a pixel. */
  function limitAt(p: number): number {
    return (500 * background.errorAt(p)) / (ground[p]! + 8) + 2;
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
      const a = ground[p]!;
      const isLit = mean[p]! - a > 5 * background.errorAt(p) + 2 + 0.015 * a;
      if (!isLit && !bends(x, y, !isRow, limitAt(p))) continue;
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

  function isBeside(x: number, y: number, isKnown: (p: number) => boolean): boolean {
    for (let v = Math.max(0, y - NEAR); v <= Math.min(height - 1, y + NEAR); v++) {
      for (let u = Math.max(0, x - NEAR); u <= Math.min(width - 1, x + NEAR); u++) {
        if (isKnown(v * width + u)) return true;
      }
    }
    return false;
  }

  function look(
    patch: Patch,
    solid: Uint8Array,
    before: Float32Array = accepted,
    isKnown?: (p: number) => boolean,
  ): EdgeAnalysis {
    ground = before;
    measureRatios(patch);
    rowHits.fill(0);
    columnHits.fill(0);
    const { mask } = patch;
    let sharp = 0;
    let lit = 0;
    let edges = 0;
    let slopeNow = 0;
    let slopeBefore = 0;
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let x = patch.left; x <= patch.right; x++) {
        const p = y * width + x;
        if (mask[p] !== 1) continue;
        const a = ground[p]!;
        const brighter = mean[p]! - a;
        const limit = limitAt(p);
        const isSharp =
          (bends(x, y, false, limit) || bends(x, y, true, limit)) &&
          !(isKnown !== undefined && isBeside(x, y, isKnown));
        if (isSharp) {
          edges++;
          const now = slope(mean, x, y);
          const then = slope(ground, x, y);
          if (now > then) sharp++;
          slopeNow += now;
          slopeBefore += then;
        }
        if (brighter > 0) lit++;
        if (solid[p] === 1 && (isSharp || brighter > 6 + 0.05 * a)) {
          rowHits[y] = rowHits[y]! + 1;
          columnHits[x] = columnHits[x]! + 1;
        }
      }
    }
    return {
      sharp,
      lit,
      slopeNow: edges > 0 ? slopeNow / edges : 0,
      slopeBefore: edges > 0 ? slopeBefore / edges : 0,
      box: {
        left: firstHit(columnHits, patch.left, patch.right, 1),
        right: firstHit(columnHits, patch.right, patch.left, -1),
        top: firstHit(rowHits, patch.top, patch.bottom, 1),
        bottom: firstHit(rowHits, patch.bottom, patch.top, -1),
      },
      contact: contactOf(patch),
    };
  }

  return Object.assign(look, {
    contactOf(patch: Patch) {
      ground = accepted;
      measureRatios(patch);
      return contactOf(patch);
    },
  });
}

/** One line outside the first with two hits, or where the search began if there is none. */
function firstHit(hits: Int32Array, from: number, to: number, step: 1 | -1): number {
  for (let i = from; step === 1 ? i <= to : i >= to; i += step) {
    if (hits[i]! >= 2) return i === from ? i : i - step;
  }
  return from;
}
