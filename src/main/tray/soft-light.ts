import type { BackgroundModel } from './background-model.ts';
import { CHANGED, STRONG } from './components.ts';

/**
 * Tells soft light from things, cell by cell (2×2 pixels), so that neither a walker's shade nor a lamp's
 * glow joins what lies in it. Light on whatever ground changes it by a factor that passes smoothly from
 * nothing to its most; a thing begins at an edge. So the light floods in from where nothing changed, over
 * cells around which the factor is smooth, and what it does not reach is enclosed by edges.
 */
export interface SoftLight {
  /** Marks the cells anew. */
  find(flags: Uint8Array): void;
  /** 1 where a cell differs from what is accepted by soft light alone, or not at all. */
  readonly isLight: Uint8Array;
}

/** Over four pixels the factor of soft light changes by no more than this, noise apart. */
const SMOOTH = 0.03;
const LEAST_FACTOR = 0.35;
const MOST_FACTOR = 1.6;
/** Part of the picture that is as accepted, from which light floods in. */
const LEAST_CALM = 0.04;
/** Part of the picture's cells. */
const FEW_CHANGED = 0.012;
/** Boxes of light are at least such parts of the picture. */
const WIDE = 0.2;
const WIDE_AT_BORDER = 0.06;
/** By so many pixels the camera's place may be misjudged. */
const MISPLACED = 0.1;

