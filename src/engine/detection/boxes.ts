import { areaOf, commonArea, overlapOf } from '../../shared/overlap.ts';
import type { Box } from '../domain/box.ts';

/** The part of a picture that is in it. */
export function withinPicture({ left, top, width, height }: Box): Box {
  const [right, bottom] = [fraction(left + width), fraction(top + height)];
  const [startX, startY] = [fraction(left), fraction(top)];
  return { left: startX, top: startY, width: right - startX, height: bottom - startY };
}

function fraction(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

/** What two boxes share of the smaller one, 0 to 1: 1 where one lies in the other. */
export function containmentOf(a: Box, b: Box): number {
  const smaller = Math.min(areaOf(a), areaOf(b));
  return smaller > 0 ? commonArea(a, b) / smaller : 0;
}

/** A box with the same middle, so many times as wide and high. */
export function grown({ left, top, width, height }: Box, factor: number): Box {
  return {
    left: left - (width * (factor - 1)) / 2,
    top: top - (height * (factor - 1)) / 2,
    width: width * factor,
    height: height * factor,
  };
}

/**
 * Non-maximum suppression: of those that overlap by more than `most` only the first stays, so they
 * come best first.
 */
export function suppressed<Item extends { readonly box: Box }>(
  items: readonly Item[],
  most: number,
): Item[] {
  const kept: Item[] = [];
  for (const item of items) {
    if (kept.every(({ box }) => overlapOf(box, item.box) <= most)) kept.push(item);
  }
  return kept;
}

/** The mean of the boxes, each as heavy as its weight. */
export function meanBox(items: readonly { readonly box: Box; readonly weight: number }[]): Box {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (box: Box) => number): number =>
    items.reduce((sum, { box, weight }) => sum + weight * of(box), 0) / total;
  const [left, top] = [mean((box) => box.left), mean((box) => box.top)];
  return {
    left,
    top,
    width: mean((box) => box.left + box.width) - left,
    height: mean((box) => box.top + box.height) - top,
  };
}
