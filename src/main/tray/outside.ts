import type { Patch } from './appearance.ts';

/** A place in fractions of the picture's width and height. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/**
 * Whether less than half of a patch lies on the tray, whose corners are given in order. Without corners
 * the tray is all that the camera sees.
 */
export function createOutside(
  width: number,
  height: number,
  corners: readonly Corner[] | null,
): (patch: Patch) => boolean {
  if (corners === null) return () => false;
  const isInside = insideOf(width, height, corners);
  return ({ mask, area, left, top, right, bottom }) => {
    let inside = 0;
    for (let y = top; y <= bottom; y++) {
      for (let p = y * width + left; p <= y * width + right; p++) inside += mask[p]! & isInside[p]!;
    }
    return inside * 2 < area;
  };
}

/** 1 for each pixel of a picture whose middle lies between the corners. */
export function insideOf(width: number, height: number, corners: readonly Corner[]): Uint8Array {
  const isInside = new Uint8Array(width * height);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p++) {
      if (contains(corners, (x + 0.5) / width, (y + 0.5) / height)) isInside[p] = 1;
    }
  }
  return isInside;
}

/** By how often a ray to the right crosses the sides. */
function contains(corners: readonly Corner[], x: number, y: number): boolean {
  let inside = false;
  for (const [at, to] of corners.entries()) {
    const from = corners.at(at - 1)!;
    if (from.y > y === to.y > y) continue;
    if (x < from.x + ((to.x - from.x) * (y - from.y)) / (to.y - from.y)) inside = !inside;
  }
  return inside;
}
