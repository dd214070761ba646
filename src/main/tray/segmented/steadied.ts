import type { Thumb } from '../../../shared/frame.ts';
import { changeClasses } from '../segmenter/segmentation.ts';
import type { ChangeClass, Segmentation } from '../segmenter/segmentation.ts';

/** Evens out over time what the model says of pictures of one size. */
export interface Steadier {
  /** Pictures in the order of their times. */
  readonly steady: (seen: Segmentation, thumb: Thumb) => Segmentation;
  /** From now on nothing is new where this is 1. */
  readonly settle: (own: Uint8Array) => void;
}

/** Edges, and faint things as a whole, flicker in what the model says; over so long they are evened out. */
const STEADY_MS = 60;
/** What it is sure of, within so much of none or all, is followed in a part of that time. */
const SURE = 20;
const SURE_PART = 1 / 2;
/** In little light all of it does. */
const DIM_STEADY_MS = 150;
/** Pictures that are darker than this on the mean show little of anything but noise. */
const DIM = 50;

export function createSteadier(): Steadier {
  let means: Record<ChangeClass, Float32Array> | null = null;
  let lastMs = Number.NaN;
  return {
    steady(seen, { grey, atMs: nowMs }) {
      const overMs = meanOf(grey) < DIM ? DIM_STEADY_MS : STEADY_MS;
      const share = means === null ? 1 : shareOf(nowMs - lastMs, overMs);
      const sureShare = means === null ? 1 : shareOf(nowMs - lastMs, overMs * SURE_PART);
      lastMs = nowMs;
      const kept = (means ??= planesOf(seen, (plane) => Float32Array.from(plane)));
      const steadied = planesOf(seen, (plane, name) => evened(plane, kept[name], share, sureShare));
      return { width: seen.width, height: seen.height, ...steadied };
    },
    settle(own) {
      for (const name of changeClasses) {
        const settled = name === 'same' ? 255 : 0;
        for (let at = 0; at < own.length; at += 1) {
          if (means !== null && own[at] === 1) means[name][at] = settled;
        }
      }
    },
  };
}

function meanOf(plane: Uint8Array): number {
  let sum = 0;
  for (const value of plane) sum += value;
  return sum / plane.length;
}

function shareOf(elapsedMs: number, overMs: number): number {
  return 1 - Math.exp(-elapsedMs / overMs);
}

function evened(
  plane: Uint8Array,
  mean: Float32Array,
  share: number,
  sureShare: number,
): Uint8Array {
  const whole = new Uint8Array(plane.length);
  for (let at = 0; at < whole.length; at += 1) {
    const value = plane[at]!;
    const isSure = value <= SURE || value >= 255 - SURE;
    mean[at]! += (value - mean[at]!) * (isSure ? sureShare : share);
    whole[at] = mean[at]! + 0.5;
  }
  return whole;
}

function planesOf<Plane>(
  seen: Segmentation,
  make: (plane: Uint8Array, name: ChangeClass) => Plane,
): Record<ChangeClass, Plane> {
  const entries = changeClasses.map((name) => [name, make(seen[name], name)]);
  return Object.fromEntries(entries) as Record<ChangeClass, Plane>;
}
