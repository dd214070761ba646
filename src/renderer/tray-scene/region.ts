import type { Region } from '../../shared/frame.ts';

export const wholeView: Region = { left: 0, top: 0, width: 1, height: 1 };

/** A region made larger on every side by `margin` of its own size, at least `least` wide and high. */
export function growRegion(region: Region, margin: number, least: number): Region {
  const width = Math.max(least, region.width * (1 + 2 * margin));
  const height = Math.max(least, region.height * (1 + 2 * margin));
  return withinView({
    left: region.left + region.width / 2 - width / 2,
    top: region.top + region.height / 2 - height / 2,
    width,
    height,
  });
}

/** The part of a region that the view shows. */
export function withinView(region: Region): Region {
  const left = Math.min(1, Math.max(0, region.left));
  const top = Math.min(1, Math.max(0, region.top));
  return {
    left,
    top,
    width: Math.max(0, Math.min(1, region.left + region.width) - left),
    height: Math.max(0, Math.min(1, region.top + region.height) - top),
  };
}

export function union(a: Region | undefined, b: Region | undefined): Region | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const left = Math.min(a.left, b.left);
  const top = Math.min(a.top, b.top);
  return {
    left,
    top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
  };
}

/** The size in pixels of a region whose longer side becomes `maxSide`, in a view of `ratio` to 1. */
export function pixelSize(
  region: Region,
  ratio: number,
  maxSide: number,
): { width: number; height: number } {
  const wide = region.width * ratio;
  const high = region.height;
  const scale = maxSide / Math.max(wide, high);
  return {
    width: Math.max(1, Math.round(wide * scale)),
    height: Math.max(1, Math.round(high * scale)),
  };
}
