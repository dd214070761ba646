import type { Region } from './frame.ts';

/** In the region's own unit, squared. */
export function areaOf({ width, height }: Pick<Region, 'width' | 'height'>): number {
  return width * height;
}

/** The area of both together, 0 where they are apart. */
export function commonArea(one: Region, other: Region): number {
  const width =
    Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height =
    Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** What two regions share of what they cover together (intersection over union), 0 to 1. */
export function overlapOf(one: Region, other: Region): number {
  const common = commonArea(one, other);
  const covered = areaOf(one) + areaOf(other) - common;
  return covered > 0 ? common / covered : 0;
}
