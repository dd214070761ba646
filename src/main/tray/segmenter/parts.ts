import type { Size } from '../resample.ts';

/** Pixels by their places. */
export type Part = readonly number[];

/** What is 1 and hangs together side by side, where it has so many pixels. */
export function partsOf(mask: Uint8Array, { width, height }: Size, least: number): Part[] {
  const left = mask.slice();
  const parts: Part[] = [];
  const end = width * height;
  for (let start = 0; start < end; start += 1) {
    if (left[start] !== 1) continue;
    const part = [start];
    left[start] = 0;
    const visit = (at: number): void => {
      if (left[at] !== 1) return;
      left[at] = 0;
      part.push(at);
    };
    // The part itself is the queue.
    for (let next = 0; next < part.length; next += 1) {
      const at = part[next]!;
      const x = at % width;
      if (x > 0) visit(at - 1);
      if (x < width - 1) visit(at + 1);
      if (at >= width) visit(at - width);
      if (at < end - width) visit(at + width);
    }
    if (part.length >= least) parts.push(part);
  }
  return parts;
}
