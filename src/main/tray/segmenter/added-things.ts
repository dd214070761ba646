import { areJoinedByNecks } from './neck.ts';
import { partsOf } from './parts.ts';
import type { Size } from '../resample.ts';
import type { Part } from './parts.ts';
import type { Segmentation } from './segmentation.ts';

/** A thing that is there now and was not, in the picture's pixels; `right` and `bottom` are outside. */
export interface AddedThing {
  /** What its pixels have in `numbers`. */
  readonly number: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
  /** The mean of its pixels' places. */
  readonly middleX: number;
  readonly middleY: number;
  /** Whether it hangs together with another one, and was parted from it. */
  readonly isParted: boolean;
}

export interface AddedThings {
  readonly things: readonly AddedThing[];
  /** For each pixel the number of the thing that it belongs to, or 0. */
  readonly numbers: Uint16Array;
}

/** Smaller ones are specks. */
const LEAST_PIXELS = 20;
/** Of what is parted, each must have so much. */
const LEAST_SHARE = 0.15;
/** Heights of 0 to 1 at which passes are looked for. */
const LEVELS = [0.35, 0.4, 0.5] as const;
/**
 * A pass is a seam where it is no higher than this, of what it parts at its highest; a higher one only
 * where it is narrow. Within one thin thing all is low and nothing narrow.
 */
const DEEP = 0.38;

/**
 * Numbers what was added, thing by thing. What hangs together is parted where the share of it that is
 * added and no edge has a pass between two heights, both of them as large as things are.
 * training/tray/components.py, which the training is measured with, parts at more levels.
 */
export function addedThings(segmentation: Segmentation): AddedThings {
  const { width } = segmentation;
  const added = mostlyAdded(segmentation);
  const numbers = new Uint16Array(added.length);
  // Most pictures show nothing new.
  if (!added.includes(1)) return { things: [], numbers };
  const heights = heightsOf(segmentation);
  const parted = new Set<number>();
  let last = 0;
  for (const whole of partsOf(added, segmentation, LEAST_PIXELS)) {
    const seeds = seedsOf(whole, heights, segmentation);
    for (const seed of seeds) {
      last += 1;
      if (seeds.length > 1) parted.add(last);
      for (const at of seed) numbers[at] = last;
    }
    growWithin(whole, numbers, segmentation);
  }
  return { things: measured(numbers, width, parted), numbers };
}

function mostlyAdded({ same, added, removed, person }: Segmentation): Uint8Array {
  const mostly = new Uint8Array(added.length);
  for (let at = 0; at < mostly.length; at += 1) {
    const share = added[at]!;
    if (share > same[at]! && share > removed[at]! && share > person[at]!) mostly[at] = 1;
  }
  return mostly;
}

/** How much of each pixel and its eight neighbours is added and no edge, 0 to 1. */
function heightsOf({ width, height, added, edge }: Segmentation): Float32Array {
  const inner = new Float32Array(added.length);
  for (let at = 0; at < inner.length; at += 1) {
    inner[at] = (added[at]! * (255 - edge[at]!)) / 255 ** 2;
  }
  const across = new Float32Array(inner.length);
  const both = new Float32Array(inner.length);
  for (let at = 0; at < inner.length; at += 1) {
    const x = at % width;
    across[at] = inner[x > 0 ? at - 1 : at]! + inner[at]! + inner[x < width - 1 ? at + 1 : at]!;
  }
  for (let at = 0; at < inner.length; at += 1) {
    const above = at >= width ? at - width : at;
    const below = at < width * (height - 1) ? at + width : at;
    both[at] = (across[above]! + across[at]! + across[below]!) / 9;
  }
  return both;
}

function seedsOf(whole: Part, heights: Float32Array, size: Size): readonly Part[] {
  const least = Math.max(LEAST_PIXELS, LEAST_SHARE * whole.length);
  const mask = new Uint8Array(heights.length);
  for (const level of LEVELS) {
    for (const at of whole) mask[at] = heights[at]! > level ? 1 : 0;
    const parts = partsOf(mask, size, least);
    if (parts.length === 0) break;
    if (parts.length > 1 && arePartedAt(level, parts, whole, heights, size)) {
      return parts.flatMap((part) => seedsOf(part, heights, size));
    }
  }
  return [whole];
}

function arePartedAt(
  level: number,
  parts: readonly Part[],
  whole: Part,
  heights: Float32Array,
  size: Size,
): boolean {
  const highest = parts.map((part) => part.reduce((most, at) => Math.max(most, heights[at]!), 0));
  return level <= DEEP * Math.min(...highest) || areJoinedByNecks(parts, whole, size);
}

/** Gives the pixels between the seeds to the seed that reaches them first. */
function growWithin(whole: Part, numbers: Uint16Array, { width, height }: Size): void {
  const isOpen = new Uint8Array(numbers.length);
  for (const at of whole) if (numbers[at] === 0) isOpen[at] = 1;
  const queue = whole.filter((at) => numbers[at] !== 0);
  const end = width * height;
  for (let next = 0; next < queue.length; next += 1) {
    const at = queue[next]!;
    const take = (neighbour: number): void => {
      if (isOpen[neighbour] !== 1) return;
      isOpen[neighbour] = 0;
      numbers[neighbour] = numbers[at]!;
      queue.push(neighbour);
    };
    const x = at % width;
    if (x > 0) take(at - 1);
    if (x < width - 1) take(at + 1);
    if (at >= width) take(at - width);
    if (at < end - width) take(at + width);
  }
}

function measured(numbers: Uint16Array, width: number, parted: ReadonlySet<number>): AddedThing[] {
  const found = new Map<number, AddedThing>();
  numbers.forEach((number, at) => {
    if (number === 0) return;
    const x = at % width;
    const y = Math.floor(at / width);
    const known = found.get(number);
    const pixels = (known?.pixels ?? 0) + 1;
    const [middleX, middleY] = [known?.middleX ?? x, known?.middleY ?? y];
    found.set(number, {
      number,
      left: Math.min(known?.left ?? x, x),
      top: Math.min(known?.top ?? y, y),
      right: Math.max(known?.right ?? 0, x + 1),
      bottom: Math.max(known?.bottom ?? 0, y + 1),
      pixels,
      middleX: middleX + (x - middleX) / pixels,
      middleY: middleY + (y - middleY) / pixels,
      isParted: known?.isParted ?? parted.has(number),
    });
  });
  return [...found.values()].sort((a, b) => a.number - b.number);
}
