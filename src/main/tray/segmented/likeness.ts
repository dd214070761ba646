/** Whether what is seen is a placement, the rest of one, what lay beneath one, or another thing. */
import type { Segmentation } from '../segmenter/segmentation.ts';
import { differenceIn } from './accepted-picture.ts';
import { countIn, dilated } from './mask.ts';
import type { Size } from '../resample.ts';
import type { Mask } from './mask.ts';
import type { Placement } from './placement.ts';

/** By how much a thing that is put down again may seem larger or smaller, and of another tone. */
const LIKE_AREA = 1.6;
const LIKE_TONE = 25;
/** The same where it lies partly where it lay: of that part some seems to be as it was. */
const PUSHED_AREA = 2;
const PUSHED_TONE = 50;
/** How far what was beneath may be from what is there again, on the mean of its pixels. */
const LIKE_BENEATH = 10;
const UNLIKE_BENEATH = 18;
const UNLIKE_SHARE = 0.3;
/** So soon, so near and with so many pixels what is seen anew is the rest of what was placed. */
const REST_MS = 1000;
const REST_SHARE = 0.6;
const REST_REACH = 6;
const REST_PIXELS = 3;
/** What then lay still beside it, with so much of its pixels, is another thing. */
const RESTED_SHARE = 0.25;
const MOSTLY = 128;
const HIDDEN_SHARE = 0.2;
const SHOWN_SHARE = 0.35;
const LEFT_SHARE = 0.02;
/** Where so much of its place is bare, it is gone however much seems to be as it was. */
const BARED_SHARE = 0.15;

/** A picture of now and the accepted one, both grey, and where they are the same. */
export interface Greys {
  readonly now: Uint8Array;
  readonly accepted: Uint8Array;
  readonly same: Uint8Array;
}

/** By which part of what was there the mask's pixels differ from it, on the mean. */
export function contrastIn(mask: Mask, now: Uint8Array, before: Uint8Array): number {
  let [difference, level] = [0, 0];
  for (let at = 0; at < mask.own.length; at += 1) {
    if (mask.own[at] !== 1) continue;
    difference += Math.abs(now[at]! - before[at]!);
    level += before[at]!;
  }
  return level === 0 ? 1 : difference / level;
}

/** It may be that one again. */
export function isLike(one: Placement, mask: Mask, tone: readonly number[], size: Size): boolean {
  const ratio = mask.pixels / one.mask.pixels;
  const isPushed = isHiddenBy(one, mask, size);
  const most = isPushed ? PUSHED_AREA : LIKE_AREA;
  if (ratio > most || ratio < 1 / most) return false;
  return isLikeTone(one, tone, isPushed ? PUSHED_TONE : LIKE_TONE);
}

/** It lies over the place of that one. */
export function isHiddenBy(one: Placement, by: Mask, size: Size): boolean {
  return countIn(one.mask, size, (at) => by.own[at] === 1) > HIDDEN_SHARE * one.mask.pixels;
}

function isLikeTone(one: Placement, tone: readonly number[], most: number): boolean {
  return tone.every((value, index) => Math.abs(value - one.tone[index]!) < most);
}

/** The hand that let go of a thing hid a part of it. */
export function isRestOf(one: Placement, mask: Mask, nowMs: number, size: Size): boolean {
  const { pixels } = one.mask;
  if (nowMs - one.leftMs > REST_MS || mask.pixels > REST_SHARE * pixels) return false;
  if (countIn(mask, size, (at) => one.restingThen[at] === 1) > RESTED_SHARE * mask.pixels) {
    return false;
  }
  return isBeside(one, mask, size);
}

/** It lies on it or just beside it: further away than the shade that was accepted with it. */
export function isBeside(one: Placement, mask: Mask, size: Size): boolean {
  const reach = dilated(one.mask.own, size, REST_REACH);
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
  const isGone = gone > LEFT_SHARE * pixels && (gone > shown || gone > BARED_SHARE * pixels);
  return isGone && hidden > HIDDEN_SHARE * pixels && shown < SHOWN_SHARE * pixels;
}
