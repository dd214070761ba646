import type { Box, Patch } from './appearance.ts';
import {
  createGreyHistogram,
  createPatch,
  greysOf,
  likeness,
  measure,
  overlapArea,
} from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';

/**
 * Parts two things that were laid down at one moment, so near that their shades join. Between them the
 * tray shows, in shade at most, as a gap that widens to both its ends, or what lies on either side looks
 * quite different. One thing with a pale middle, as a carton on a white tray, has neither.
 */
export interface Separator {
  /** The parts of a patch, each with what is nearest to it; one where it is one thing. Good until the next call. */
  separate(patch: Patch): readonly Patch[];
}

/** Less of what is usual of the patch is the tray in shade. */
const WEAK = 0.4;
/** Each part is at least so much of the patch. */
const LEAST_PART = 0.15;
/** Pixels between two things that are taken for one. */
const MOST_GAP = 9;
const LEAST_GAP = 2;
/** Nothing between two things is brighter than the tray by so many grey levels. */
const BRIGHTER = 0.5;
/** So little of what is usual shows the tray itself in the middle of a gap. */
const BARE = 0.25;
/** How much of the shorter side of two round things faces the other nearly as closely as where they are next. */
const FACING = 0.75;
const WIDER = 4;
const UNLIKE = 0.35;
const IN_LINE = 4;

interface Gap {
  /** Pixels. */
  readonly gap: number;
  /** The least change within, in grey levels; negative where it is darker than the tray. */
  readonly weakest: number;
}

