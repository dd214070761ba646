import type { BackgroundModel } from './background-model.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';

/**
 * Whether what lies between two changed parts is a part of the same thing, though each pixel of it may
 * pass for the tray: over all of them it is brighter than the tray around, as no shade between two things
 * is. A white carton on a white tray shows by its print and its shade alone, which may lie far apart.
 */
export type GapMerger = (a: Component, b: Component) => boolean;

/** By so many grey levels, the noise of them all apart. */
const BRIGHTER = 0.7;
/** Fewer pixels tell nothing, nor do parts that hardly face each other. */
const LEAST_BETWEEN = 30;
const LEAST_FACING = 6;
/** So far around the two the tray is looked at. */
const AROUND = 8;

export function createGapMerger(
  width: number,
  height: number,
  { accepted, mean, flags, errorAt }: BackgroundModel,
  components: Components,
): GapMerger {
  const between = new Uint8Array(width * height);

  /** Marks what lies between the two along columns, or along rows; returns how many of them face. */
  function mark(a: Component, b: Component, isColumn: boolean): number {
    const { labels, cellsAcross } = components;
    const from = isColumn ? Math.max(a.left, b.left) : Math.max(a.top, b.top);
    const to = isColumn ? Math.min(a.right, b.right) : Math.min(a.bottom, b.bottom);
    const first = isColumn ? Math.min(a.top, b.top) : Math.min(a.left, b.left);
    const last = isColumn ? Math.max(a.bottom, b.bottom) : Math.max(a.right, b.right);
    let facing = 0;
    for (let i = from; i <= to; i++) {
      let start = -1;
      let before = 0;
      for (let j = first; j <= last; j++) {
        const x = isColumn ? i : j;
        const y = isColumn ? j : i;
        const label = labels[(y >> 1) * cellsAcross + (x >> 1)]!;
        if (label !== a.label && label !== b.label) continue;
        if (before !== 0 && label !== before && j - start > 1) {
          facing++;
          for (let k = start + 1; k < j; k++) {
            between[isColumn ? k * width + i : i * width + k] = 1;
          }
        }
        before = label;
        start = j;
      }
    }
    return facing;
  }

  return (a, b) => {
    between.fill(0);
    if (mark(a, b, true) + mark(a, b, false) < LEAST_FACING) return false;
    const left = Math.max(0, Math.min(a.left, b.left) - AROUND);
    const right = Math.min(width - 1, Math.max(a.right, b.right) + AROUND);
    const top = Math.max(0, Math.min(a.top, b.top) - AROUND);
    const bottom = Math.min(height - 1, Math.max(a.bottom, b.bottom) + AROUND);
    let inside = 0;
    let insideSum = 0;
    let variance = 0;
    let outside = 0;
    let outsideSum = 0;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const p = y * width + x;
        if ((flags[p]! & CHANGED) !== 0) continue;
        const brighter = mean[p]! - accepted[p]!;
        if (between[p] === 1) {
          inside++;
          insideSum += brighter;
          variance += errorAt(p) ** 2;
        } else {
          outside++;
          outsideSum += brighter;
        }
      }
    }
    if (inside < LEAST_BETWEEN || outside < LEAST_BETWEEN) return false;
    // Neighbouring pixels share their noise.
    const noise = (3 * Math.sqrt(variance)) / inside;
    return insideSum / inside - outsideSum / outside > BRIGHTER + 3 * noise;
  };
}
