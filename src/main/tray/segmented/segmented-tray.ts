/**
 * What lies on the tray, from what a model says of each picture.
 *
 *   thumb, accepted picture ─▶ segmenter ─▶ same, added, removed, person for each pixel
 *                                             │
 *   added, by things ─▶ still, no person near ┼─ as what lay beneath ────────────▶ removed
 *                                             ├─ in a thing nobody touched ──────▶ its own (a bag sags)
 *                                             ├─ as large as one that just went ─▶ moved, unsure
 *                                             └─ else ───────────────────────────▶ placed
 *   most of a placement removed ─▶ for a while, no person over it ───────────────▶ removed
 *
 * What is the same carries its light into the accepted picture, so that it follows the lamps.
 */
import type { Region, Thumb } from '../../../shared/frame.ts';
import { placeOf } from '../../../shared/item-mask.ts';
import type { ItemRegion } from '../../../shared/item-mask.ts';
import { addedThings } from '../segmenter/added-things.ts';
import type { AddedThing, AddedThings } from '../segmenter/added-things.ts';
import type { Segmentation, TrayPicture } from '../segmenter/segmentation.ts';
import type { TrayEvent } from '../tray-event.ts';
import type { AcceptedPicture, Planes } from './accepted-picture.ts';
import { createAcceptedPicture, differenceIn, planesOf } from './accepted-picture.ts';
import { countIn, dilated, maskOf } from './mask.ts';
import type { Mask } from './mask.ts';
import { followStill } from './still-things.ts';
import type { StillThing } from './still-things.ts';

export interface SegmentedTrayOptions {
  /** Smallest thing, as a part of the picture's area. Default 0.006. */
  readonly minArea: number;
  /** How long a thing must lie still. Default 100. */
  readonly stillMs: number;
  /** How long no person may have been near it. Default 100. */
  readonly freeMs: number;
  /** Both for what touches the picture's border: more of it may follow. Default 500. */
  readonly atBorderMs: number;
  /** How long a placement must have been gone. Default 150. */
  readonly goneMs: number;
  /** How long a removal waits for its thing to be put down again, where somebody is about. Default 1200. */
  readonly putBackMs: number;
  /** Time in which the accepted picture follows the light. Default 1500. */
  readonly adaptMs: number;
}

export const defaultSegmentedTrayOptions: SegmentedTrayOptions = {
  minArea: 0.006,
  stillMs: 100,
  freeMs: 100,
  atBorderMs: 500,
  goneMs: 150,
  putBackMs: 1200,
  adaptMs: 1500,
};

/** Of thumbs of one size; what the camera cannot see, and whether it is well, is not its matter. */
export interface SegmentedTray {
  /** What the picture of now is to be held against; null while the bare tray is learned. */
  readonly accepted: () => TrayPicture | null;
  /** Learns the bare tray from the first pictures, before there is something to hold them against. */
  readonly learn: (thumb: Thumb) => void;
  /** Takes a picture and what the model said of it beside `accepted()`. */
  readonly see: (thumb: Thumb, segmentation: Segmentation) => readonly TrayEvent[];
  /** What lies on the tray, oldest first. */
  readonly placements: () => readonly { placementId: string; region: Region }[];
}

interface Placement {
  readonly placementId: string;
  mask: Mask;
  region: ItemRegion;
  /** Grey, before it lay there. */
  readonly beneath: Uint8Array;
  /** Of it: grey, blue and red on the mean. */
  readonly tone: readonly number[];
  readonly placedMs: number;
  touchedMs: number;
  goneSinceMs: number;
}

