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
import { addedThings } from '../segmenter/added-things.ts';
import type { AddedThing, AddedThings } from '../segmenter/added-things.ts';
import type { Segmentation, TrayPicture } from '../segmenter/segmentation.ts';
import type { TrayEvent } from '../tray-event.ts';
import { createAcceptedPicture, planesOf } from './accepted-picture.ts';
import type { Planes } from './accepted-picture.ts';
import { MAYBE_PERSON, isHeld, nearPersons, noteTouched } from './holders.ts';
import {
  isLike,
  isLikeTone,
  isReplaced,
  isRestOf,
  showsAnother,
  showsBeneath,
} from './likeness.ts';
import type { Greys } from './likeness.ts';
import { countIn, maskOf, meanIn } from './mask.ts';
import type { Mask } from './mask.ts';
import { placementOf, regionOf, toneOf, wasTouched } from './placement.ts';
import type { Placement } from './placement.ts';
import { defaultSegmentedTrayOptions } from './segmented-tray-options.ts';
import type { SegmentedTrayOptions } from './segmented-tray-options.ts';
import { followStill } from './still-things.ts';
import type { StillThing } from './still-things.ts';

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

/** A picture as it is looked at. */
interface Look {
  readonly nowMs: number;
  readonly planes: Planes;
  readonly seen: Segmentation;
  readonly isPerson: (at: number) => boolean;
}

const LEARNED_PICTURES = 6;
const MOSTLY = 128;
const PERSON = 110;
const SURELY_SAME = 215;
/** A thing over the border with more of a person than this, of 255, waits as long as an arm. */
const MAYBE_ARM = 20;
const ARM_MS = 1500;
/** What shows in a thing while somebody has hold of it, and so long after, is that. */
const IN_HANDS_MS = 200;
/** Who laid a thing down was there so shortly before it lay still. */
const VISIT_MS = 1500;
/** Nothing goes by itself: where no hand was seen, it must be gone for so long. */
const UNTOUCHED_MS = 1000;
const GONE_SHARE = 0.6;
const BACK_SHARE = 0.25;
const HELD_OVER_SHARE = 0.1;
const OWN_SHARE = 0.55;
const MOST_ADAPTED = 0.15;
/** What is too small for a thing and lies still for so long is accepted without a word. */
const SPECK_MS = 1000;
/** What was there from the start and is gone for so long is forgotten. */
const FORGOTTEN_MS = 400;
const FORGOTTEN_PIXELS = 40;