export function createSoftLight(
  width: number,
  height: number,
  background: BackgroundModel,
): SoftLight {
  const { accepted, mean, counts } = background;
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const count = across * down;
  const isLight = new Uint8Array(count);
  const isChanged = new Uint8Array(count);
  const isSeen = new Uint8Array(count);
  const isSmooth = new Uint8Array(count);
  const greys = new Float32Array(count);
  const raw = new Float32Array(count);
  const rows = new Float32Array(count);
  const factors = new Float32Array(count);
  const queue = new Int32Array(count);

  function measure(flags: Uint8Array): number {
    const any = CHANGED | STRONG;
    let n = 0;
    for (let cy = 0, cell = 0; cy < down; cy++) {
      const up = cy * 2 * width;
      const low = Math.min(height - 1, cy * 2 + 1) * width;
      for (let cx = 0; cx < across; cx++, cell++) {
        const x = cx * 2;
        const x1 = x + 1 < width ? x + 1 : x;
        const before =
          accepted[up + x]! + accepted[up + x1]! + accepted[low + x]! + accepted[low + x1]!;
        const now = mean[up + x]! + mean[up + x1]! + mean[low + x]! + mean[low + x1]!;
        greys[cell] = before;
        raw[cell] = (now + 16) / (before + 16);
        const all = flags[up + x]! | flags[up + x1]! | flags[low + x]! | flags[low + x1]!;
        const changed = (all & any) !== 0 ? 1 : 0;
        isChanged[cell] = changed;
        n += changed;
      }
    }
    return n;
  }

  /** Means over 3×3 cells, whose noise is a third. */
  function smoothFactors(): void {
    for (let cy = 0; cy < down; cy++) {
      const first = cy * across;
      const last = first + across - 1;
      for (let cell = first; cell <= last; cell++) {
        const left = cell > first ? raw[cell - 1]! : raw[cell]!;
        const right = cell < last ? raw[cell + 1]! : raw[cell]!;
        rows[cell] = left + raw[cell]! + right;
      }
    }
    for (let cy = 0, cell = 0; cy < down; cy++) {
      const up = cy > 0 ? -across : 0;
      const low = cy < down - 1 ? across : 0;
      for (let cx = 0; cx < across; cx++, cell++) {
        factors[cell] = (rows[cell + up]! + rows[cell]! + rows[cell + low]!) / 9;
      }
    }
  }

  function findSmooth(): void {
    const noise = 4 * 2 * counts.noise;
    for (let cy = 0, cell = 0; cy < down; cy++) {
      const up = cy > 0 ? -across : 0;
      const low = cy < down - 1 ? across : 0;
      for (let cx = 0; cx < across; cx++, cell++) {
        const left = cx > 0 ? -1 : 0;
        const right = cx < across - 1 ? 1 : 0;
        const before = greys[cell]! + 16;
        const slope =
          Math.abs(greys[cell + right]! - greys[cell + left]!) +
          Math.abs(greys[cell + low]! - greys[cell + up]!);
        const limit = SMOOTH + (noise + MISPLACED * slope) / before;
        const f = factors[cell]!;
        isSmooth[cell] =
          f > LEAST_FACTOR &&
          f < MOST_FACTOR &&
          Math.abs(factors[cell + right]! - factors[cell + left]!) <= limit &&
          Math.abs(factors[cell + low]! - factors[cell + up]!) <= limit
            ? 1
            : 0;
      }
    }
  }

  /** Whether nothing changed around: along the edge of a bright thing in its own shade a line looks so. */
  function isCalm(cell: number): boolean {
    const up = cell - across;
    const low = cell + across;
    return (
      (isChanged[up - 1]! | isChanged[up]! | isChanged[up + 1]!) === 0 &&
      (isChanged[cell - 1]! | isChanged[cell]! | isChanged[cell + 1]!) === 0 &&
      (isChanged[low - 1]! | isChanged[low]! | isChanged[low + 1]!) === 0
    );
  }

  function find(flags: Uint8Array): void {
    isLight.fill(0);
    // So few cells are no wide light, and noise alone changes some.
    if (measure(flags) < FEW_CHANGED * count) return;
    smoothFactors();
    findSmooth();
    isSeen.fill(0);
    for (let cy = 1; cy < down - 1; cy++) {
      for (let cell = cy * across + 1, end = cell + across - 2; cell < end; cell++) {
        if (isSeen[cell] === 0 && isCalm(cell)) floodFrom(cell);
      }
    }
    isSeen.fill(0);
    for (let cell = 0; cell < count; cell++) {
      if (isSeen[cell] === 0 && isChangedLight(cell)) keepWide(cell);
    }
  }

  function isChangedLight(cell: number): boolean {
    return isLight[cell] === 1 && isChanged[cell] === 1;
  }

  /** What is small and within the picture is a thing's own shade, or a thing that is hard to see. */
  function keepWide(start: number): void {
    isSeen[start] = 1;
    queue[0] = start;
    let tail = 1;
    let left = across;
    let right = 0;
    let top = down;
    let bottom = 0;
    for (let head = 0; head < tail; head++) {
      const cell = queue[head]!;
      const cx = cell % across;
      const cy = (cell - cx) / across;
      left = Math.min(left, cx);
      right = Math.max(right, cx);
      top = Math.min(top, cy);
      bottom = Math.max(bottom, cy);
      if (cx > 0) tail = gather(cell - 1, tail);
      if (cx < across - 1) tail = gather(cell + 1, tail);
      if (cy > 0) tail = gather(cell - across, tail);
      if (cy < down - 1) tail = gather(cell + across, tail);
    }
    const isAtBorder = left === 0 || top === 0 || right === across - 1 || bottom === down - 1;
    const box = (right - left + 1) * (bottom - top + 1);
    if (box >= (isAtBorder ? WIDE_AT_BORDER : WIDE) * count) return;
    for (let i = 0; i < tail; i++) isLight[queue[i]!] = 0;
  }

  function gather(cell: number, tail: number): number {
    if (isSeen[cell] === 1 || !isChangedLight(cell)) return tail;
    isSeen[cell] = 1;
    queue[tail] = cell;
    return tail + 1;
  }

  /** Where little is calm it is within a thing as grey as the tray: that is enclosed, and no light. */
  function floodFrom(start: number): void {
    isSeen[start] = 1;
    queue[0] = start;
    let tail = 1;
    let calm = 0;
    for (let head = 0; head < tail; head++) {
      const cell = queue[head]!;
      const cx = cell % across;
      if (cx > 0) tail = reach(cell - 1, tail);
      if (cx < across - 1) tail = reach(cell + 1, tail);
      if (cell >= across) tail = reach(cell - across, tail);
      if (cell < count - across) tail = reach(cell + across, tail);
      if (isChanged[cell] === 0) calm++;
    }
    if (calm < LEAST_CALM * count) return;
    for (let i = 0; i < tail; i++) isLight[queue[i]!] = 1;
  }

  function reach(cell: number, tail: number): number {
    if (isSeen[cell] === 1 || isSmooth[cell] === 0) return tail;
    isSeen[cell] = 1;
    queue[tail] = cell;
    return tail + 1;
  }

  return { find, isLight };
}