const LEARNED_PICTURES = 6;
const MOSTLY = 128;
const PERSON = 110;
const SURELY_SAME = 215;
/** A thing with more than this of a person, of 255, on the mean may be a hand. */
const MAYBE_PERSON = 50;
/** The same over the border, where arms come from; and how long such a thing must lie still. */
const MAYBE_ARM = 20;
const ARM_MS = 1500;
/** How near a person has hold of a thing, in pixels, and by how many of the thing's. */
const HELD_REACH = 6;
const HELD_PIXELS = 6;
/** What happens so long after a thing was placed is the hand that leaves. */
const LEAVING_MS = 150;
/** What shows in a thing while somebody has hold of it, and so long after, is that. */
const IN_HANDS_MS = 200;
/** So soon, so near and with so many pixels what is seen anew is the rest of what was placed. */
const REST_MS = 1500;
const REST_SHARE = 0.6;
const REST_REACH = 2;
const REST_PIXELS = 3;
/** Who laid a thing down was there so shortly before it lay still. */
const VISIT_MS = 1500;
/** Nothing goes by itself: where no hand was seen, it must be gone for so long. */
const UNTOUCHED_MS = 1000;
const GONE_SHARE = 0.6;
const SHOWN_SHARE = 0.25;
const HIDDEN_SHARE = 0.2;
const OWN_SHARE = 0.55;
const HELD_OVER_SHARE = 0.1;
const MOST_ADAPTED = 0.15;
/** What is too small for a thing and lies still for so long is accepted without a word. */
const SPECK_MS = 1000;
/** What was there from the start and is gone for so long is forgotten. */
const FORGOTTEN_MS = 400;
const FORGOTTEN_PIXELS = 40;
/** By how much a thing that is put down again may seem larger or smaller, and of another tone. */
const LIKE_AREA = 1.6;
const LIKE_TONE = 25;
/** How far what was beneath may be from what is there again, on the mean of its pixels. */
const LIKE_BENEATH = 10;
const UNLIKE_BENEATH = 18;
const UNLIKE_SHARE = 0.3;

