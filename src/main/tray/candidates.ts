import type { Box } from './appearance.ts';
import { boxArea, boxGap, overlapArea } from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';
import { createGapMerger } from './gap-merger.ts';
import { createSoftLight } from './soft-light.ts';
import type { Traces } from './traces.ts';
import { createTraces } from './traces.ts';
import type { TrayOptions } from './tray-options.ts';

/** What is known of one component in one picture. */
export interface Candidate {
  readonly component: Component;
  stillSinceMs: number;
  stillPictures: number;
  /** Crosses the picture's border, as an arm does. */
  isArm: boolean;
  /** Comes or goes slowly. */
  isFading: boolean;
  /** Has been still for long enough to be judged. */
  due: boolean;
}

/** A component, or it and what belongs to it; good until the next is asked for. */
export interface Reach extends Box {
  readonly borderCells: number;
  /** Whether what bears this label is of it. */
  has(label: number): boolean;
  /** Whether there is more of it than the component. */
  readonly isMore: boolean;
}

/** The changed parts of the picture, and since when each lies still. */
export interface Candidates {
  readonly list: readonly Candidate[];
  readonly traces: Traces;
  /** When something last moved over the picture's border, as an arm does. */
  readonly armMovedMs: () => number;
  /** A component with the soft light around it: an arm may reach over the border in that alone. */
  reachOf(component: Component): Reach;
  /** Notes a picture's time; to be called for each, so that stillness can be told in milliseconds. */
  tick(nowMs: number): void;
  /** Finds them anew; returns how many of `list` hold. */
  find(nowMs: number): number;
  /** Whether what bears this label is still moving, so that nothing is known of what it hides. */
  hides(label: number): boolean;
  /**
   * Joins to a component the still soft light that touches it, as where a thing's edges are faint a part
   * of it looks so; whether there was any.
   */
  takeLight(candidate: Candidate): boolean;
  /** Whether an arm, moving or at rest, is close by: it may be the hand of that. */
  isBesideArm(component: Component): boolean;
  /** Whether it touches a thing or an arm: it may be a part of that. */
  isBesideThing(candidate: Candidate): boolean;
  /** Whether something that moved lately, as an arm does, is close by. */
  isNearArm(candidate: Candidate, nowMs: number): boolean;
}

const changedBit = CHANGED;
/** Edges and shades of one item may show a little one after another. */
export const SAME_MOMENT_MS = 120;
/** Part of its difference that a component may gain or lose from one picture to the next. */
const FADING = 0.06;
/** Boxes of soft light larger than this part of the picture are no part of a thing. */
/** Between a hand as grey as the tray at its wrist and its sleeve there may be so much. */
const HAND_PX = 6;
/** So long a hand holds a thing at its place before it lets go. */
const HELD_MS = 1500;
const MOST_FLOODED = 0.2;
/** Pictures whose time is remembered; more than the longest stillness that is counted. */
const TIMES = 256;
/** Stillness is counted up to this. */
const LONGEST = 240;
/** An age of so many pictures and more is looked up in a component's own pixels. */
const OLD = 15;
const AGES = OLD + 1;

