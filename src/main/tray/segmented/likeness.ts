/** Whether what is seen is a placement, the rest of one, what lay beneath one, or another thing. */
import type { Segmentation } from '../segmenter/segmentation.ts';
import { differenceIn } from './accepted-picture.ts';
import { countIn, dilated, meanIn } from './mask.ts';
import type { Mask, Size } from './mask.ts';
import type { Placement } from './placement.ts';

/** By how much a thing that is put down again may seem larger or smaller, and of another tone. */
const LIKE_AREA = 1.6;
const LIKE_TONE = 25;
/** How far what was beneath may be from what is there again, on the mean of its pixels. */
const LIKE_BENEATH = 10;
const UNLIKE_BENEATH = 18;
const UNLIKE_SHARE = 0.3;
/** So soon, so near and with so many pixels what is seen anew is the rest of what was placed. */
const REST_MS = 1000;
const REST_SHARE = 0.6;
const REST_REACH = 6;
const REST_PIXELS = 3;
/** What was then seen to have come, of 255 on the mean, is another thing. */
const SEEN_THEN = 64;
const MOSTLY = 128;
const HIDDEN_SHARE = 0.2;
const SHOWN_SHARE = 0.25;
const LEFT_SHARE = 0.02;

/** A picture of now and the accepted one, both grey, and where they are the same. */
export interface Greys {
  readonly now: Uint8Array;
  readonly accepted: Uint8Array;
  readonly same: Uint8Array;
}

export function isLike(one: Placement, { pixels }: Mask, tone: readonly number[]): boolean {
  const ratio = pixels / one.mask.pixels;
  return ratio < LIKE_AREA && ratio > 1 / LIKE_AREA && isLikeTone(one, tone);
}

export function isLikeTone(one: Placement, tone: readonly number[]): boolean {
  return tone.every((value, index) => Math.abs(value - one.tone[index]!) < LIKE_TONE);
}

/** The hand that let go of a thing hid a part of it. */
export function isRestOf(one: Placement, mask: Mask, nowMs: number, size: Size): boolean {
  const { own, pixels } = one.mask;
  if (nowMs - one.placedMs > REST_MS || mask.pixels > REST_SHARE * pixels) return false;
  if (meanIn(mask, one.addedThen) > SEEN_THEN) return false;
  // Further than its shade was accepted with it.
  const reach = dilated(own, size, REST_REACH);
  return countIn(mask, size, (at) => reach[at] === 1) >= REST_PIXELS;
}

/** In the mask there is now what was there before the placement came. */
export function showsBeneath(one: Placement, mask: Mask, greys: Greys, size: Size): boolean {
  const { toBeneath, toAccepted } = differences(one, mask, greys, size);
  return toBeneath < LIKE_BENEATH && toBeneath < toAccepted / 2;
}

/** It is gone, but what was there before it came is not there either. */
export function showsAnother(one: Placement, greys: Greys, size: Size): boolean {
  const { toBeneath, toAccepted } = differences(one, one.mask, greys, size);
  return toBeneath > UNLIKE_BENEATH && toBeneath > UNLIKE_SHARE * toAccepted;
}

function differences(
  { beneath }: Placement,
  mask: Mask,
  { now, accepted, same }: Greys,
  size: Size,
): { readonly toBeneath: number; readonly toAccepted: number } {
  const isSame = (at: number): boolean => same[at]! > MOSTLY;
  return {
    toBeneath: differenceIn(mask, [now, beneath], size, isSame),
    toAccepted: differenceIn(mask, [now, accepted], size, isSame),
  };
}

/** Where it lay, another thing lies now, and beside that thing it does not show. */
export function isReplaced(
  one: Placement,
  by: Mask,
  { removed, same }: Segmentation,
  size: Size,
): boolean {
  const isOutside = (at: number): boolean => by.own[at] !== 1;
  const { pixels } = one.mask;
  const hidden = pixels - countIn(one.mask, size, isOutside);
  const gone = countIn(one.mask, size, (at) => isOutside(at) && removed[at]! > MOSTLY);
  const shown = countIn(one.mask, size, (at) => isOutside(at) && same[at]! > MOSTLY);
  const isGone = gone > LEFT_SHARE * pixels && gone > shown;
  return isGone && hidden > HIDDEN_SHARE * pixels && shown < SHOWN_SHARE * pixels;
}