export function createSegmentedTray(
  { width, height, planes: planeCount }: { width: number; height: number; planes: number },
  newId: () => string,
  options: Partial<SegmentedTrayOptions> = {},
): SegmentedTray {
  const settings = { ...defaultSegmentedTrayOptions, ...options };
  const size = { width, height };
  const least = settings.minArea * width * height;
  const picture: AcceptedPicture = createAcceptedPicture(size, planeCount);
  let learned = 0;
  let lastMs = Number.NaN;
  /** When somebody was last at each pixel. */
  const visitedMs = new Float64Array(width * height).fill(Number.NEGATIVE_INFINITY);
  let still: readonly StillThing[] = [];
  let lying: Placement[] = [];
  let baredSinceMs = Number.NaN;
  let events: TrayEvent[] = [];

  function see(thumb: Thumb, seen: Segmentation): readonly TrayEvent[] {
    const { atMs: nowMs } = thumb;
    const planes = planesOf(thumb);
    const elapsedMs = Number.isNaN(lastMs) ? 0 : nowMs - lastMs;
    lastMs = nowMs;
    events = [];
    const isPerson = (at: number): boolean => seen.person[at]! > PERSON;
    const isSame = (at: number): boolean => seen.same[at]! > MOSTLY;
    const all = addedThings(seen);
    const masks = new Map(all.things.map((thing) => [thing.number, maskOfThing(thing, all)]));
    const maskOfStill = ({ thing }: StillThing): Mask => masks.get(thing.number)!;
    const followed = followStill(still, all.things, nowMs);
    const arms = followed.filter((one) => mayBeArm(one, nowMs)).map(maskOfStill);
    const persons = nearPersons(seen, []);
    const near = arms.length === 0 ? persons : nearPersons(seen, arms);
    const isSomebodyAbout = near.includes(1);
    noteTouched(masks, near, nowMs);
    if (isSomebodyAbout) near.forEach((is, at) => void (is === 1 && (visitedMs[at] = nowMs)));
    still = followed
      .map((one) => {
        // What comes over the border does not hold itself.
        const holders = isAtBorder(one.thing) ? persons : near;
        const held = countIn(maskOfStill(one), size, (at) => holders[at] === 1) > HELD_PIXELS;
        return { ...one, freeSinceMs: held ? Infinity : Math.min(one.freeSinceMs, nowMs) };
      })
      .flatMap((one) => {
        const mask = maskOfStill(one);
        const owner = ownerOf(mask);
        if (one.thing.pixels < least) {
          if (!isOld(one, nowMs)) return [one];
          picture.adopt(mask.own, planes, isPerson);
          return [];
        }
        if (!isDue(one, mask, seen, nowMs) || isInHands(owner, nowMs))
          return [announce(one, mask, nowMs)];
        decide(one, mask, owner, planes, seen, nowMs, isPerson);
        return [];
      });
    for (const one of [...lying]) noteGone(one, seen, nowMs, isPerson);
    for (const one of lying.filter((each) => isLeft(each, isSomebodyAbout, nowMs))) {
      const isSwapped = one.touchedMs > one.placedMs && showsAnother(one, planes[0]!, isSame);
      remove(one, planes, nowMs, isPerson);
      if (isSwapped)
        place(one.mask, one.beneath, planes, { nowMs, stillSinceMs: nowMs, unsure: true });
    }
    forget(planes, seen, nowMs, isPerson);
    const share = Math.min(MOST_ADAPTED, elapsedMs / settings.adaptMs);
    picture.follow(planes, share, seen.same, SURELY_SAME);
    return events;
  }

  /** What comes over the border and does not lie still is taken for one, whatever the model says. */
  function mayBeArm({ thing, stillSinceMs }: StillThing, nowMs: number): boolean {
    return thing.pixels >= least && isAtBorder(thing) && nowMs - stillSinceMs < ARM_MS;
  }

  /** 1 where somebody may have hold of what lies there. */
  function nearPersons({ person }: Segmentation, arms: readonly Mask[]): Uint8Array {
    const own = new Uint8Array(person.length);
    let count = 0;
    for (const arm of arms) {
      count += arm.pixels;
      for (let at = 0; at < own.length; at += 1) if (arm.own[at] === 1) own[at] = 1;
    }
    for (let at = 0; at < own.length; at += 1) {
      if (person[at]! <= MAYBE_PERSON) continue;
      own[at] = 1;
      count += 1;
    }
    return count === 0 ? own : dilated(own, size, HELD_REACH);
  }

  function maskOfThing({ number, ...box }: AddedThing, { numbers }: AddedThings): Mask {
    const own = new Uint8Array(numbers.length);
    for (let y = box.top; y < box.bottom; y += 1) {
      for (let at = y * width + box.left; at < y * width + box.right; at += 1) {
        if (numbers[at] === number) own[at] = 1;
      }
    }
    return { own, ...box };
  }

  /** Only what somebody touched, or what something new reaches into, can have got another thing on it. */
  function noteTouched(masks: ReadonlyMap<number, Mask>, near: Uint8Array, nowMs: number): void {
    for (const one of lying) {
      if (nowMs - one.placedMs <= LEAVING_MS) continue;
      const held = countIn(one.mask, size, (at) => near[at] === 1) > HELD_PIXELS;
      const isReached = [...masks.values()].some((mask) => {
        const inside = countIn(mask, size, (at) => one.mask.own[at] === 1);
        return inside > HELD_PIXELS && inside < mask.pixels / 2;
      });
      if (held || isReached) one.touchedMs = nowMs;
    }
  }

  function isAtBorder({ left, top, right, bottom }: AddedThing): boolean {
    return left === 0 || top === 0 || right === width || bottom === height;
  }

  function isDue(
    { thing, stillSinceMs, freeSinceMs }: StillThing,
    mask: Mask,
    seen: Segmentation,
    nowMs: number,
  ): boolean {
    const { stillMs, freeMs, atBorderMs } = settings;
    const waits = isAtBorder(thing);
    const borderMs = waits && personIn(mask, seen) > MAYBE_ARM ? ARM_MS : atBorderMs;
    return (
      nowMs - stillSinceMs >= (waits ? borderMs : stillMs) &&
      nowMs - freeSinceMs >= (waits ? borderMs : freeMs)
    );
  }

  /** The placement in which it lies. */
  function ownerOf(mask: Mask): Placement | undefined {
    return lying.findLast(
      (one) => countIn(mask, size, (at) => one.mask.own[at] === 1) > OWN_SHARE * mask.pixels,
    );
  }

  function isInHands(owner: Placement | undefined, nowMs: number): boolean {
    return owner !== undefined && nowMs - owner.touchedMs < IN_HANDS_MS;
  }

  /** A crumb, a drop, what is left of a thing's edge. */
  function isOld({ stillSinceMs, freeSinceMs }: StillThing, nowMs: number): boolean {
    return nowMs - Math.max(stillSinceMs, freeSinceMs) >= SPECK_MS;
  }

  /** Once, as soon as it lies still and free. */
  function announce(one: StillThing, mask: Mask, nowMs: number): StillThing {
    if (one.isAnnounced || one.stillSinceMs === nowMs || one.freeSinceMs > nowMs) return one;
    events.push({ kind: 'resting', region: regionOf(mask), atMs: nowMs });
    return { ...one, isAnnounced: true };
  }

  function decide(
    { stillSinceMs }: StillThing,
    mask: Mask,
    owner: Placement | undefined,
    planes: Planes,
    seen: Segmentation,
    nowMs: number,
    isPerson: (at: number) => boolean,
  ): void {
    const [grey] = planes;
    if (owner !== undefined && showsBeneath(owner, mask, grey!, (at) => seen.same[at]! > MOSTLY)) {
      remove(owner, planes, nowMs, isPerson);
      return;
    }
    const tone = toneOf(mask, planes);
    const whole =
      owner !== undefined && !(owner.touchedMs > owner.placedMs) && isLikeTone(owner, tone)
        ? owner
        : lying.findLast((one) => isRestOf(one, mask, nowMs));
    if (whole !== undefined) {
      whole.mask = maskOf(
        whole.mask.own.map((is, at) => is | mask.own[at]!),
        size,
      )!;
      picture.adopt(mask.own, planes, isPerson);
      return;
    }
    // What lies no longer where something else lies now.
    for (const one of [...lying]) if (isReplaced(one, mask, seen)) one.goneSinceMs ||= nowMs;
    const again = lying.find((one) => !Number.isNaN(one.goneSinceMs) && isLike(one, mask, tone));
    const beneath = picture.picture().grey;
    if (again === undefined) {
      // Nobody brought it: the kiosk's own window, mirrored, shows pictures of goods.
      const isVisited = countIn(mask, size, (at) => visitedMs[at]! > stillSinceMs - VISIT_MS) > 0;
      const unsure = !isVisited || personIn(mask, seen) > MAYBE_PERSON;
      place(mask, beneath, planes, { nowMs, stillSinceMs, unsure });
    } else {
      const { placementId } = again;
      lying = lying.filter((one) => one !== again);
      picture.adopt(again.mask.own, planes, isPerson);
      const region = regionOf(mask);
      events.push({ kind: 'moved', placementId, region, atMs: nowMs, unsure: true });
      lying.push(placementOf(placementId, mask, beneath, planes, nowMs));
    }
    picture.adopt(mask.own, planes, isPerson);
  }

  function place(
    mask: Mask,
    beneath: Uint8Array,
    planes: Planes,
    { nowMs, stillSinceMs, unsure }: { nowMs: number; stillSinceMs: number; unsure: boolean },
  ): void {
    const placementId = newId();
    const region = regionOf(mask);
    const doubt = unsure && { unsure };
    events.push({ kind: 'placed', placementId, region, atMs: nowMs, stillSinceMs, ...doubt });
    lying.push(placementOf(placementId, mask, beneath, planes, nowMs));
  }

  function placementOf(
    placementId: string,
    mask: Mask,
    beneath: Uint8Array,
    planes: Planes,
    placedMs: number,
  ): Placement {
    const unknown = { touchedMs: Number.NaN, goneSinceMs: Number.NaN };
    const [region, tone] = [regionOf(mask), toneOf(mask, planes)];
    return { placementId, mask, region, beneath, tone, placedMs, ...unknown };
  }

  /** The hand that let go of a thing hid a part of it. */
  function isRestOf(
    { placedMs, mask: { own, pixels } }: Placement,
    mask: Mask,
    nowMs: number,
  ): boolean {
    if (nowMs - placedMs > REST_MS || mask.pixels > REST_SHARE * pixels) return false;
    const reach = dilated(own, size, REST_REACH);
    return countIn(mask, size, (at) => reach[at] === 1) >= REST_PIXELS;
  }

  /** Where it lies, there is now what was there before it came. */
  function showsBeneath(
    one: Placement,
    mask: Mask,
    grey: Uint8Array,
    isSame: (at: number) => boolean,
  ): boolean {
    const toBeneath = differenceIn(mask, [grey, one.beneath], size, isSame);
    const toAccepted = differenceIn(mask, [grey, picture.picture().grey], size, isSame);
    return toBeneath < LIKE_BENEATH && toBeneath < toAccepted / 2;
  }

  /** It is gone, but what was there before it came is not there either. */
  function showsAnother(
    { mask, beneath }: Placement,
    grey: Uint8Array,
    isSame: (at: number) => boolean,
  ): boolean {
    const toBeneath = differenceIn(mask, [grey, beneath], size, isSame);
    const toAccepted = differenceIn(mask, [grey, picture.picture().grey], size, isSame);
    return toBeneath > UNLIKE_BENEATH && toBeneath > UNLIKE_SHARE * toAccepted;
  }

  function isReplaced(one: Placement, mask: Mask, { removed, same }: Segmentation): boolean {
    const isOutside = (at: number): boolean => mask.own[at] !== 1;
    const { pixels } = one.mask;
    const hidden = pixels - countIn(one.mask, size, isOutside);
    const gone = countIn(one.mask, size, (at) => isOutside(at) && removed[at]! > MOSTLY);
    const shown = countIn(one.mask, size, (at) => isOutside(at) && same[at]! > MOSTLY);
    return hidden > HIDDEN_SHARE * pixels && shown < SHOWN_SHARE * pixels && gone > 0.05 * pixels;
  }

  function isLike(one: Placement, { pixels }: Mask, tone: readonly number[]): boolean {
    const ratio = pixels / one.mask.pixels;
    return ratio < LIKE_AREA && ratio > 1 / LIKE_AREA && isLikeTone(one, tone);
  }

  function isLikeTone(one: Placement, tone: readonly number[]): boolean {
    return tone.every((value, index) => Math.abs(value - one.tone[index]!) < LIKE_TONE);
  }

  function toneOf({ own, pixels }: Mask, planes: Planes): readonly number[] {
    return planes.map((plane) => {
      let sum = 0;
      for (let at = 0; at < own.length; at += 1) if (own[at] === 1) sum += plane[at]!;
      return sum / pixels;
    });
  }

  /** On the mean, of 255. */
  function personIn({ own, pixels }: Mask, { person }: Segmentation): number {
    let sum = 0;
    for (let at = 0; at < own.length; at += 1) if (own[at] === 1) sum += person[at]!;
    return sum / pixels;
  }

  function noteGone(
    one: Placement,
    { removed }: Segmentation,
    nowMs: number,
    isPerson: (at: number) => boolean,
  ): void {
    const { pixels } = one.mask;
    const gone = countIn(one.mask, size, (at) => removed[at]! > MOSTLY);
    const hidden = countIn(one.mask, size, isPerson);
    if (gone > GONE_SHARE * pixels && hidden < HELD_OVER_SHARE * pixels) one.goneSinceMs ||= nowMs;
    else if (hidden > 0 || gone < pixels / 4) one.goneSinceMs = Number.NaN;
  }

  /** While somebody is about, it may be put down again. */
  function isLeft(
    { goneSinceMs, placedMs, touchedMs }: Placement,
    isSomebodyAbout: boolean,
    nowMs: number,
  ): boolean {
    const goneMs = nowMs - goneSinceMs;
    if (!(touchedMs > placedMs) && goneMs < UNTOUCHED_MS) return false;
    const isAnythingNew = still.some(({ thing }) => thing.pixels >= least);
    return goneMs >= (isSomebodyAbout || isAnythingNew ? settings.putBackMs : settings.goneMs);
  }

  function remove(
    one: Placement,
    planes: Planes,
    nowMs: number,
    isPerson: (at: number) => boolean,
  ): void {
    const { placementId, region } = one;
    lying = lying.filter((other) => other !== one);
    events.push({ kind: 'removed', placementId, region: placeOf(region), atMs: nowMs });
    picture.adopt(one.mask.own, planes, isPerson);
  }

  /** What was there from the start, and is no placement, leaves without a word. */
  function forget(
    planes: Planes,
    { removed }: Segmentation,
    nowMs: number,
    isPerson: (at: number) => boolean,
  ): void {
    const bared = new Uint8Array(removed.length);
    let count = 0;
    for (let at = 0; at < bared.length; at += 1) {
      if (removed[at]! <= MOSTLY || lying.some(({ mask }) => mask.own[at] === 1)) continue;
      bared[at] = 1;
      count += 1;
    }
    if (count < FORGOTTEN_PIXELS) baredSinceMs = Number.NaN;
    else if (!(nowMs - baredSinceMs >= FORGOTTEN_MS)) baredSinceMs ||= nowMs;
    else {
      picture.adopt(bared, planes, isPerson);
      baredSinceMs = Number.NaN;
    }
  }

  function regionOf({ own, left, top, right, bottom }: Mask): ItemRegion {
    return {
      left: left / width,
      top: top / height,
      width: (right - left) / width,
      height: (bottom - top) / height,
      mask: { width, height, own },
    };
  }

  return {
    accepted: () => (learned < LEARNED_PICTURES ? null : picture.picture()),
    learn(thumb) {
      learned += 1;
      picture.learn(planesOf(thumb));
    },
    see,
    placements: () =>
      lying.map(({ placementId, region }) => ({ placementId, region: placeOf(region) })),
  };
}