export function createCandidates(
  width: number,
  height: number,
  background: BackgroundModel,
  components: Components,
  settings: TrayOptions,
): Candidates {
  const { accepted, mean, still, innovation, flags } = background;
  const softLight = createSoftLight(width, height, background);
  const traces = createTraces(components);
  const ofReach = new Uint8Array(components.list.length + 1);
  const isBridged = createGapMerger(width, height, background, components);
  const minPixels = Math.max(20, settings.minArea * width * height);
  const armCells = Math.max(3, (settings.armContact * Math.min(width, height)) / 2);
  const nearArmPx = Math.max(4, Math.round(width * 0.06));
  const times = new Float64Array(TIMES);
  const slots = components.list.length + 1;
  const ages = new Int32Array(slots * AGES);
  const changedPixels = new Int32Array(slots);
  const longAges = new Int32Array(TIMES);
  const depths = new Float64Array(slots);
  const fades = new Float64Array(slots);
  const list: Candidate[] = components.list.map((component) => ({
    component,
    stillSinceMs: 0,
    stillPictures: 0,
    isArm: false,
    isFading: false,
    due: false,
  }));
  let pictures = 0;
  let count = 0;
  let armMovedMs = Number.NEGATIVE_INFINITY;

  function tick(nowMs: number): void {
    pictures++;
    times[pictures % TIMES] = nowMs;
  }

  function find(nowMs: number): number {
    softLight.find(flags);
    count = components.find(flags, softLight.isLight);
    measureStillness();
    joinParts();
    traces.note(nowMs);
    for (let i = 0; i < count; i++) {
      const candidate = list[i]!;
      const { component } = candidate;
      candidate.isArm = component.borderCells >= armCells;
      const isMoving = candidate.stillPictures === 0 && component.cells * 4 >= minPixels;
      if (candidate.isArm && isMoving && !component.isLight) armMovedMs = nowMs;
      candidate.due =
        candidate.component.cells > 0 &&
        candidate.stillPictures >= 1 &&
        !candidate.isFading &&
        nowMs - candidate.stillSinceMs >= settings.stillMs;
    }
    return count;
  }

  function measureStillness(): void {
    ages.fill(0, 0, (count + 1) * AGES);
    changedPixels.fill(0, 0, count + 1);
    depths.fill(0, 0, count + 1);
    fades.fill(0, 0, count + 1);
    const { labels, changed, cellsAcross } = components;
    const cellCount = components.changedCells();
    const across = width;
    for (let i = 0; i < cellCount; i++) {
      const cell = changed[i]!;
      const label = labels[cell]!;
      if (label === 0) continue;
      const cy = Math.floor(cell / cellsAcross);
      const x = (cell - cy * cellsAcross) * 2;
      const p = cy * 2 * across + x;
      const isWide = x + 1 < across;
      measurePixel(label, p);
      if (isWide) measurePixel(label, p + 1);
      if (cy * 2 + 1 >= height) continue;
      measurePixel(label, p + across);
      if (isWide) measurePixel(label, p + across + 1);
    }
    for (let i = 0; i < count; i++) {
      const candidate = list[i]!;
      const { label } = candidate.component;
      // What comes or goes by less than the noise of a pixel still shows in the sum over all of them.
      candidate.isFading = Math.abs(fades[label]!) > FADING * depths[label]!;
      const most = changedPixels[label]! * 0.02 + 1;
      let sum = 0;
      let age = 0;
      while (age < OLD) {
        sum += ages[label * AGES + age]!;
        if (sum > most) break;
        age++;
      }
      candidate.stillPictures = age;
      const pictureCount = age < OLD ? age : longStill(candidate.component);
      candidate.stillSinceMs = times[(pictures - pictureCount) % TIMES]!;
    }
  }

  function measurePixel(label: number, p: number): void {
    if ((flags[p]! & changedBit) === 0) return;
    const age = label * AGES + Math.min(OLD, still[p]!);
    ages[age] = ages[age]! + 1;
    changedPixels[label] = changedPixels[label]! + 1;
    const difference = mean[p]! - accepted[p]!;
    depths[label] = depths[label]! + Math.abs(difference);
    fades[label] = fades[label]! + (difference > 0 ? innovation[p]! : -innovation[p]!);
  }

  /** For a component still for 15 pictures or more: for how many, by all but 2% of its pixels. */
  function longStill(component: Component): number {
    const { labels, cellsAcross } = components;
    longAges.fill(0);
    for (let y = component.top; y <= component.bottom; y++) {
      const cells = (y >> 1) * cellsAcross;
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (labels[cells + (x >> 1)] !== component.label || (flags[p]! & changedBit) === 0)
          continue;
        longAges[still[p]!] = longAges[still[p]!]! + 1;
      }
    }
    const most = changedPixels[component.label]! * 0.02 + 1;
    let younger = 0;
    let age = 0;
    while (age < LONGEST) {
      younger += longAges[age]!;
      if (younger > most) break;
      age++;
    }
    return Math.min(age, pictures - 1);
  }

  /** Rims and shades of an item as grey as the tray come in parts; parts that embrace are one thing. */
  function joinParts(): void {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        const a = list[i]!;
        const b = list[j]!;
        if (a.component.cells < b.component.cells || b.component.cells === 0) continue;
        if (a.component.borderCells >= armCells || b.component.borderCells >= armCells) continue;
        const isTogether = a.component.isLight !== b.component.isLight;
        if (isTogether) {
          if (!areOneThing(a, b)) continue;
        } else if (Math.abs(a.stillSinceMs - b.stillSinceMs) > SAME_MOMENT_MS) continue;
        const shared = overlapArea(a.component, b.component);
        const fillA = (a.component.cells * 4) / boxArea(a.component);
        const within = shared / boxArea(b.component);
        if (isTogether || within > 0.8 || (within > 0.4 && fillA < 0.35) || areBridged(a, b)) {
          components.join(a.component, b.component);
          a.stillSinceMs = Math.max(a.stillSinceMs, b.stillSinceMs);
          a.stillPictures = Math.min(a.stillPictures, b.stillPictures);
        }
      }
    }
  }

  /** Where a thing's edge is faint, light seems to flood it; it comes and rests with the rest of it. */
  function areOneThing(a: Candidate, b: Candidate): boolean {
    const [light, thing] = a.component.isLight ? [a, b] : [b, a];
    return (
      light.stillPictures >= 1 &&
      thing.stillPictures >= 1 &&
      !light.isFading &&
      light.stillSinceMs > thing.stillSinceMs - HELD_MS &&
      boxArea(light.component) < MOST_FLOODED * width * height &&
      touch(light.component, thing.component) &&
      !isShadeBetween(light.component, thing.component)
    );
  }

  /** Two things may stand in one shade; what is smaller than either is no middle of one. */
  function isShadeBetween(light: Component, thing: Component): boolean {
    for (let i = 0; i < count; i++) {
      const { component: other, stillPictures } = list[i]!;
      if (other === thing || other.isLight || stillPictures < 1) continue;
      if (other.cells * 4 < minPixels * 0.5 || !touch(light, other)) continue;
      if (light.cells < Math.min(thing.cells, other.cells)) return true;
    }
    return false;
  }

  function takeLight(candidate: Candidate): boolean {
    const { component } = candidate;
    let hasTaken = false;
    for (let i = 0; i < count; i++) {
      const { component: light, due } = list[i]!;
      if (!light.isLight || light === component || light.cells === 0 || !due) continue;
      if (boxArea(light) > MOST_FLOODED * width * height) continue;
      if (!touch(component, light)) continue;
      components.join(component, light);
      hasTaken = true;
    }
    return hasTaken;
  }

  function isBesideArm(component: Component): boolean {
    for (let i = 0; i < count; i++) {
      const { component: other, isArm } = list[i]!;
      if (!isArm || other === component || other.isLight || other.cells * 4 < minPixels) continue;
      if (boxGap(component, other) <= HAND_PX && distanceWithin(component, other, HAND_PX)) {
        return true;
      }
    }
    return false;
  }

  function isBesideThing({ component }: Candidate): boolean {
    for (let i = 0; i < count; i++) {
      const other = list[i]!;
      if (other.component.cells * 4 < minPixels || other.component.isLight) continue;
      if (touch(component, other.component)) return true;
    }
    return false;
  }

  function touch(a: Component, b: Component): boolean {
    return boxGap(a, b) <= 1 && distanceWithin(a, b, 2);
  }

  function areBridged(a: Candidate, b: Candidate): boolean {
    return (
      (a.stillPictures >= 1 || b.stillPictures >= 1) &&
      b.component.cells * 4 >= minPixels * 0.25 &&
      isBridged(a.component, b.component)
    );
  }

  function hides(label: number): boolean {
    return label > 0 && !list[label - 1]!.due;
  }

  function isNearArm(candidate: Candidate, nowMs: number): boolean {
    for (let i = 0; i < count; i++) {
      const other = list[i]!;
      if (other === candidate || other.component.cells === 0 || other.component.isLight) continue;
      const moves = nowMs - other.stillSinceMs < 500;
      if (moves && (other.isArm || !other.due) && other.component.cells * 4 >= minPixels) {
        if (
          boxGap(candidate.component, other.component) <= nearArmPx &&
          distanceWithin(candidate.component, other.component, nearArmPx)
        )
          return true;
      }
    }
    return false;
  }

  /** Whether cells of two components come within so many pixels of one another. */
  function distanceWithin(a: Component, b: Component, px: number): boolean {
    const reach = px >> 1;
    const { labels, cellsAcross, cellsDown } = components;
    for (let cy = a.top >> 1; cy <= a.bottom >> 1; cy++) {
      for (let cx = a.left >> 1; cx <= a.right >> 1; cx++) {
        if (labels[cy * cellsAcross + cx] !== a.label) continue;
        for (let dy = -reach; dy <= reach; dy += 2) {
          const y = cy + dy;
          if (y < 0 || y >= cellsDown) continue;
          for (let dx = -reach; dx <= reach; dx += 2) {
            const x = cx + dx;
            if (x >= 0 && x < cellsAcross && labels[y * cellsAcross + x] === b.label) return true;
          }
        }
      }
    }
    return false;
  }

  function reachOf(component: Component): Reach {
    const { labels, cellsAcross, cellsDown, list: all } = components;
    ofReach.fill(0);
    ofReach[component.label] = 1;
    let { left, top, right, bottom, borderCells } = component;
    let isMore = false;
    const lastX = Math.min(cellsAcross - 2, component.right >> 1);
    const lastY = Math.min(cellsDown - 2, component.bottom >> 1);
    for (let cy = Math.max(1, component.top >> 1); cy <= lastY; cy++) {
      for (let cx = Math.max(1, component.left >> 1); cx <= lastX; cx++) {
        const cell = cy * cellsAcross + cx;
        if (labels[cell] !== component.label) continue;
        for (const beside of [cell - 1, cell + 1, cell - cellsAcross, cell + cellsAcross]) {
          const label = labels[beside]!;
          if (label === 0 || ofReach[label] === 1 || !all[label - 1]!.isLight) continue;
          const light = all[label - 1]!;
          ofReach[label] = 1;
          isMore = true;
          left = Math.min(left, light.left);
          top = Math.min(top, light.top);
          right = Math.max(right, light.right);
          bottom = Math.max(bottom, light.bottom);
          borderCells += light.borderCells;
        }
      }
    }
    return { left, top, right, bottom, borderCells, isMore, has: (label) => ofReach[label] === 1 };
  }

  return {
    list,
    traces,
    armMovedMs: () => armMovedMs,
    reachOf,
    tick,
    find,
    hides,
    takeLight,
    isBesideArm,
    isBesideThing,
    isNearArm,
  };
}
