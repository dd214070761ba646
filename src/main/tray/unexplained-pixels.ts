import type { Patch } from './appearance.ts';
import { createPatch, measure } from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';
import type { PlacedObject, PlacementStack } from './placement-stack.ts';

/** What of a component is left once placements that left or shrank have explained their part of it. */
export interface UnexplainedPixels {
  /** The same patch each time, measured anew by `gather`. */
  readonly patch: Patch;
  /** Gathers the component's changed pixels where none of `bared` shows what lay beneath it. */
  gather(component: Component, bared: readonly PlacedObject[]): void;
  /**
   * Whether it, its holes filled, is more than the line that a shifted edge leaves. Then `solid` has its
   * pixels but for such lines, which may reach far beyond a thing.
   */
  isThick(component: Component): boolean;
  readonly solid: Uint8Array;
}

/** Pixels of a thing whose whole neighbourhood is of it too. */
const CORE_PIXELS = 8;

export function createUnexplainedPixels(
  width: number,
  height: number,
  { flags }: BackgroundModel,
  components: Components,
  stack: PlacementStack,
): UnexplainedPixels {
  const patch = createPatch(width * height);
  const filled = new Uint8Array(width * height);
  const solid = new Uint8Array(width * height);
  /** Half the thickness that a thing has at least somewhere, in pixels. */
  const thick = Math.max(1, Math.round(width / 80));

  function gather(component: Component, bared: readonly PlacedObject[]): void {
    const { mask } = patch;
    mask.fill(0);
    const { labels, cellsAcross } = components;
    const { label, left, top, right, bottom } = component;
    for (let y = top; y <= bottom; y++) {
      const row = y * width;
      const cells = (y >> 1) * cellsAcross;
      for (let x = left; x <= right; x++) {
        const p = row + x;
        if ((flags[p]! & CHANGED) === 0 || labels[cells + (x >> 1)] !== label) continue;
        if (bared.length > 0) {
          const shown = stack.topAt(p);
          if (shown !== undefined && bared.includes(shown) && stack.isBared(shown, p)) continue;
        }
        mask[p] = 1;
      }
    }
    if (bared.length > 0) eraseThin(component);
    measure(patch, width, component);
  }

  /** Drops lines of one or two pixels, which are left over along the borders of a thing that left. */
  function eraseThin(component: Component): void {
    const { mask } = patch;
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] === 0) continue;
        const inner =
          x > 0 &&
          x < width - 1 &&
          y > 0 &&
          y < height - 1 &&
          mask[p - 1]! > 0 &&
          mask[p + 1]! > 0 &&
          mask[p - width]! > 0 &&
          mask[p + width]! > 0;
        if (inner) mask[p] = 2;
      }
    }
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] !== 1) continue;
        const besideInner =
          (x > 0 && mask[p - 1] === 2) ||
          (x < width - 1 && mask[p + 1] === 2) ||
          (y > 0 && mask[p - width] === 2) ||
          (y < height - 1 && mask[p + width] === 2);
        if (!besideInner) mask[p] = 3;
      }
    }
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] === 2) mask[p] = 1;
        else if (mask[p] === 3) mask[p] = 0;
      }
    }
  }

  function isThick(component: Component): boolean {
    const mask = filled;
    mask.set(patch.mask);
    stack.fillHoles(mask, component);
    solid.fill(0);
    let n = 0;
    for (let y = patch.top + thick; y <= patch.bottom - thick; y++) {
      for (let x = patch.left + thick; x <= patch.right - thick; x++) {
        const p = y * width + x;
        const up = p - thick * width;
        const down = p + thick * width;
        const isCore =
          mask[p] === 1 &&
          mask[p - thick] === 1 &&
          mask[p + thick] === 1 &&
          mask[up] === 1 &&
          mask[down] === 1 &&
          mask[up - thick] === 1 &&
          mask[up + thick] === 1 &&
          mask[down - thick] === 1 &&
          mask[down + thick] === 1;
        if (!isCore) continue;
        n++;
        for (let row = up - thick; row <= down - thick; row += width) {
          solid.fill(1, row, row + 2 * thick + 1);
        }
      }
    }
    return n >= CORE_PIXELS;
  }

  return { patch, gather, isThick, solid };
}
