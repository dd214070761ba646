import { changeClasses } from '../segmenter/segmentation.ts';
import type { ChangeClass, Segmentation } from '../segmenter/segmentation.ts';

/** By what the model says of one picture after another, what it means. */
export interface Steadier {
  readonly steady: (seen: Segmentation, nowMs: number) => Segmentation;
  /** From now on nothing is new where this is 1. */
  readonly settle: (own: Uint8Array) => void;
}

/** In little light its edges, and faint things as a whole, flicker; within so long that is evened out. */
const STEADY_MS = 60;

export function createSteadier(): Steadier {
  let means: Record<ChangeClass, Float32Array> | null = null;
  let lastMs = Number.NaN;
  return {
    steady(seen, nowMs) {
      const share = means === null ? 1 : 1 - Math.exp(-(nowMs - lastMs) / STEADY_MS);
      lastMs = nowMs;
      const kept = (means ??= planesOf(seen, (plane) => Float32Array.from(plane)));
      const steadied = planesOf(seen, (plane, name) => evened(plane, kept[name], share));
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

function evened(plane: Uint8Array, mean: Float32Array, share: number): Uint8Array {
  const whole = new Uint8Array(plane.length);
  for (let at = 0; at < whole.length; at += 1) {
    mean[at]! += (plane[at]! - mean[at]!) * share;
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
