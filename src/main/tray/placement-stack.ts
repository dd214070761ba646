import type { Region } from '../../shared/frame.ts';
import type { Box, Patch } from './appearance.ts';
import { createPatch, measure, overlapArea, union } from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';
import type { Planes } from './colours.ts';
import { colourDistance } from './colours.ts';
import type { Component, Components } from './components.ts';
import { CHANGED, STRONG } from './components.ts';
import type { Size } from './resample.ts';
import { resample, resampleMask } from './resample.ts';

/** Both colour differences together that no light makes. */
const OTHER_COLOUR = 12;

function copyColour(from: Planes, to: Planes, p: number): void {
  to.cb[p] = from.cb[p]!;
  to.cr[p] = from.cr[p]!;
}

/** A placement: its pixels, and what lay beneath them. */
export interface PlacedObject extends Patch {
  readonly placementId: string;
  /** Grey levels in the light of the accepted picture. */
  readonly beneath: Float32Array;
  /** 1 where that was clipped, and the truth may be brighter. */
  readonly beneathBounded: Uint8Array;
  readonly beneathColours: Planes;
  readonly region: Region;
  readonly stillSinceMs: number;
  /** When it was last seen to change its shape. */
  changedMs: number;
  /** When its place was last seen bare, as when it is taken up. */
  bareSeenMs: number;
}

/** What is accepted, to lie beneath a placement. */
export interface Ground {
  readonly beneath: Float32Array;
  readonly beneathBounded: Uint8Array;
  readonly beneathColours: Planes;
}

/** What lies on the tray, one on another; the accepted picture is kept in step with it. */
export interface PlacementStack {
  /** Oldest first. */
  readonly all: () => readonly PlacedObject[];
  /** The placement that shows at a pixel. */
  topAt(p: number): PlacedObject | undefined;
  /** Changed pixels of a component on a placement's visible part. */
  overlapWith(component: Component, placement: PlacedObject): number;
  /** Whether a pixel shows again what lay beneath a placement rather than the placement. */
  isBared(placement: PlacedObject, p: number): boolean;
  /**
   * The part of a placement's telling, visible pixels that show what lay beneath it; 0 if too few can
   * be seen. `hides` tells whether what bears a label hides what is beneath it.
   */
  partGone(placement: PlacedObject, hides: (label: number) => boolean): number;
  /**
   * The accepted picture as it would be without these placements, and with the shade on them of what
   * lies over them on what lies beneath; good until the next call. It holds where something has changed:
   * what covers them wholly has not.
   */
  readonly without: (gone: readonly PlacedObject[]) => Float32Array;
  /** Takes the pixels of `patch` from a picture into the accepted one. */
  readonly uncover: (patch: Patch, picture: Float32Array) => void;
  /** A copy of what is accepted. */
  ground(): Ground;
  /**
   * Makes the pixels of `patch` a placement, and what the component shows accepted. Two that are laid at
   * one moment have the same ground, as it was before the first.
   */
  lie(
    placementId: string,
    patch: Patch,
    component: Component,
    region: Region,
    stillSinceMs: number,
    ground?: Ground,
  ): PlacedObject;
  /** Makes the pixels of `patch` within the component a part of a placement too. */
  extend(placement: PlacedObject, patch: Patch, component: Component, nowMs: number): void;
  /** Puts back what lay beneath a placement, so that what a hand still hides of it is no news later. */
  lift(placement: PlacedObject): void;
  /** Takes over what lay there in another size. */
  adopt(lying: readonly PlacedObject[], from: Size): void;
  /** Takes a component, and the cells around it, into the accepted picture. */
  accept(component: Component, but?: Uint8Array): void;
  /** Adds free pixels within a mask: the middle of an item as grey as the tray is of the item too. */
  fillHoles(mask: Uint8Array, component: Component): void;
}