export function createSeparator(
  width: number,
  height: number,
  { accepted, mean }: BackgroundModel,
  minPixels: number,
): Separator {
  const size = width * height;
  const labels = new Int32Array(size);
  const queue = new Int32Array(size);
  const strengths = new Int32Array(256);
  const parts = [createPatch(size), createPatch(size)] as const;
  const greysA = createGreyHistogram();
  const greysB = createGreyHistogram();

  /** The change that a quarter of the patch's pixels exceed. */
  function usualChange({ mask, left, top, right, bottom, area }: Patch): number {
    strengths.fill(0);
    for (let y = top; y <= bottom; y++) {
      for (let p = y * width + left; p <= y * width + right; p++) {
        if (mask[p] !== 1) continue;
        const bin = Math.min(255, Math.abs(mean[p]! - accepted[p]!)) | 0;
        strengths[bin] = strengths[bin]! + 1;
      }
    }
    let above = 0;
    let bin = 255;
    while (bin > 0 && above < area / 4) above += strengths[bin--]!;
    return bin + 1;
  }

  function isCore(patch: Patch, p: number, least: number): boolean {
    return patch.mask[p] === 1 && Math.abs(mean[p]! - accepted[p]!) >= least;
  }

  /** Labels the strongly changed pixels that hang together; the sizes of the two largest. */
  function label(patch: Patch, least: number): readonly { label: number; size: number }[] {
    const found: { label: number; size: number }[] = [];
    let next = 0;
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let x = patch.left; x <= patch.right; x++) {
        const start = y * width + x;
        if (labels[start] !== 0 || !isCore(patch, start, least)) continue;
        next++;
        let tail = 0;
        queue[tail++] = start;
        labels[start] = next;
        for (let head = 0; head < tail; head++) {
          const p = queue[head]!;
          const px = p % width;
          const py = (p - px) / width;
          if (px > patch.left) tail = reach(patch, p - 1, next, tail, least);
          if (px < patch.right) tail = reach(patch, p + 1, next, tail, least);
          if (py > patch.top) tail = reach(patch, p - width, next, tail, least);
          if (py < patch.bottom) tail = reach(patch, p + width, next, tail, least);
        }
        found.push({ label: next, size: tail });
      }
    }
    return found.toSorted((a, b) => b.size - a.size);
  }

  function reach(patch: Patch, p: number, own: number, tail: number, least: number): number {
    if (labels[p] !== 0 || !isCore(patch, p, least)) return tail;
    labels[p] = own;
    queue[tail] = p;
    return tail + 1;
  }

  /** The gaps between two labels along rows, or along columns. */
  function gapsAlong(patch: Patch, a: number, b: number, isRow: boolean): Gap[] {
    const gaps: Gap[] = [];
    const lines = isRow ? patch.bottom - patch.top + 1 : patch.right - patch.left + 1;
    const length = isRow ? patch.right - patch.left + 1 : patch.bottom - patch.top + 1;
    const first = patch.top * width + patch.left;
    for (let line = 0; line < lines; line++) {
      let last = -1;
      let lastLabel = 0;
      let gap = Number.POSITIVE_INFINITY;
      let weakest = 0;
      for (let i = 0; i < length; i++) {
        const p = first + (isRow ? line * width + i : i * width + line);
        const found = labels[p]!;
        if (found !== a && found !== b) continue;
        if (lastLabel !== 0 && found !== lastLabel && i - last - 1 < gap) {
          gap = i - last - 1;
          weakest = weakestBetween(p, gap, isRow ? 1 : width);
        }
        last = i;
        lastLabel = found;
      }
      if (Number.isFinite(gap)) gaps.push({ gap, weakest });
    }
    return gaps;
  }

  /** The least change of the pixels before one. */
  function weakestBetween(end: number, gap: number, step: number): number {
    let weakest = Number.POSITIVE_INFINITY;
    for (let k = 1; k <= gap; k++) {
      const p = end - k * step;
      const change = mean[p]! - accepted[p]!;
      if (Math.abs(change) < Math.abs(weakest)) weakest = change;
    }
    return weakest;
  }

  function boxOf(patch: Patch, own: number): Box {
    let left = patch.right;
    let top = patch.bottom;
    let right = patch.left;
    let bottom = patch.top;
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let x = patch.left; x <= patch.right; x++) {
        if (labels[y * width + x] !== own) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
    }
    return { left, top, right, bottom };
  }

  function areTwo(patch: Patch, a: number, b: number, usual: number): boolean {
    const rows = gapsAlong(patch, a, b, true);
    const columns = gapsAlong(patch, a, b, false);
    const isRow = rows.length >= columns.length;
    const gaps = isRow ? rows : columns;
    const least = Math.min(...gaps.map(({ gap }) => gap));
    if (gaps.length === 0 || least < LEAST_GAP || least > MOST_GAP) return false;
    const near = gaps.filter(({ gap }) => gap <= least + WIDER);
    const facing = near.length;
    const boxA = boxOf(patch, a);
    const boxB = boxOf(patch, b);
    if (overlapArea(boxA, boxB) > 0.1 * patch.area) return false;
    const bare = near.filter(
      ({ weakest }) => weakest <= BRIGHTER && -weakest <= BARE * usual,
    ).length;
    if (bare < 0.7 * facing) return false;
    const shorter = isRow
      ? Math.min(boxA.bottom - boxA.top, boxB.bottom - boxB.top) + 1
      : Math.min(boxA.right - boxA.left, boxB.right - boxB.left) + 1;
    if (facing <= FACING * shorter) return true;
    // The halves of one thing end in line.
    const ends = isRow
      ? Math.abs(boxA.top - boxB.top) + Math.abs(boxA.bottom - boxB.bottom)
      : Math.abs(boxA.left - boxB.left) + Math.abs(boxA.right - boxB.right);
    if (ends <= IN_LINE) return false;
    for (const [at, own] of [a, b].entries()) {
      const part = parts[at]!;
      for (let p = 0; p < size; p++) part.mask[p] = labels[p] === own ? 1 : 0;
      measure(part, width, patch);
    }
    const alike = likeness(
      greysOf(parts[0], mean, width, greysA),
      greysOf(parts[1], mean, width, greysB),
    );
    return alike < UNLIKE;
  }

  /** Gives each pixel of the patch to the part that is next to it. */
  function share(patch: Patch, a: number, b: number): void {
    let tail = 0;
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let p = y * width + patch.left; p <= y * width + patch.right; p++) {
        if (labels[p] === a || labels[p] === b) queue[tail++] = p;
        else labels[p] = 0;
      }
    }
    for (let head = 0; head < tail; head++) {
      const p = queue[head]!;
      const own = labels[p]!;
      for (const q of [p - 1, p + 1, p - width, p + width]) {
        if (patch.mask[q] !== 1 || labels[q] !== 0) continue;
        labels[q] = own;
        queue[tail++] = q;
      }
    }
    for (const [at, own] of [a, b].entries()) {
      const part = parts[at]!;
      part.mask.fill(0);
      for (let y = patch.top; y <= patch.bottom; y++) {
        for (let p = y * width + patch.left; p <= y * width + patch.right; p++) {
          if (labels[p] === own) part.mask[p] = 1;
        }
      }
      measure(part, width, patch);
    }
  }

  function separate(patch: Patch): readonly Patch[] {
    labels.fill(0);
    const usual = usualChange(patch);
    const [a, b, c] = label(patch, Math.max(6, WEAK * usual));
    const least = Math.max(minPixels * 0.5, LEAST_PART * patch.area);
    if (a === undefined || b === undefined || b.size < least) return [patch];
    if (c !== undefined && c.size >= least) return [patch];
    if (!areTwo(patch, a.label, b.label, usual)) return [patch];
    share(patch, a.label, b.label);
    return parts.toSorted((one, other) => one.left - other.left || one.top - other.top);
  }

  return { separate };
}
