import type { Region } from '../../shared/frame.ts';
import type { Box, Patch } from './appearance.ts';
import { createPatch, measure, overlapArea, union } from './appearance.ts';
import type { Component, Components } from './components.ts';
import { CHANGED, STRONG } from './components.ts';
import type { Size } from './resample.ts';
import { resample, resampleMask } from './resample.ts';
import type { View } from './view.ts';

/** A placement: its pixels, and what lay beneath them. */
export interface Lying extends Patch {
  readonly placementId: string;
  /** Grey levels in the light of the accepted picture. */
  readonly beneath: Float32Array;
  /** 1 where that was clipped, and the truth may be brighter. */
  readonly beneathBounded: Uint8Array;
  readonly region: Region;
  readonly stillSinceMs: number;
}

/** What lies on the tray, one on another; the accepted picture is kept in step with it. */
export interface Pile {
  /** Oldest first. */
  readonly all: () => readonly Lying[];
  /** The placement that shows at a pixel. */
  topAt(p: number): Lying | undefined;
  /** Changed pixels of a component on a placement's visible part. */
  overlapWith(component: Component, placement: Lying): number;
  /** Whether a pixel shows again what lay beneath a placement rather than the placement. */
  isBared(placement: Lying, p: number): boolean;
  /**
   * The part of a placement's telling, visible pixels that show what lay beneath it; 0 if too few can
   * be seen.
   */
  partGone(placement: Lying, isHidden: (x: number, y: number) => boolean): number;
  /** Makes the pixels of `patch` a placement, and what the component shows accepted. */
  lie(
    placementId: string,
    patch: Patch,
    component: Component,
    region: Region,
    stillSinceMs: number,
  ): Lying;
  /** Makes the pixels of `patch` within the component a part of a placement too. */
  extend(placement: Lying, patch: Patch, component: Component): void;
  /** Puts back what lay beneath a placement, so that what a hand still hides of it is no news later. */
  lift(placement: Lying): void;
  /** Takes over what lay there in another size. */
  adopt(lying: readonly Lying[], from: Size): void;
  /** Takes a component, and a little around it, into the accepted picture. */
  accept(component: Component, but?: Uint8Array): void;
  /** Adds free pixels within a mask: the middle of an item as grey as the tray is of the item too. */
  fillHoles(mask: Uint8Array, component: Component): void;
}