export function createSegmentedTray(
  { width, height, planes: planeCount }: { width: number; height: number; planes: number },
  newId: () => string,
  options: Partial<SegmentedTrayOptions> = {},
): SegmentedTray {
  const settings = { ...defaultSegmentedTrayOptions, ...options };
  const size = { width, height };
  const least = settings.minArea * width * height;
  const picture = createAcceptedPicture(size, planeCount);
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
    const look: Look = { nowMs, planes, seen, isPerson };
    const all = addedThings(seen);
    const masks = new Map(all.things.map((thing) => [thing.number, maskOfThing(thing, all)]));
    const isSomebodyAbout = follow(all.things, masks, look);
    still = still.flatMap((one) => goOn(one, masks.get(one.thing.number)!, look));
    for (const one of lying) noteGone(one, look);
    for (const one of lying.filter((each) => isLeft(each, isSomebodyAbout, nowMs))) {
      const isSwapped = wasTouched(one) && showsAnother(one, greysOf(look), size);
      remove(one, look);
      if (!isSwapped) continue;
      place(one.mask, one.beneath, look, { stillSinceMs: nowMs, unsure: true });
    }
    forget(look);
    const share = Math.min(MOST_ADAPTED, elapsedMs / settings.adaptMs);
    picture.follow(planes, share, seen.same, SURELY_SAME);
    return events;
  }

  /** Whose things are still and free, and who is about. */
  function follow(
    things: readonly AddedThing[],
    masks: ReadonlyMap<number, Mask>,
    { nowMs, seen }: Look,
  ): boolean {
    const followed = followStill(still, things, nowMs);
    const arms = followed.filter((one) => mayBeArm(one, nowMs));
    const persons = nearPersons(seen, [], size);
    const armMasks = arms.map(({ thing }) => masks.get(thing.number)!);
    const near = arms.length === 0 ? persons : nearPersons(seen, armMasks, size);
    noteTouched(lying, [...masks.values()], near, { nowMs, size });
    for (let at = 0; at < near.length; at += 1) if (near[at] === 1) visitedMs[at] = nowMs;
    still = followed.map((one) => {
      // What comes over the border does not hold itself.
      const holders = isAtBorder(one.thing) ? persons : near;
      const held = isHeld(masks.get(one.thing.number)!, holders, size);
      return { ...one, freeSinceMs: held ? Infinity : Math.min(one.freeSinceMs, nowMs) };
    });
    return near.includes(1);
  }

  /** It goes on being followed, or is settled and none. */
  function goOn(one: StillThing, mask: Mask, look: Look): readonly StillThing[] {
    const { nowMs, planes, isPerson } = look;
    if (one.thing.pixels < least) {
      if (!isOld(one, nowMs)) return [one];
      picture.adopt(mask.own, planes, isPerson);
      return [];
    }
    const owner = ownerOf(mask);
    if (!isDue(one, mask, look) || isInHands(owner, nowMs)) return [announce(one, mask, nowMs)];
    decide(one, mask, owner, look);
    return [];
  }

  function greysOf({ planes, seen }: Look): Greys {
    return { now: planes[0]!, accepted: picture.picture().grey, same: seen.same };
  }

  /** What comes over the border and does not lie still is taken for one, whatever the model says. */
  function mayBeArm({ thing, stillSinceMs }: StillThing, nowMs: number): boolean {
    return thing.pixels >= least && isAtBorder(thing) && nowMs - stillSinceMs < ARM_MS;
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

  function isAtBorder({ left, top, right, bottom }: AddedThing): boolean {
    return left === 0 || top === 0 || right === width || bottom === height;
  }

  function isDue(
    { thing, stillSinceMs, freeSinceMs }: StillThing,
    mask: Mask,
    { nowMs, seen }: Look,
  ): boolean {
    const { stillMs, freeMs, atBorderMs } = settings;
    const waits = isAtBorder(thing);
    const borderMs = waits && meanIn(mask, seen.person) > MAYBE_ARM ? ARM_MS : atBorderMs;
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
    events.push({ kind: 'resting', region: regionOf(mask, size), atMs: nowMs });
    return { ...one, isAnnounced: true };
  }

  function decide(
    { stillSinceMs }: StillThing,
    mask: Mask,
    owner: Placement | undefined,
    look: Look,
  ): void {
    const { nowMs, planes, seen, isPerson } = look;
    const greys = greysOf(look);
    if (owner !== undefined && showsBeneath(owner, mask, greys, size)) return remove(owner, look);
    const tone = toneOf(mask, planes);
    const whole =
      owner !== undefined && !wasTouched(owner) && isLikeTone(owner, tone)
        ? owner
        : lying.findLast((one) => isRestOf(one, mask, nowMs, size));
    if (whole !== undefined) {
      const own = whole.mask.own.map((is, at) => is | mask.own[at]!);
      whole.mask = maskOf(own, size)!;
    } else {
      for (const one of lying) if (isReplaced(one, mask, seen, size)) one.goneSinceMs ||= nowMs;
      const again = lying.find((one) => !Number.isNaN(one.goneSinceMs) && isLike(one, mask, tone));
      if (again === undefined) {
        // Nobody brought it: the kiosk's own window, mirrored, shows pictures of goods.
        const isVisited = countIn(mask, size, (at) => visitedMs[at]! > stillSinceMs - VISIT_MS) > 0;
        const unsure = !isVisited || meanIn(mask, seen.person) > MAYBE_PERSON;
        place(mask, greys.accepted, look, { stillSinceMs, unsure });
      } else move(again, mask, greys.accepted, look);
    }
    picture.adopt(mask.own, planes, isPerson);
  }

  function place(
    mask: Mask,
    beneath: Uint8Array,
    { nowMs, planes, seen }: Look,
    { stillSinceMs, unsure }: { readonly stillSinceMs: number; readonly unsure: boolean },
  ): void {
    const then = { beneath, addedThen: seen.added, placedMs: nowMs };
    const one = placementOf(newId(), mask, then, planes, size);
    const { placementId, region } = one;
    const doubt = unsure && { unsure };
    events.push({ kind: 'placed', placementId, region, atMs: nowMs, stillSinceMs, ...doubt });
    lying.push(one);
  }

  /** Another thing may be as large and of that tone: a photo must tell. */
  function move(
    again: Placement,
    mask: Mask,
    beneath: Uint8Array,
    { nowMs, planes, seen, isPerson }: Look,
  ): void {
    const { placementId } = again;
    const then = { beneath, addedThen: seen.added, placedMs: nowMs };
    const one = placementOf(placementId, mask, then, planes, size);
    lying = lying.filter((other) => other !== again);
    picture.adopt(again.mask.own, planes, isPerson);
    events.push({ kind: 'moved', placementId, region: one.region, atMs: nowMs, unsure: true });
    lying.push(one);
  }

  function noteGone(one: Placement, { nowMs, seen, isPerson }: Look): void {
    const { pixels } = one.mask;
    const gone = countIn(one.mask, size, (at) => seen.removed[at]! > MOSTLY);
    const hidden = countIn(one.mask, size, isPerson);
    if (gone > GONE_SHARE * pixels && hidden < HELD_OVER_SHARE * pixels) one.goneSinceMs ||= nowMs;
    else if (hidden > 0 || gone < BACK_SHARE * pixels) one.goneSinceMs = Number.NaN;
  }

  /** While somebody is about, it may be put down again. */
  function isLeft(one: Placement, isSomebodyAbout: boolean, nowMs: number): boolean {
    const goneMs = nowMs - one.goneSinceMs;
    if (!wasTouched(one) && goneMs < UNTOUCHED_MS) return false;
    const isAnythingNew = still.some(({ thing }) => thing.pixels >= least);
    return goneMs >= (isSomebodyAbout || isAnythingNew ? settings.putBackMs : settings.goneMs);
  }

  function remove(one: Placement, { nowMs, planes, isPerson }: Look): void {
    const { placementId, region } = one;
    lying = lying.filter((other) => other !== one);
    events.push({ kind: 'removed', placementId, region: placeOf(region), atMs: nowMs });
    picture.adopt(one.mask.own, planes, isPerson);
  }

  /** What was there from the start, and is no placement, leaves without a word. */
  function forget({ nowMs, planes, seen: { removed }, isPerson }: Look): void {
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
