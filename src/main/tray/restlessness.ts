import type { LightFit } from './light-fit.ts';

/**
 * Tells when the whole tray goes on changing, as under a lamp that swings, a fan between lamp and tray
 * or lamps of deep flicker: nothing stays as it is for long enough to be told. The picture's brightness
 * is looked at in a few large cells, where noise and texture even out; what the fitted light explains,
 * or changes all of them alike, as a camera's exposure does, hinders nobody. A person who works over the
 * tray changes a part of it at a time, and does not go on to do so at all of its sides.
 */
export interface Restlessness {
  look(picture: EvenedPicture, nowMs: number): void;
  /** Takes a picture of which all that is known is that it is quite another one than the last. */
  jump(nowMs: number): void;
  /** Whether the tray has been without rest for long enough to be said, or is not yet at rest again. */
  isSo(nowMs: number): boolean;
  /** The camera comes back. */
  restart(): void;
}

/** A picture without bands of the mains, and how its light differs from that of others; null if unknown. */
export interface EvenedPicture {
  readonly picture: Float32Array;
  readonly light: Pick<LightFit, 'gain' | 'offset'> | null;
}

interface Seen {
  readonly atMs: number;
  /** For each cell, as logarithms of their brightness. */
  readonly levels: Float64Array;
}

const COLUMNS = 6;
const ROWS = 4;
const CELLS = COLUMNS * ROWS;
/** Every so many pixels one is looked at. */
const STRIDE = 3;
/** In the dark a level is no large part of the light. */
const LEAST_LEVEL = 4;
/** Light that is fitted to what it does not explain may be any. */
const LEAST_GAIN = 0.1;
/** A picture is held against the newest one that is so much older, and a cell changes by such a part. */
const LAG_MS = 90;
const CHANGE = 0.04;
/** So many cells change where all of the tray does, and at so many of its sides. */
const CHANGING_CELLS = 8;
const CHANGING_SIDES = 3;
/** The light of a lamp that swings is at one side after the other; in so long at all of them. */
const ALL_SIDES_MS = 1000;
/** It stands still for a moment where it turns. */
const PAUSE_MS = 300;
const SAID_AFTER_MS = 3500;
const GONE_AFTER_MS = 3000;

export function createRestlessness(width: number, height: number): Restlessness {
  const size = width * height;
  const cellOf = new Uint8Array(size);
  const pixelsIn = new Float64Array(CELLS);
  for (let p = 0; p < size; p++) {
    const column = Math.floor(((p % width) * COLUMNS) / width);
    const row = Math.floor((Math.floor(p / width) * ROWS) / height);
    const cell = row * COLUMNS + column;
    cellOf[p] = cell;
    if (p % STRIDE === 0) pixelsIn[cell] = pixelsIn[cell]! + 1;
  }
  /** Oldest first; the first is as old as `LAG_MS` asks for. */
  let past: Seen[] = [];
  const sideChangedMs = { left: -Infinity, top: -Infinity, right: -Infinity, bottom: -Infinity };
  let isSaid = false;
  let sinceMs = Number.NaN;
  let lastMs = Number.NEGATIVE_INFINITY;

  function levelsOf({ picture, light }: EvenedPicture): Float64Array {
    const sums = new Float64Array(CELLS);
    for (let p = 0; p < size; p += STRIDE) {
      const cell = cellOf[p]!;
      sums[cell] = sums[cell]! + picture[p]!;
    }
    return sums.map((sum, cell) => {
      const mean = sum / pixelsIn[cell]! - (light?.offset ?? 0);
      const gain = light === null ? 1 : Math.max(LEAST_GAIN, gainIn(cell, light.gain));
      return Math.log(Math.max(0, mean / gain) + LEAST_LEVEL);
    });
  }

  function changesAllOver(before: Float64Array, now: Float64Array, nowMs: number): boolean {
    const steps = now.map((level, cell) => level - before[cell]!);
    const common = steps.toSorted()[CELLS / 2]!;
    let cells = 0;
    for (let cell = 0; cell < CELLS; cell++) {
      if (Math.abs(steps[cell]! - common) <= CHANGE) continue;
      cells++;
      const column = cell % COLUMNS;
      if (column === 0) sideChangedMs.left = nowMs;
      if (column === COLUMNS - 1) sideChangedMs.right = nowMs;
      if (cell < COLUMNS) sideChangedMs.top = nowMs;
      if (cell >= CELLS - COLUMNS) sideChangedMs.bottom = nowMs;
    }
    const sides = Object.values(sideChangedMs);
    return (
      cells >= CHANGING_CELLS &&
      sides.filter((changedMs) => changedMs === nowMs).length >= CHANGING_SIDES &&
      sides.every((changedMs) => nowMs - changedMs <= ALL_SIDES_MS)
    );
  }

  function jump(nowMs: number): void {
    if (nowMs - lastMs > PAUSE_MS) sinceMs = nowMs;
    lastMs = nowMs;
  }

  return {
    look(picture, nowMs) {
      const now: Seen = { atMs: nowMs, levels: levelsOf(picture) };
      while (past.length > 1 && nowMs - past[1]!.atMs >= LAG_MS) past.shift();
      const [before] = past;
      if (
        before !== undefined &&
        nowMs - before.atMs >= LAG_MS &&
        changesAllOver(before.levels, now.levels, nowMs)
      ) {
        jump(nowMs);
      }
      past.push(now);
    },
    jump,
    isSo(nowMs) {
      const restMs = nowMs - lastMs;
      isSaid = isSaid
        ? restMs < GONE_AFTER_MS
        : restMs <= PAUSE_MS && nowMs - sinceMs >= SAID_AFTER_MS;
      return isSaid;
    },
    restart() {
      past = [];
      isSaid = false;
      lastMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** At a cell's middle. */
function gainIn(cell: number, gain: Float64Array): number {
  const x = (2 * ((cell % COLUMNS) + 0.5)) / COLUMNS - 1;
  const y = (2 * (Math.floor(cell / COLUMNS) + 0.5)) / ROWS - 1;
  const [level = 1, tiltX = 0, tiltY = 0, bendX = 0, bendY = 0, twist = 0] = gain;
  return level + tiltX * x + tiltY * y + bendX * x * x + bendY * y * y + twist * x * y;
}
