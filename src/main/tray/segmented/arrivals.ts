/** How what is new came: all of it from one picture to the next, as light does, or bit by bit. */
import type { Segmentation } from '../segmenter/segmentation.ts';
import type { Size } from '../resample.ts';
import { countIn } from './mask.ts';
import type { Mask } from './mask.ts';

export interface Arrivals {
  /** Takes what the model says of each picture, in their order. */
  readonly note: (seen: Segmentation, nowMs: number) => void;
  /** Of the mask's pixels the share that came from one picture to the next, with nothing over them before. */
  readonly atOnce: (mask: Mask) => number;
  /** The share that was a person's since then. */
  readonly underPerson: (mask: Mask, sinceMs: number) => number;
}

const MOSTLY = 128;
/** Of something that comes all at once, the edge may come a picture later. */
const EDGE_MS = 40;

export function createArrivals(size: Size): Arrivals {
  const pixels = size.width * size.height;
  /** When it came, straight from what was the same; infinite where it did not. */
  const cameMs = new Float64Array(pixels).fill(Number.POSITIVE_INFINITY);
  const personMs = new Float64Array(pixels).fill(Number.NEGATIVE_INFINITY);
  const wasSame = new Uint8Array(pixels);
  return {
    note({ same, added, person }, nowMs) {
      for (let at = 0; at < pixels; at += 1) {
        const isSame = same[at]! > MOSTLY;
        if (isSame) cameMs[at] = Number.POSITIVE_INFINITY;
        else if (wasSame[at] === 1 && added[at]! > MOSTLY) cameMs[at] = nowMs;
        wasSame[at] = isSame ? 1 : 0;
        if (person[at]! > MOSTLY) personMs[at] = nowMs;
      }
    },
    atOnce({ own, pixels: count }) {
      const times: number[] = [];
      for (let at = 0; at < own.length; at += 1) {
        if (own[at] === 1 && Number.isFinite(cameMs[at]!)) times.push(cameMs[at]!);
      }
      times.sort((one, other) => one - other);
      let most = 0;
      for (let from = 0, to = 0; to < times.length; to += 1) {
        while (times[to]! - times[from]! > EDGE_MS) from += 1;
        most = Math.max(most, to - from + 1);
      }
      return most / count;
    },
    underPerson: (mask, sinceMs) =>
      countIn(mask, size, (at) => personMs[at]! > sinceMs) / mask.pixels,
  };
}
