import { boxArea, boxGap, overlapArea } from './appearance.ts';
import { createBridge } from './bridge.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';
import type { TrayOptions } from './tray-options.ts';
import type { View } from './view.ts';

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

/** The changed parts of the picture, and since when each lies still. */
export interface Candidates {
  readonly list: readonly Candidate[];
  /** Notes a picture's time; to be called for each, so that stillness can be told in milliseconds. */
  tick(nowMs: number): void;
  /** Finds them anew; returns how many of `list` hold. */
  find(nowMs: number): number;
  /** Whether what bears this label is still moving, so that nothing is known of what it hides. */
  hides(label: number): boolean;
  /** Whether something that moved lately, as an arm does, is close by. */
  isNearArm(candidate: Candidate, nowMs: number): boolean;
}

const changedBit = CHANGED;
/** Edges and shades of one item may show a little one after another. */
export const SAME_MOMENT_MS = 120;
/** Part of its difference that a component may gain or lose from one picture to the next. */
const FADING = 0.06;
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
  view: View,
  components: Components,
  settings: TrayOptions,
): Candidates {
  const { accepted, mean, still, innovation, flags } = view;
  const isBridged = createBridge(width, height, view, components);
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

  function tick(nowMs: number): void {
    pictures++;
    times[pictures % TIMES] = nowMs;
  }

  function find(nowMs: number): number {
    count = components.find(flags);
    measureStillness();
    joinParts();
    for (let i = 0; i < count; i++) {
      const candidate = list[i]!;
      candidate.isArm = candidate.component.borderCells >= armCells;
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
        if (Math.abs(a.stillSinceMs - b.stillSinceMs) > SAME_MOMENT_MS) continue;
        const shared = overlapArea(a.component, b.component);
        const fillA = (a.component.cells * 4) / boxArea(a.component);
        const within = shared / boxArea(b.component);
        if (within > 0.8 || (within > 0.4 && fillA < 0.35) || areBridged(a, b)) {
          components.join(a.component, b.component);
          a.stillSinceMs = Math.max(a.stillSinceMs, b.stillSinceMs);
          a.stillPictures = Math.min(a.stillPictures, b.stillPictures);
        }
      }
    }
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
      if (other === candidate || other.component.cells === 0) continue;
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

  return { list, tick, find, hides, isNearArm };
}
