/** Who has hold of what: persons by the model, and whatever else comes over the border and moves. */
import type { Segmentation } from '../segmenter/segmentation.ts';
import { countIn, dilated } from './mask.ts';
import { partsOf } from '../segmenter/parts.ts';
import type { Size } from '../resample.ts';
import type { Mask } from './mask.ts';
import type { Placement } from './placement.ts';

/** More of a person than this, of 255, may be a hand. */
export const MAYBE_PERSON = 50;
/** How near a person has hold of a thing, in pixels, and by how many of the thing's. */
const HELD_REACH = 12;
/** A hand that holds a thing for long is at it; one that rests beside it is not. */
export const CLOSE_REACH = 3;
const HELD_PIXELS = 6;
/** What happens so long after a thing was placed is the hand that leaves. */
const LEAVING_MS = 150;
/** Surely a person, of 255, and in how many pixels, where a faint part of one is to count. */
const CORE_PERSON = 110;
const CORE_PIXELS = 6;
/** In a hand or an arm some pixels are more of a person than this; where none is for so long, it is a thing. */
const SURELY_PERSON = 200;
const HARDLY_MS = 3000;
/** What the model says of it comes and goes. */
const UNSEEN_MS = 500;
/** Something is there that was not, and may be a person's. */
const MAYBE_SOMEBODY = 64;
/** Of what comes over the border in one piece, so much must be a person for the rest to be that too. */
const BODY_SHARE = 0.08;

/** Who is there: 1 in their pixels. */
export interface Somebody {
  /** What the model takes for a person, down to the faint parts of one. */
  readonly persons: Uint8Array;
  /** What comes over the border and hangs together with a person, whatever the model takes it for. */
  readonly bodies: Uint8Array;
}

/** Sees who is there, in pictures of one size that come in the order of their times. */
export type SomebodyWatch = (seen: Segmentation, nowMs: number) => Somebody;

export function createSomebodyWatch(size: Size): SomebodyWatch {
  /** Since when each pixel belongs to a part that is hardly a person, and when it last did. */
  const hardlySinceMs = new Float64Array(size.width * size.height);
  const hardlyMs = new Float64Array(size.width * size.height).fill(Number.NEGATIVE_INFINITY);

  /** A clear bottle that lies there looks like a faint hand; a hand that rests is seen better in a while. */
  function isThing(part: readonly number[], nowMs: number): boolean {
    const long = part.filter((at) => nowMs - hardlySinceMs[at]! >= HARDLY_MS).length;
    return long > part.length / 2;
  }

  return (seen, nowMs) =>
    somebodyIn(seen, size, (part) => {
      if (part.some((at) => seen.person[at]! > SURELY_PERSON)) {
        for (const at of part) hardlyMs[at] = Number.NEGATIVE_INFINITY;
        return true;
      }
      for (const at of part) {
        if (nowMs - hardlyMs[at]! > UNSEEN_MS) hardlySinceMs[at] = nowMs;
        hardlyMs[at] = nowMs;
      }
      return !isThing(part, nowMs);
    });
}

function somebodyIn(
  { person, added }: Segmentation,
  size: Size,
  isPerson: (part: readonly number[]) => boolean,
): Somebody {
  const persons = new Uint8Array(person.length);
  const bodies = new Uint8Array(person.length);
  if (!person.some((share) => share > CORE_PERSON)) return { persons, bodies };
  const faint = person.map((share) => (share > MAYBE_PERSON ? 1 : 0));
  for (const part of partsOf(faint, size, CORE_PIXELS)) {
    const core = part.filter((at) => person[at]! > CORE_PERSON).length;
    if (isPerson(part) && core >= CORE_PIXELS) for (const at of part) persons[at] = 1;
  }
  const changed = person.map((share, at) => (share + added[at]! > MAYBE_SOMEBODY ? 1 : 0));
  for (const part of partsOf(changed, size, CORE_PIXELS)) {
    if (!part.some((at) => isOnBorder(at, size))) continue;
    const ofPersons = part.filter((at) => persons[at] === 1).length;
    if (ofPersons > Math.max(CORE_PIXELS, BODY_SHARE * part.length)) {
      for (const at of part) bodies[at] = 1;
    }
  }
  return { persons, bodies };
}

/** Whether a pixel is in the outermost row or column. */
export function isOnBorder(at: number, { width, height }: Size): boolean {
  const x = at % width;
  return x === 0 || x === width - 1 || at < width || at >= width * (height - 1);
}

/** 1 where they may have hold of what lies there, so many pixels away. */
export function reachOf(
  somebody: readonly Uint8Array[],
  size: Size,
  reach = HELD_REACH,
): Uint8Array {
  const own = new Uint8Array(size.width * size.height);
  for (const one of somebody) {
    for (let at = 0; at < own.length; at += 1) if (one[at] === 1) own[at] = 1;
  }
  return own.includes(1) ? dilated(own, size, reach) : own;
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
    const isAtHand = isHeld(one.mask, near, size);
    if (isAtHand && nowMs - one.leftMs <= LEAVING_MS) one.leftMs = nowMs;
    if (nowMs - one.placedMs <= LEAVING_MS) continue;
    const isReached = added.some((mask) => {
      const inside = countIn(mask, size, (at) => one.mask.own[at] === 1);
      return inside > HELD_PIXELS && inside < mask.pixels / 2;
    });
    if (isReached || isAtHand) one.touchedMs = nowMs;
  }
}