export function createPile(
  width: number,
  height: number,
  view: View,
  components: Components,
): Pile {
  const { accepted, mean, flags, bounded } = view;
  let lying: Lying[] = [];

  function topAt(p: number): Lying | undefined {
    for (let i = lying.length - 1; i >= 0; i--) {
      const placement = lying[i]!;
      if (placement.mask[p] === 1) return placement;
    }
    return undefined;
  }

  function overlapWith(component: Component, placement: Lying): number {
    if (overlapArea(component, placement) === 0) return 0;
    let n = 0;
    for (
      let y = Math.max(component.top, placement.top);
      y <= Math.min(component.bottom, placement.bottom);
      y++
    ) {
      for (
        let x = Math.max(component.left, placement.left);
        x <= Math.min(component.right, placement.right);
        x++
      ) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || (flags[p]! & CHANGED) === 0) continue;
        if (components.labelAt(x, y) === component.label && topAt(p) === placement) n++;
      }
    }
    return n;
  }

  function isBared(placement: Lying, p: number): boolean {
    const beneath = placement.beneath[p]!;
    const apart = Math.abs(accepted[p]! - beneath);
    const off = Math.abs(mean[p]! - beneath);
    const error = view.errorAt(p);
    // Where either is clipped, it is enough that the placement does not show.
    if (mean[p]! < beneath ? view.isClipped(p) : placement.beneathBounded[p] === 1) {
      return mean[p]! - accepted[p]! > 3 * error + 1 + 0.008 * accepted[p]!;
    }
    const tolerance = 3 * error + 2 + 0.03 * beneath;
    return off < Math.max(tolerance, 0.4 * apart) && off < 0.6 * Math.abs(mean[p]! - accepted[p]!);
  }

  /** Whether a placement's pixel would show another grey were it gone. */
  function isTelling(placement: Lying, p: number): boolean {
    const beneath = placement.beneath[p]!;
    // Above what is clipped now nothing can be told.
    const a = view.isClipped(p) ? Math.min(accepted[p]!, mean[p]!) : accepted[p]!;
    const b = view.isClipped(p) ? Math.min(beneath, mean[p]!) : beneath;
    return Math.abs(a - b) > 4 * view.errorAt(p) + 1.5 + 0.01 * beneath;
  }

  function partGone(placement: Lying, isHidden: (x: number, y: number) => boolean): number {
    let telling = 0;
    let bared = 0;
    let hidden = 0;
    let visible = 0;
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || topAt(p) !== placement) continue;
        visible++;
        if (isHidden(x, y)) {
          hidden++;
          continue;
        }
        if (!isTelling(placement, p)) continue;
        telling++;
        if (isBared(placement, p)) bared++;
      }
    }
    if (telling < 8 || hidden > visible * 0.5) return 0;
    return bared / telling;
  }

  function accept(component: Component, but?: Uint8Array): void {
    const grown = 3;
    for (
      let y = Math.max(0, component.top - grown);
      y <= Math.min(height - 1, component.bottom + grown);
      y++
    ) {
      for (
        let x = Math.max(0, component.left - grown);
        x <= Math.min(width - 1, component.right + grown);
        x++
      ) {
        if (!isNear(x, y, component.label)) continue;
        const p = y * width + x;
        if (but?.[p] === 1) continue;
        // As far as can be told, what is accepted shows: nothing is learned of it.
        const isHidden = mean[p]! < accepted[p]! && view.isClipped(p);
        if (!isHidden) view.accept(p);
        flags[p] = flags[p]! & ~(CHANGED | STRONG);
      }
    }
    component.cells = 0;
    view.accepting(component.top - grown, component.bottom + grown);
  }

  /** Whether a pixel is of the component or in the free cells right beside it. */
  function isNear(x: number, y: number, label: number): boolean {
    const own = components.labelAt(x, y);
    if (own === label) return true;
    if (own !== 0) return false;
    return (
      components.labelAt(Math.max(0, x - 2), y) === label ||
      components.labelAt(Math.min(width - 1, x + 2), y) === label ||
      components.labelAt(x, Math.max(0, y - 2)) === label ||
      components.labelAt(x, Math.min(height - 1, y + 2)) === label
    );
  }

  function lie(
    placementId: string,
    patch: Patch,
    component: Component,
    region: Region,
    stillSinceMs: number,
  ): Lying {
    const placement: Lying = {
      ...createPatch(width * height),
      placementId,
      beneath: accepted.slice(),
      beneathBounded: bounded.slice(),
      region,
      stillSinceMs,
    };
    placement.mask.set(patch.mask);
    lying.push(placement);
    cover(placement, component, patch);
    return placement;
  }

  function cover(placement: Lying, component: Component, also: Box): void {
    const box = union(component, also);
    fillHoles(placement.mask, component);
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] === 1) view.accept(p);
      }
    }
    measure(placement, width, box);
    accept(component);
  }

  function fillHoles(mask: Uint8Array, component: Component): void {
    for (let y = component.top; y <= component.bottom; y++) {
      let first = component.left;
      let last = component.right;
      const row = y * width;
      while (first <= last && mask[row + first] !== 1) first++;
      while (last >= first && mask[row + last] !== 1) last--;
      for (let x = first; x <= last; x++) {
        const p = row + x;
        if (mask[p] === 1) continue;
        const label = components.labelAt(x, y);
        const isFree = label === 0 || (label === component.label && (flags[p]! & CHANGED) === 0);
        if (!isFree) continue;
        if (hasAboveAndBelow(mask, x, y, component) && topAt(p) === undefined) mask[p] = 1;
      }
    }
  }

  function hasAboveAndBelow(mask: Uint8Array, x: number, y: number, box: Box): boolean {
    let above = false;
    for (let v = y - 1; v >= box.top && !above; v--) above = mask[v * width + x] === 1;
    if (!above) return false;
    for (let v = y + 1; v <= box.bottom; v++) if (mask[v * width + x] === 1) return true;
    return false;
  }

  function extend(placement: Lying, patch: Patch, component: Component): void {
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (patch.mask[p] !== 1 || placement.mask[p] === 1) continue;
        placement.beneath[p] = accepted[p]!;
        placement.beneathBounded[p] = bounded[p]!;
        placement.mask[p] = 1;
      }
    }
    cover(placement, component, placement);
  }

  function adopt(before: readonly Lying[], from: Size): void {
    const to = { width, height };
    lying = before.map((placement) => {
      const scaled: Lying = {
        ...placement,
        mask: resampleMask(placement.mask, from, to),
        beneath: resample(placement.beneath, from, to),
        beneathBounded: resampleMask(placement.beneathBounded, from, to),
      };
      measure(scaled, width, { left: 0, top: 0, right: width - 1, bottom: height - 1 });
      return scaled;
    });
  }

  function lift(placement: Lying): void {
    const at = lying.indexOf(placement);
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1) continue;
        let upper: Lying | undefined;
        for (let i = at + 1; i < lying.length && upper === undefined; i++) {
          if (lying[i]!.mask[p] === 1) upper = lying[i]!;
        }
        const values = upper?.beneath ?? accepted;
        const bounds = upper?.beneathBounded ?? bounded;
        values[p] = placement.beneath[p]!;
        bounds[p] = placement.beneathBounded[p]!;
      }
    }
    lying = lying.filter((other) => other !== placement);
  }

  return {
    all: () => lying,
    topAt,
    overlapWith,
    isBared,
    partGone,
    lie,
    extend,
    lift,
    adopt,
    accept,
    fillHoles,
  };
}
