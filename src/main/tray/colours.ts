import type { Chroma } from '../../shared/frame.ts';
import { CHANGED, STRONG } from './components.ts';

/**
 * What colour the tray and all on it has, beside its grey. Light and shade leave a surface's colour
 * nearly as it was, so that a change of it is a thing; and things of like grey are told apart by it.
 * Cameras without colours have the same everywhere, and nothing follows from it.
 */
export interface Colours {
  readonly now: Planes;
  readonly accepted: Planes;
  /**
   * Takes a picture's colours, and flags pixels of another colour than is accepted; how many of them
   * were not flagged by their grey.
   */
  take(chroma: Chroma | undefined, flags: Uint8Array): number;
  /** Begins anew with the next picture. */
  reset(): void;
  /** Makes what a pixel shows now the accepted. */
  accept(p: number): void;
}

export interface Planes {
  readonly cb: Float32Array;
  readonly cr: Float32Array;
}

/** Part of a new picture in the mean, and a step that is no noise, from which the mean begins anew. */
const FOLLOW = 0.35;
const STEP = 14;
/** Both differences together that are another colour. */
const OTHER = 20;
/** Part of what is accepted that follows slow changes, a picture. */
const ADAPT = 0.02;
const SAMPLES = 7;

export function createPlanes(size: number): Planes {
  return { cb: new Float32Array(size), cr: new Float32Array(size) };
}

/** How far two colours are from one another: the differences of blue and red together. */
export function colourDistance(a: Planes, p: number, b: Planes, q: number): number {
  return Math.abs(a.cb[p]! - b.cb[q]!) + Math.abs(a.cr[p]! - b.cr[q]!);
}

export function createColours(size: number): Colours {
  const now = createPlanes(size);
  const accepted = createPlanes(size);
  let hasNow = false;
  let hasAccepted = false;

  /** Mean of the unchanged pixels' differences: a white balance that wanders is no other colour. */
  function shiftOf(mean: Float32Array, before: Float32Array, flags: Uint8Array): number {
    let sum = 0;
    let n = 0;
    for (let p = 0; p < size; p += SAMPLES) {
      const step = mean[p]! - before[p]!;
      if (flags[p] !== 0 || Math.abs(step) > OTHER) continue;
      sum += step;
      n++;
    }
    return n < size / SAMPLES / 10 ? 0 : sum / n;
  }

  function follow(mean: Float32Array, seen: Uint8Array): void {
    for (let p = 0; p < size; p++) {
      const step = seen[p]! - mean[p]!;
      mean[p] = step > STEP || step < -STEP ? seen[p]! : mean[p]! + step * FOLLOW;
    }
  }

  function take(chroma: Chroma | undefined, flags: Uint8Array): number {
    if (chroma === undefined || chroma.cb.length !== size) return 0;
    if (!hasNow) {
      now.cb.set(chroma.cb);
      now.cr.set(chroma.cr);
      hasNow = true;
    } else {
      follow(now.cb, chroma.cb);
      follow(now.cr, chroma.cr);
    }
    if (!hasAccepted) {
      accepted.cb.set(now.cb);
      accepted.cr.set(now.cr);
      hasAccepted = true;
      return 0;
    }
    const { cb, cr } = now;
    const { cb: cbBefore, cr: crBefore } = accepted;
    const cbShift = shiftOf(cb, cbBefore, flags);
    const crShift = shiftOf(cr, crBefore, flags);
    let coloured = 0;
    for (let p = 0; p < size; p++) {
      const blue = cb[p]! - cbShift - cbBefore[p]!;
      const red = cr[p]! - crShift - crBefore[p]!;
      const distance = (blue < 0 ? -blue : blue) + (red < 0 ? -red : red);
      if (distance > OTHER) {
        if ((flags[p]! & CHANGED) === 0) coloured++;
        flags[p] = flags[p]! | CHANGED | STRONG;
      } else if (flags[p] === 0) {
        cbBefore[p] = cbBefore[p]! + (cb[p]! - cbBefore[p]!) * ADAPT;
        crBefore[p] = crBefore[p]! + (cr[p]! - crBefore[p]!) * ADAPT;
      }
    }
    return coloured;
  }

  return {
    now,
    accepted,
    take,
    reset() {
      hasNow = false;
      hasAccepted = false;
    },
    accept(p) {
      accepted.cb[p] = now.cb[p]!;
      accepted.cr[p] = now.cr[p]!;
    },
  };
}