export function createPlacementStack(
  width: number,
  height: number,
  background: BackgroundModel,
  components: Components,
): PlacementStack {
  const { accepted, mean, flags, bounded, colours } = background;
  let lying: PlacedObject[] = [];
  /** Which of them shows at each pixel. */
  const tops = Array.from<PlacedObject | undefined>({ length: width * height });
  /** The first and the last row of a mask in each column. */
  const bare = new Float32Array(width * height);
  const uppermost = new Int32Array(width);
  const lowermost = new Int32Array(width);

  function topAt(p: number): PlacedObject | undefined {
    return tops[p];
  }

  /** Puts a placement's pixels on top of all that lies deeper. */
  function raise(placement: PlacedObject): void {
    const { mask, left, top, right, bottom } = placement;
    const order = lying.indexOf(placement);
    for (let y = top; y <= bottom; y++) {
      for (let p = y * width + left, last = y * width + right; p <= last; p++) {
        if (mask[p] !== 1) continue;
        const before = tops[p];
        if (before === undefined || lying.indexOf(before) < order) tops[p] = placement;
      }
    }
  }

  function overlapWith(component: Component, placement: PlacedObject): number {
    if (overlapArea(component, placement) === 0) return 0;
    const { labels, cellsAcross } = components;
    const { label } = component;
    const top = Math.max(component.top, placement.top);
    const bottom = Math.min(component.bottom, placement.bottom);
    const left = Math.max(component.left, placement.left);
    const right = Math.min(component.right, placement.right);
    let n = 0;
    for (let y = top; y <= bottom; y++) {
      const row = y * width;
      const cells = (y >> 1) * cellsAcross;
      for (let x = left; x <= right; x++) {
        const p = row + x;
        if (tops[p] !== placement || (flags[p]! & CHANGED) === 0) continue;
        if (labels[cells + (x >> 1)] === label) n++;
      }
    }
    return n;
  }

  function isBared(placement: PlacedObject, p: number): boolean {
    return shows(placement, p, background.errorAt(p));
  }

  /** Whether a pixel whose mean may be off by `error` shows what lay beneath a placement. */
  function shows(placement: PlacedObject, p: number, error: number): boolean {
    const beneath = placement.beneath[p]!;
    const now = mean[p]!;
    const before = accepted[p]!;
    const colourOff = colourDistance(colours.now, p, placement.beneathColours, p);
    if (colourOff > OTHER_COLOUR) return false;
    // Of like grey they may be, and yet of another colour: then that tells.
    const colourApart = colourDistance(colours.accepted, p, placement.beneathColours, p);
    if (colourApart > 2 * OTHER_COLOUR) return colourOff < 0.4 * colourApart;
    // Where either is clipped, it is enough that the placement does not show.
    if (now < beneath ? background.isClipped(p) : placement.beneathBounded[p] === 1) {
      return now - before > 3 * error + 1 + 0.008 * before;
    }
    const off = Math.abs(now - beneath);
    const tolerance = 3 * error + 2 + 0.03 * beneath;
    const near = Math.max(tolerance, 0.4 * Math.abs(before - beneath));
    return off < near && off < 0.6 * Math.abs(now - before);
  }

  /** Whether a placement's pixel would show another grey were it gone. */
  function isTelling(placement: PlacedObject, p: number, error: number): boolean {
    const beneath = placement.beneath[p]!;
    const before = accepted[p]!;
    if (colourDistance(colours.accepted, p, placement.beneathColours, p) > 2 * OTHER_COLOUR) {
      return true;
    }
    let apart = Math.abs(before - beneath);
    if (background.isClipped(p)) {
      // Above what is clipped now nothing can be told.
      const now = mean[p]!;
      apart = Math.abs(Math.min(before, now) - Math.min(beneath, now));
    }
    return apart > 4 * error + 1.5 + 0.01 * beneath;
  }

  function partGone(placement: PlacedObject, hides: (label: number) => boolean): number {
    const { labels, cellsAcross } = components;
    const { left, top, right, bottom } = placement;
    let telling = 0;
    let bared = 0;
    let hidden = 0;
    let visible = 0;
    for (let y = top; y <= bottom; y++) {
      const row = y * width;
      const cells = (y >> 1) * cellsAcross;
      for (let x = left; x <= right; x++) {
        const p = row + x;
        if (tops[p] !== placement) continue;
        visible++;
        const label = labels[cells + (x >> 1)]!;
        if (label !== 0 && hides(label)) {
          hidden++;
          continue;
        }
        const error = background.errorAt(p);
        if (!isTelling(placement, p, error)) continue;
        telling++;
        if (shows(placement, p, error)) bared++;
      }
    }
    if (telling < 8 || hidden > visible * 0.5) return 0;
    return bared / telling;
  }

  function without(gone: readonly PlacedObject[]): Float32Array {
    bare.set(accepted);
    for (const placement of gone) {
      const { mask, beneath, left, top, right, bottom } = placement;
      for (let y = top; y <= bottom; y++) {
        for (let p = y * width + left, last = y * width + right; p <= last; p++) {
          if (mask[p] !== 1) continue;
          const upper = tops[p]!;
          const isShade = upper !== placement && !gone.includes(upper);
          const share = isShade ? Math.min(1, accepted[p]! / Math.max(1, upper.beneath[p]!)) : 1;
          bare[p] = beneath[p]! * share;
        }
      }
    }
    return bare;
  }

  function uncover(patch: Patch, picture: Float32Array): void {
    for (let y = patch.top; y <= patch.bottom; y++) {
      for (let p = y * width + patch.left, last = y * width + patch.right; p <= last; p++) {
        if (patch.mask[p] === 1) accepted[p] = picture[p]!;
      }
    }
  }

  function accept(component: Component, but?: Uint8Array): void {
    const { labels, cellsAcross, cellsDown } = components;
    const { label } = component;
    const lastX = Math.min(cellsAcross - 1, (component.right >> 1) + 1);
    const lastY = Math.min(cellsDown - 1, (component.bottom >> 1) + 1);
    const firstX = Math.max(0, (component.left >> 1) - 1);
    const firstY = Math.max(0, (component.top >> 1) - 1);
    for (let cy = firstY; cy <= lastY; cy++) {
      for (let cx = firstX; cx <= lastX; cx++) {
        const cell = cy * cellsAcross + cx;
        const own = labels[cell]!;
        // The free cells right beside it too.
        const isNear =
          own === label ||
          (own === 0 &&
            ((cx > 0 && labels[cell - 1] === label) ||
              (cx + 1 < cellsAcross && labels[cell + 1] === label) ||
              (cy > 0 && labels[cell - cellsAcross] === label) ||
              (cy + 1 < cellsDown && labels[cell + cellsAcross] === label)));
        if (isNear) acceptCell(cx * 2, cy * 2, but);
      }
    }
    component.cells = 0;
    const grown = 3;
    background.accepting(component.top - grown, component.bottom + grown);
  }

  function acceptCell(left: number, top: number, but: Uint8Array | undefined): void {
    const right = Math.min(width - 1, left + 1);
    const bottom = Math.min(height - 1, top + 1);
    components.accepted[(top >> 1) * components.cellsAcross + (left >> 1)] = 1;
    for (let y = top; y <= bottom; y++) {
      for (let p = y * width + left; p <= y * width + right; p++) {
        if (but?.[p] === 1) continue;
        // As far as can be told, what is accepted shows: nothing is learned of it.
        const isHidden = mean[p]! < accepted[p]! && background.isClipped(p);
        if (!isHidden) background.accept(p);
        flags[p] = flags[p]! & ~(CHANGED | STRONG);
      }
    }
  }

  function ground(): Ground {
    const { cb, cr } = colours.accepted;
    const beneathColours = { cb: cb.slice(), cr: cr.slice() };
    return { beneath: accepted.slice(), beneathBounded: bounded.slice(), beneathColours };
  }

  function lie(
    placementId: string,
    patch: Patch,
    component: Component,
    region: Region,
    stillSinceMs: number,
    { beneath, beneathBounded, beneathColours } = ground(),
  ): PlacedObject {
    const placement: PlacedObject = {
      ...createPatch(width * height),
      placementId,
      beneath: beneath.slice(),
      beneathBounded: beneathBounded.slice(),
      beneathColours: { cb: beneathColours.cb.slice(), cr: beneathColours.cr.slice() },
      region,
      stillSinceMs,
      changedMs: stillSinceMs,
      bareSeenMs: Number.NEGATIVE_INFINITY,
    };
    placement.mask.set(patch.mask);
    lying.push(placement);
    cover(placement, component, patch);
    return placement;
  }

  function cover(placement: PlacedObject, component: Component, also: Box): void {
    const box = union(component, also);
    fillHoles(placement.mask, component);
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] === 1) background.accept(p);
      }
    }
    measure(placement, width, box);
    raise(placement);
    accept(component);
  }

  function fillHoles(mask: Uint8Array, component: Component): void {
    const { left, top, right, bottom } = component;
    uppermost.fill(height, left, right + 1);
    lowermost.fill(-1, left, right + 1);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        if (mask[y * width + x] !== 1) continue;
        if (uppermost[x] === height) uppermost[x] = y;
        lowermost[x] = y;
      }
    }
    for (let y = top; y <= bottom; y++) {
      const row = y * width;
      let first = left;
      let last = right;
      while (first <= last && mask[row + first] !== 1) first++;
      while (last >= first && mask[row + last] !== 1) last--;
      for (let x = first; x <= last; x++) {
        const p = row + x;
        if (mask[p] === 1 || y < uppermost[x]! || y > lowermost[x]!) continue;
        const label = components.labelAt(x, y);
        const isFree = label === 0 || (label === component.label && (flags[p]! & CHANGED) === 0);
        if (isFree && tops[p] === undefined) mask[p] = 1;
      }
    }
  }

  function extend(
    placement: PlacedObject,
    patch: Patch,
    component: Component,
    nowMs: number,
  ): void {
    placement.changedMs = nowMs;
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (patch.mask[p] !== 1 || placement.mask[p] === 1) continue;
        placement.beneath[p] = accepted[p]!;
        placement.beneathBounded[p] = bounded[p]!;
        copyColour(colours.accepted, placement.beneathColours, p);
        placement.mask[p] = 1;
      }
    }
    cover(placement, component, placement);
  }

  function adopt(before: readonly PlacedObject[], from: Size): void {
    const to = { width, height };
    lying = before.map((placement) => {
      const scaled: PlacedObject = {
        ...placement,
        mask: resampleMask(placement.mask, from, to),
        beneath: resample(placement.beneath, from, to),
        beneathBounded: resampleMask(placement.beneathBounded, from, to),
        beneathColours: {
          cb: resample(placement.beneathColours.cb, from, to),
          cr: resample(placement.beneathColours.cr, from, to),
        },
      };
      measure(scaled, width, { left: 0, top: 0, right: width - 1, bottom: height - 1 });
      return scaled;
    });
    tops.fill(undefined);
    for (const placement of lying) raise(placement);
  }

  function lift(placement: PlacedObject): void {
    const at = lying.indexOf(placement);
    const below = lying.slice(0, at);
    const above = lying.slice(at + 1);
    lying = [...below, ...above];
    const { mask, beneath, beneathBounded, left, top, right, bottom } = placement;
    for (let y = top; y <= bottom; y++) {
      for (let p = y * width + left, last = y * width + right; p <= last; p++) {
        if (mask[p] !== 1) continue;
        if (tops[p] === placement) {
          accepted[p] = beneath[p]!;
          bounded[p] = beneathBounded[p]!;
          copyColour(placement.beneathColours, colours.accepted, p);
          tops[p] = below.findLast((other) => other.mask[p] === 1);
          continue;
        }
        const upper = above.find((other) => other.mask[p] === 1);
        if (upper === undefined) continue;
        upper.beneath[p] = beneath[p]!;
        upper.beneathBounded[p] = beneathBounded[p]!;
        copyColour(placement.beneathColours, upper.beneathColours, p);
      }
    }
  }

  return {
    all: () => lying,
    topAt,
    overlapWith,
    isBared,
    partGone,
    without,
    uncover,
    ground,
    lie,
    extend,
    lift,
    adopt,
    accept,
    fillHoles,
  };
}
