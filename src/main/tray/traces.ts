import type { Box } from './appearance.ts';
import type { Component, Components } from './components.ts';

/**
 * Since when each cell shows something other than is accepted, and when the last such thing left it: how
 * a thing came, which its looks alone do not tell. A hand that lays a thing down bares what it covered
 * beside it; a resting arm bares nothing; and light comes everywhere at once.
 */
export interface Traces {
  /** To be called with each picture's labels. */
  note(nowMs: number): void;
  /** Cells beside a component that something bared since the component came to its place. */
  baredSinceItCame(component: Component): number;
  /**
   * Whether a component was there from one picture to the next, and nothing moved around it before: no
   * thing comes so where a picture is taken every few hundredths of a second.
   */
  cameAtOnce(component: Component): boolean;
  /** Whether anything else was near a component, outside of a box, at or after a time. */
  visited(component: Component, outside: Box, sinceMs: number): boolean;
  reset(): void;
}

const NOTHING = 0;
const LIGHT = 1;
const THING = 2;
/** So far around a component, in cells, a hand is looked for: fingers are near, and an arm is long. */
const AROUND = 8;
const NEAR = 5;
/** An arm over a thing is seen beside it within this. */
const FAR = 20;
/** So long before something came its hand would have been seen. */
const BEFORE_MS = 400;
/** Slower pictures may miss a hand. */
const QUICK_MS = 60;
const AT_ONCE = 0.9;
const AT_ONCE_MS = 40;
const FEW_CELLS = 3;
const FEW = 0.05;
const MOST_CELLS = 0.9;

export function createTraces(components: Components): Traces {
  const { labels, accepted, cellsAcross, cellsDown, list } = components;
  const count = cellsAcross * cellsDown;
  const shows = new Uint8Array(count);
  const sinceMs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const leftMs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  /** How long before each picture the one before was taken, for the cells that came with it. */
  const gapMs = new Float32Array(count);
  let lastMs = Number.NaN;

  function note(nowMs: number): void {
    const gap = Number.isNaN(lastMs) ? Number.POSITIVE_INFINITY : nowMs - lastMs;
    lastMs = nowMs;
    for (let cell = 0; cell < count; cell++) {
      const label = labels[cell]!;
      const now = label === 0 ? NOTHING : list[label - 1]!.isLight ? LIGHT : THING;
      if (accepted[cell] === 1) {
        accepted[cell] = 0;
        shows[cell] = NOTHING;
      }
      const before = shows[cell]!;
      if (now === before) continue;
      shows[cell] = now;
      if (before === NOTHING) {
        sinceMs[cell] = nowMs;
        gapMs[cell] = gap;
      } else if (before === THING) {
        leftMs[cell] = nowMs;
      }
    }
  }

  /** When the last of its cells but a few was covered by it. */
  function cameAtMs(component: Component): number {
    const times: number[] = [];
    eachAround(component, 0, (cell) => {
      if (labels[cell] === component.label) times.push(sinceMs[cell]!);
    });
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length * MOST_CELLS)] ?? Number.POSITIVE_INFINITY;
  }

  function baredSinceItCame(component: Component): number {
    const atMs = cameAtMs(component);
    let n = 0;
    eachAround(component, AROUND, (cell) => {
      if (labels[cell] !== component.label && leftMs[cell]! >= atMs) n++;
    });
    return n;
  }

  function cameAtOnce(component: Component): boolean {
    let first = Number.POSITIVE_INFINITY;
    let own = 0;
    eachAround(component, 0, (cell) => {
      if (labels[cell] !== component.label) return;
      own++;
      first = Math.min(first, sinceMs[cell]!);
    });
    let together = 0;
    let isQuick = true;
    let others = 0;
    eachAround(component, NEAR, (cell) => {
      if (labels[cell] === component.label) {
        if (sinceMs[cell]! <= first + AT_ONCE_MS) together++;
        if (gapMs[cell]! > QUICK_MS) isQuick = false;
      } else if (shows[cell] === THING && isJustBefore(sinceMs[cell]! - first)) {
        others++;
      }
      if (leftMs[cell]! > first - BEFORE_MS && leftMs[cell] !== first) others++;
    });

    return isQuick && together >= AT_ONCE * own && others <= Math.max(FEW_CELLS, FEW * own);
  }

  function visited(component: Component, outside: Box, atMs: number): boolean {
    let n = 0;
    eachAround(component, FAR, (cell) => {
      const y = Math.floor(cell / cellsAcross) * 2;
      const x = (cell % cellsAcross) * 2;
      const isOutside =
        x < outside.left || x > outside.right || y < outside.top || y > outside.bottom;
      if (!isOutside || labels[cell] === component.label) return;
      if (shows[cell] === THING || leftMs[cell]! >= atMs) n++;
    });
    return n > FEW_CELLS;
  }

  /** Other parts of a light may come or go with it. */
  function isJustBefore(ms: number): boolean {
    return ms > -BEFORE_MS && ms < -QUICK_MS / 2;
  }

  function eachAround(component: Component, cells: number, look: (cell: number) => void): void {
    const left = Math.max(0, (component.left >> 1) - cells);
    const right = Math.min(cellsAcross - 1, (component.right >> 1) + cells);
    const top = Math.max(0, (component.top >> 1) - cells);
    const bottom = Math.min(cellsDown - 1, (component.bottom >> 1) + cells);
    for (let cy = top; cy <= bottom; cy++) {
      for (let cx = left; cx <= right; cx++) look(cy * cellsAcross + cx);
    }
  }

  return {
    note,
    baredSinceItCame,
    cameAtOnce,
    visited,
    reset() {
      shows.fill(NOTHING);
      sinceMs.fill(Number.NEGATIVE_INFINITY);
      leftMs.fill(Number.NEGATIVE_INFINITY);
      lastMs = Number.NaN;
    },
  };
}
