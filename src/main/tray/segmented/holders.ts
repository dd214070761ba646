/** Who has hold of what: persons by the model, and whatever else comes over the border and moves. */
import type { Segmentation } from '../segmenter/segmentation.ts';
import { countIn, dilated } from './mask.ts';
import type { Mask, Size } from './mask.ts';
import type { Placement } from './placement.ts';

/** More of a person than this, of 255, may be a hand. */
export const MAYBE_PERSON = 50;
/** How near a person has hold of a thing, in pixels, and by how many of the thing's. */
const HELD_REACH = 6;
const HELD_PIXELS = 6;
/** What happens so long after a thing was placed is the hand that leaves. */
const LEAVING_MS = 150;

/** 1 where somebody may have hold of what lies there. */
export function nearPersons(
  { person }: Segmentation,
  arms: readonly Mask[],
  size: Size,
): Uint8Array {
  const own = person.map((share) => (share > MAYBE_PERSON ? 1 : 0));
  for (const arm of arms) {
    for (let at = 0; at < own.length; at += 1) if (arm.own[at] === 1) own[at] = 1;
  }
  return own.includes(1) ? dilated(own, size, HELD_REACH) : own;
}

export function isHeld(mask: Mask, near: Uint8Array, size: Size): boolean {
  return countIn(mask, size, (at) => near[at] === 1) > HELD_PIXELS;
}

/** Only what somebody touched, or what something new reaches into, can have got another thing on it. */
export function noteTouched(
  lying: readonly Placement[],
  added: readonly Mask[],
  near: Uint8Array,
  { nowMs, size }: { readonly nowMs: number; readonly size: Size },
): void {
  for (const one of lying) {
    if (nowMs - one.placedMs <= LEAVING_MS) continue;
    const isReached = added.some((mask) => {
      const inside = countIn(mask, size, (at) => one.mask.own[at] === 1);
      return inside > HELD_PIXELS && inside < mask.pixels / 2;
    });
    if (isReached || isHeld(one.mask, near, size)) one.touchedMs = nowMs;
  }
}
