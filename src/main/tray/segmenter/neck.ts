import { partsOf } from './parts.ts';
import type { Part } from './parts.ts';
import type { Size } from '../resample.ts';

/** How far a pixel of `whole` lies inside it, in steps along rows and columns; 0 elsewhere. */
function depthsOf(whole: Part, { width, height }: Size): Uint8Array {
  const depths = new Uint8Array(width * height);
  let inner = whole;
  for (let depth = 1; inner.length > 0; depth += 1) {
    for (const at of inner) depths[at] = depth;
    const isInner = (at: number): boolean => depths[at] === depth;
    inner = inner.filter((at) => {
      const x = at % width;
      const isAtBorder = x === 0 || x === width - 1 || at < width || at >= width * (height - 1);
      if (isAtBorder) return false;
      return isInner(at - 1) && isInner(at + 1) && isInner(at - width) && isInner(at + width);
    });
  }
  return depths;
}

/**
 * Whether all ways through `whole` from one of its parts to another are narrow beside the parts, as where
 * two things touch: at most half as wide as the narrower part, and a step less, for a thin thing is as
 * narrow as that here and there.
 */
export function areJoinedByNecks(parts: readonly Part[], whole: Part, size: Size): boolean {
  const depths = depthsOf(whole, size);
  const deepest = parts.map((part) => part.reduce((most, at) => Math.max(most, depths[at]!), 0));
  const open = new Uint8Array(depths.length);
  for (const part of parts) for (const at of part) open[at] = 1;
  const tooWide = Math.floor(Math.min(...deepest) / 2 - 1) + 1;
  for (const at of whole) if (depths[at]! >= tooWide) open[at] = 1;
  return partsOf(open, size, 1).length >= parts.length;
}
