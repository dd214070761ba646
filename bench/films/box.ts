import type { Region } from '../../src/shared/frame.ts';
import type { Box, Framing } from './film.ts';

/** Of the smaller of two boxes, how much lies in the other where both are at the same thing. */
const leastShared = 0.3;

/** A region of a framing in the film's pixels. */
export function boxOf(region: Region, framing: Framing): Box {
  const left = framing.left + region.left * framing.width;
  const top = framing.top + region.top * framing.height;
  return {
    left,
    top,
    right: left + region.width * framing.width,
    bottom: top + region.height * framing.height,
  };
}

/** How much of the smaller box lies in the other, 0 to 1. */
export function sharedPart(one: Box, other: Box): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(areaOf(one), areaOf(other));
}

export function areAtOneThing(one: Box, other: Box): boolean {
  return sharedPart(one, other) >= leastShared;
}

/** Whether a box lies in a framing, that far from its edges. */
export function liesInside(box: Box, framing: Framing, margin: number): boolean {
  return (
    box.left >= framing.left + margin &&
    box.top >= framing.top + margin &&
    box.right <= framing.left + framing.width - margin &&
    box.bottom <= framing.top + framing.height - margin
  );
}

/** The part of a box that a framing shows, or null. */
export function shownPart(box: Box, framing: Framing): Box | null {
  const shown = {
    left: Math.max(box.left, framing.left),
    top: Math.max(box.top, framing.top),
    right: Math.min(box.right, framing.left + framing.width),
    bottom: Math.min(box.bottom, framing.top + framing.height),
  };
  return shown.left < shown.right && shown.top < shown.bottom ? shown : null;
}

export function boxName({ left, top, right, bottom }: Box): string {
  return `[${[left, top, right, bottom].map((at) => Math.round(at)).join(' ')}]`;
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}
