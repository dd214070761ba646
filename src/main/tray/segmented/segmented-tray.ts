/**
 * What lies on the tray, from what a model says of each picture.
 *
 *   thumb, accepted picture ─▶ segmenter ─▶ same, added, removed, person for each pixel, evened out,
 *                                             │               without what is added beside the tray
 *                                             │
 *   added, by things ─▶ still, nobody near it ┼─ hardly differs from before ─▶ light, accepted
 *                       (doubtful: for 3 s)   ├─ as what lay beneath ────────▶ removed
 *                                             ├─ in a thing nobody touched,
 *                                             │  or just beside what a hand
 *                                             │  has left ───────────────────▶ its own (a bag sags)
 *                                             ├─ like one that has gone ─────▶ moved, unsure
 *                                             └─ else ───────────────────────▶ placed
 *   most of a placement gone ─▶ for a while, no person over it ──────────────▶ removed
 *
 * Somebody is what the model takes for a person, what comes over the border and hangs together with one,
 * and what lies across the border and has not lain there for long.
 *
 * What is the same carries its light into the accepted picture, so that it follows the lamps.
 */
import type { Region, Thumb } from '../../../shared/frame.ts';
import { placeOf } from '../../../shared/item-mask.ts';
import { addedThings } from '../segmenter/added-things.ts';
import type { AddedThing, AddedThings } from '../segmenter/added-things.ts';
import type { Segmentation, TrayPicture } from '../segmenter/segmentation.ts';
import type { TrayEvent } from '../tray-event.ts';
import { SHADE_PIXELS, createAcceptedPicture, planesOf } from './accepted-picture.ts';
import type { Planes } from './accepted-picture.ts';
import { createArrivals } from './arrivals.ts';
import {
  CLOSE_REACH,
  MAYBE_PERSON,
  createSomebodyWatch,
  isHeld,
  isOnBorder,
  noteTouched,
  reachOf,
} from './holders.ts';
import { createIgnoreOutside } from './ignore-outside.ts';
import {
  contrastIn,
  isBeside,
  isHiddenBy,
  isLike,
  isReplaced,
  isRestOf,
  showsAnother,
  showsBeneath,
} from './likeness.ts';
import type { Greys } from './likeness.ts';
import { countIn, dilated, maskOf, meanIn, unionOf } from './mask.ts';
import type { Mask } from './mask.ts';
import { placementOf, regionOf, toneOf, wasTouched } from './placement.ts';
import type { Placement } from './placement.ts';
import { defaultSegmentedTrayOptions } from './segmented-tray-options.ts';
import type { SegmentedTrayOptions } from './segmented-tray-options.ts';
import { createSteadier } from './steadied.ts';
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
  /** What is added, by the number of the thing. */
  readonly masks: ReadonlyMap<number, Mask>;
}

/** 1 where somebody may have hold of what lies there. */
interface Holders {
  /** They touch it. */
  readonly close: Uint8Array;
  /** It is near to what of them is further in than who only stands at the border. */
  readonly armed: Uint8Array;
}

const LEARNED_PICTURES = 6;
const MOSTLY = 128;
const PERSON = 110;
/** On the mean of its pixels; shade and light are added to a smaller part. */
const CLEARLY_ADDED = 180;
const WELL_ADDED = 215;
/** By which part of their light its pixels differ from what was there, on the mean. */
const SURELY_FAINT = 0.025;
const MAYBE_FAINT = 0.06;
const UNSEEN_FAINT = 0.08;
/** Added by no more than this, what came all at once under nobody's hand is light. */
const HARDLY_ADDED = 210;
/** Of its pixels, so many came at once, and so few were under a hand. */
const AT_ONCE_SHARE = 0.5;
const UNDER_HAND_SHARE = 0.05;
/** Light that stays for so long is accepted without a word. */
const LIGHT_MS = 600;
const SURELY_SAME = 215;
/** What comes over the border holds what is near it until it has lain still for so long. */
const ARM_MS = 1500;
/** A thing over the border with more of a person than this, of 255, may be a resting arm for so long. */
const MAYBE_ARM = 20;
const RESTING_ARM_MS = 3000;
/** So may one that lies across it for so much of its size. */
const WIDE_SHARE = 0.5;
/** Who is no further in than so many pixels stands there: what lies still for so long is not held. */
const STANDING_PIXELS = 16;
const STANDING_MS = 400;
/** A hand is out of the picture so soon after it has let go of a thing. */
const WITHDRAWN_MS = 1000;
/** What shows in a thing while somebody has hold of it, and so long after, is that. */
const IN_HANDS_MS = 200;
/** Who laid a thing down was there so shortly before it lay still. */
const VISIT_MS = 1500;
/** Nothing goes by itself: where no hand was seen, it must be gone for so long. */
const UNTOUCHED_MS = 1000;
const GONE_SHARE = 0.6;
const BACK_SHARE = 0.5;
const HELD_OVER_SHARE = 0.1;
const OWN_SHARE = 0.55;
const MOST_SHARE = 0.6;
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
  const steadier = createSteadier();
  const somebodyAt = createSomebodyWatch(size);
  const arrivals = createArrivals(size);
  const ignoreOutside = createIgnoreOutside(size, settings.corners);
  let learned = 0;
  let lastMs = Number.NaN;
  /** When somebody was last at each pixel. */
  const visitedMs = new Float64Array(width * height).fill(Number.NEGATIVE_INFINITY);
  /** The same, of those whom the model takes for persons. */
  const personMs = new Float64Array(width * height).fill(Number.NEGATIVE_INFINITY);
  /** When somebody was last anywhere. */
  let somebodyMs = Number.NEGATIVE_INFINITY;
  /** When each pixel was last the same. */
  const sameMs = new Float64Array(width * height).fill(Number.NEGATIVE_INFINITY);
  let still: readonly StillThing[] = [];
  let lying: Placement[] = [];
  let baredSinceMs = Number.NaN;
  let events: TrayEvent[] = [];

  function see(thumb: Thumb, segmentation: Segmentation): readonly TrayEvent[] {
    const { atMs: nowMs } = thumb;
    arrivals.note(segmentation, nowMs);
    const steadied = steadier.steady(segmentation, thumb);
    const found = ignoreOutside({ segmentation: steadied, added: addedThings(steadied) });
    const { segmentation: seen, added: all } = found;
    const planes = planesOf(thumb);
    const elapsedMs = Number.isNaN(lastMs) ? 0 : nowMs - lastMs;
    lastMs = nowMs;
    events = [];
    const isPerson = (at: number): boolean => seen.person[at]! > PERSON;
    const masks = new Map(all.things.map((thing) => [thing.number, maskOfThing(thing, all)]));
    const look: Look = { nowMs, planes, seen, isPerson, masks };
    const isSomebodyAbout = follow(all.things, look);
    still = still.flatMap((one) => goOn(one, masks.get(one.thing.number)!, look));
    for (const one of lying) noteGone(one, look);
    const mayComeBack = isSomebodyAbout || still.some((one) => isNew(one, look));
    for (const one of lying.filter((each) => isLeft(each, mayComeBack, nowMs))) {
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
  function follow(things: readonly AddedThing[], { nowMs, seen, masks }: Look): boolean {
    const followed = followStill(still, things, nowMs);
    const arms = followed.filter((one) => mayBeArm(one, nowMs));
    const somebody = somebodyAt(seen, nowMs);
    const persons = reachOf([somebody.persons], size);
    const armPixels = arms.map(({ thing }) => masks.get(thing.number)!.own);
    const others = somebody.bodies.includes(1) ? [somebody.bodies, ...armPixels] : armPixels;
    const near = others.length === 0 ? persons : reachOf([somebody.persons, ...others], size);
    const holders = holdersOf([somebody.persons, ...others]);
    noteTouched(lying, [...masks.values()], near, { nowMs, size });
    for (let at = 0; at < near.length; at += 1) {
      if (near[at] === 1) visitedMs[at] = nowMs;
      if (persons[at] === 1) personMs[at] = nowMs;
      if (seen.same[at]! > MOSTLY) sameMs[at] = nowMs;
    }
    still = followed.map((one) => {
      const mask = masks.get(one.thing.number)!;
      // What comes over the border does not hold itself.
      const isNear = isHeld(mask, isAtBorder(one.thing) ? persons : near, size);
      const isStill = nowMs - one.stillSinceMs >= STANDING_MS;
      const held = isNear && !(isStill && isOnlyStoodBy(mask, holders()));
      return { ...one, freeSinceMs: held ? Infinity : Math.min(one.freeSinceMs, nowMs) };
    });
    if (near.includes(1)) somebodyMs = nowMs;
    return somebodyMs === nowMs;
  }

  /** What somebody touches, and what is near to an arm of theirs: worked out once, where it is asked for. */
  function holdersOf(somebody: readonly Uint8Array[]): () => Holders {
    let holders: Holders | null = null;
    return () => {
      if (holders !== null) return holders;
      const arms = somebody.map((own) => own.map((is, at) => is & +isInside(at, STANDING_PIXELS)));
      holders = { close: reachOf(somebody, size, CLOSE_REACH), armed: reachOf(arms, size) };
      return holders;
    };
  }

  /** Whoever is near stands at the border, and touches nothing of it. */
  function isOnlyStoodBy(mask: Mask, { close, armed }: Holders): boolean {
    return !isHeld(mask, close, size) && !isHeld(mask, armed, size);
  }

  function isInside(at: number, depth: number): boolean {
    const x = at % width;
    const y = (at - x) / width;
    return x >= depth && x < width - depth && y >= depth && y < height - depth;
  }

  /** It goes on being followed, or is settled and none. */
  function goOn(one: StillThing, mask: Mask, look: Look): readonly StillThing[] {
    const { nowMs, seen } = look;
    if (one.thing.pixels < least) {
      if (!isOld(one, nowMs)) return [one];
      adopt(mask.own, look);
      return [];
    }
    const owner = ownerOf(mask);
    if (!isDue(one, mask, look) || isInHands(owner, nowMs)) return [announce(one, mask, nowMs)];
    const isClear = isClearlyAdded(mask, seen);
    const isLight = isFaint(one, mask, look);
    const waitsMs = isLight ? LIGHT_MS : isClear ? 0 : settings.doubtMs;
    if (nowMs - one.roughlySinceMs < waitsMs) return [one];
    if (isLight && owner === undefined) {
      adopt(mask.own, look);
      return [];
    }
    decide(one, mask, { owner, isClear }, look);
    return [];
  }

  function greysOf({ planes, seen }: Look): Greys {
    return { now: planes[0]!, accepted: picture.grey(), same: seen.same };
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

  function isWideAtBorder(mask: Mask): boolean {
    const along = countIn(mask, size, (at) => isOnBorder(at, size));
    return along > WIDE_SHARE * Math.sqrt(mask.pixels);
  }

  function isDue(one: StillThing, mask: Mask, { nowMs, seen }: Look): boolean {
    const { thing, stillSinceMs, roughlySinceMs, freeSinceMs } = one;
    const { stillMs, laidMs, roughMs, partedMs, freeMs, laidFreeMs, atBorderMs } = settings;
    const waits = isAtBorder(thing);
    const isArm =
      waits &&
      (meanIn(mask, seen.person) > MAYBE_ARM ||
        isWideAtBorder(mask) ||
        !wasVisited(personMs, mask, stillSinceMs));
    const borderMs = isArm ? RESTING_ARM_MS : atBorderMs;
    // A hand over the border trembles, and is none of what a camera shakes.
    if (waits) return nowMs - stillSinceMs >= borderMs && nowMs - freeSinceMs >= borderMs;
    const isLaid =
      freeSinceMs >= stillSinceMs &&
      wasUnderHand(one, mask) &&
      meanIn(mask, seen.added) > WELL_ADDED;
    const forMs = thing.isParted ? partedMs : isLaid ? laidMs : stillMs;
    const isStill =
      nowMs - stillSinceMs >= forMs || nowMs - roughlySinceMs >= Math.max(forMs, roughMs);
    return isStill && nowMs - freeSinceMs >= (isLaid ? laidFreeMs : freeMs);
  }

  function wasVisited(times: Float64Array, mask: Mask, beforeMs: number): boolean {
    return countIn(mask, size, (at) => times[at]! > beforeMs - VISIT_MS) > 0;
  }

  /** Nobody was there since most of it was as before: a bag sags on after the hand has left. */
  function cameByItself(mask: Mask, isClear: boolean, { leftMs }: Placement): boolean {
    // What is thrown on it comes by itself too, but somebody was there to throw it.
    if (isClear && somebodyMs - leftMs > WITHDRAWN_MS) return false;
    const alone = countIn(mask, size, (at) => sameMs[at]! > visitedMs[at]!);
    return alone > MOST_SHARE * mask.pixels;
  }

  function isClearlyAdded(mask: Mask, { added }: Segmentation): boolean {
    return meanIn(mask, added) > CLEARLY_ADDED;
  }

  /** As shade is, and what a bright window mirrors. */
  function isFaint(one: StillThing, mask: Mask, { nowMs, planes, seen }: Look): boolean {
    const part = contrastIn(mask, planes[0]!, picture.grey());
    if (part < SURELY_FAINT) return true;
    // Who lays a clear bottle down has a hand on it.
    if (wasUnderHand(one, mask)) return false;
    const added = meanIn(mask, seen.added);
    // A hand may be near when a window changes that is mirrored.
    if (added < HARDLY_ADDED && arrivals.atOnce(mask) > AT_ONCE_SHARE) return true;
    return wasVisited(visitedMs, mask, nowMs)
      ? part < MAYBE_FAINT && added < WELL_ADDED
      : part < UNSEEN_FAINT;
  }

  function wasUnderHand({ roughlySinceMs }: StillThing, mask: Mask): boolean {
    return arrivals.underPerson(mask, roughlySinceMs - VISIT_MS) > UNDER_HAND_SHARE;
  }

  function isNew({ thing }: StillThing, { masks, seen }: Look): boolean {
    return thing.pixels >= least && isClearlyAdded(masks.get(thing.number)!, seen);
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
    { owner, isClear }: { readonly owner: Placement | undefined; readonly isClear: boolean },
    look: Look,
  ): void {
    const { nowMs, planes, seen } = look;
    const greys = greysOf(look);
    if (owner !== undefined && showsBeneath(owner, mask, greys, size)) return remove(owner, look);
    const pushed = pushedTo(mask, look);
    if (pushed !== undefined) {
      move(pushed.one, pushed.mask, beneathAll([pushed.one], greys.accepted), look);
      return adopt(pushed.mask.own, look);
    }
    const tone = toneOf(mask, planes);
    const whole =
      owner !== undefined && !wasTouched(owner)
        ? owner
        : (lying.findLast((one) => isRestOf(one, mask, nowMs, size)) ??
          lying.findLast((one) => isBeside(one, mask, size) && cameByItself(mask, isClear, one)));
    if (whole !== undefined) {
      whole.mask = maskOf(unionOf([whole.mask, mask], size), size)!;
    } else {
      for (const one of lying) if (isReplaced(one, mask, seen, size)) one.goneSinceMs ||= nowMs;
      const gone = lying.filter((one) => !Number.isNaN(one.goneSinceMs));
      const beneath = beneathAll(gone, greys.accepted);
      const again = gone.find((one) => isLike(one, mask, tone, size));
      if (again === undefined) {
        // Or it would pass for what hides it.
        for (const one of gone) if (isHiddenBy(one, mask, size)) remove(one, look);
        // Nobody brought it: the kiosk's own window, mirrored, shows pictures of goods.
        const isVisited = wasVisited(visitedMs, mask, stillSinceMs);
        const unsure = !isVisited || !isClear || meanIn(mask, seen.person) > MAYBE_PERSON;
        place(mask, beneath, look, { stillSinceMs, unsure });
      } else move(again, mask, beneath, look);
    }
    adopt(mask.own, look);
  }

  /** A patterned thing that is pushed by a part of its size seems to be several new ones. */
  function pushedTo(
    mask: Mask,
    { planes, seen, masks }: Look,
  ): { readonly one: Placement; readonly mask: Mask } | undefined {
    for (const one of lying) {
      if (!wasTouched(one) || !isBeside(one, mask, size)) continue;
      const parts = [...masks.values()].filter((each) => isBeside(one, each, size));
      const whole = maskOf(unionOf(parts, size), size)!;
      if (!isReplaced(one, whole, seen, size)) continue;
      if (isLike(one, whole, toneOf(whole, planes), size)) return { one, mask: whole };
    }
    return undefined;
  }

  /** What would show where those lay that are gone, and what is accepted elsewhere. */
  function beneathAll(gone: readonly Placement[], accepted: Uint8Array): Uint8Array {
    const beneath = accepted.slice();
    for (const one of gone.toReversed()) {
      for (let at = 0; at < beneath.length; at += 1) {
        if (one.mask.own[at] === 1) beneath[at] = one.beneath[at]!;
      }
    }
    return beneath;
  }

  function place(
    mask: Mask,
    beneath: Uint8Array,
    look: Look,
    { stillSinceMs, unsure }: { readonly stillSinceMs: number; readonly unsure: boolean },
  ): void {
    const { nowMs, planes } = look;
    const then = { beneath, restingThen: restingNow(look), placedMs: nowMs };
    const one = placementOf(newId(), mask, then, planes, size);
    const { placementId, region } = one;
    const doubt = unsure && { unsure };
    events.push({ kind: 'placed', placementId, region, atMs: nowMs, stillSinceMs, ...doubt });
    lying.push(one);
  }

  /** What has come to lie still and free, for all that is known. */
  function restingNow({ nowMs, masks }: Look): Uint8Array {
    const own = new Uint8Array(width * height);
    for (const one of still) {
      const { thing, stillSinceMs, freeSinceMs } = one;
      if (stillSinceMs === nowMs || !(freeSinceMs <= nowMs) || mayBeArm(one, nowMs)) continue;
      const mask = masks.get(thing.number)!;
      for (let at = 0; at < own.length; at += 1) if (mask.own[at] === 1) own[at] = 1;
    }
    return own;
  }

  /** Another thing may be as large and of that tone: a photo must tell. */
  function move(again: Placement, mask: Mask, beneath: Uint8Array, look: Look): void {
    const { nowMs, planes } = look;
    const { placementId } = again;
    const then = { beneath, restingThen: restingNow(look), placedMs: nowMs };
    const one = placementOf(placementId, mask, then, planes, size);
    lying = lying.filter((other) => other !== again);
    adopt(again.mask.own, look);
    events.push({ kind: 'moved', placementId, region: one.region, atMs: nowMs, unsure: true });
    lying.push(one);
  }

  function noteGone(one: Placement, look: Look): void {
    const { nowMs, seen, isPerson } = look;
    const { pixels } = one.mask;
    const gone = countIn(one.mask, size, (at) => seen.removed[at]! > MOSTLY);
    const changed = countIn(one.mask, size, (at) => seen.same[at]! < MOSTLY && !isPerson(at));
    const hidden = countIn(one.mask, size, isPerson);
    // What lay beneath it may be a thing, which the model takes for one that came.
    const isBare = (): boolean =>
      gone > GONE_SHARE * pixels || showsBeneath(one, one.mask, greysOf(look), size);
    one.isGone = changed > GONE_SHARE * pixels && hidden < HELD_OVER_SHARE * pixels && isBare();
    if (one.isGone) one.goneSinceMs ||= nowMs;
    else if (isBack(one, seen, isPerson)) one.goneSinceMs = Number.NaN;
  }

  /** What hides the place where it lay tells nothing of it. */
  function isBack(
    { mask }: Placement,
    { same }: Segmentation,
    isPerson: Look['isPerson'],
  ): boolean {
    const shown = countIn(mask, size, (at) => same[at]! > MOSTLY && !isPerson(at));
    return shown > BACK_SHARE * mask.pixels;
  }

  /** While somebody is about, it may be put down again. */
  function isLeft(one: Placement, mayComeBack: boolean, nowMs: number): boolean {
    if (!one.isGone) return false;
    const goneMs = nowMs - one.goneSinceMs;
    if (!wasTouched(one) && goneMs < UNTOUCHED_MS) return false;
    return goneMs >= (mayComeBack ? settings.putBackMs : settings.goneMs);
  }

  function remove(one: Placement, look: Look): void {
    const { nowMs } = look;
    const { placementId, region } = one;
    lying = lying.filter((other) => other !== one);
    events.push({ kind: 'removed', placementId, region: placeOf(region), atMs: nowMs });
    adopt(one.mask.own, look);
  }

  function adopt(own: Uint8Array, { planes, isPerson }: Look): void {
    picture.adopt(own, planes, isPerson);
    steadier.settle(own);
  }

  /** What was there from the start, and is no placement, leaves without a word. */
  function forget(look: Look): void {
    const {
      nowMs,
      seen: { removed },
    } = look;
    const bared = new Uint8Array(removed.length);
    let count = 0;
    if (!removed.some((share) => share > MOSTLY)) {
      baredSinceMs = Number.NaN;
      return;
    }
    // The rest of it would be too little to tell that it is gone.
    const kept = surroundings(lying);
    for (let at = 0; at < bared.length; at += 1) {
      if (removed[at]! <= MOSTLY || kept[at] === 1) continue;
      bared[at] = 1;
      count += 1;
    }
    if (count < FORGOTTEN_PIXELS) baredSinceMs = Number.NaN;
    else if (!(nowMs - baredSinceMs >= FORGOTTEN_MS)) baredSinceMs ||= nowMs;
    else {
      adopt(bared, look);
      baredSinceMs = Number.NaN;
    }
  }

  /** Placements, and whatever of the tray is accepted together with what lies close to them. */
  function surroundings(placements: readonly Placement[]): Uint8Array {
    const own = unionOf(
      placements.map(({ mask }) => mask),
      size,
    );
    return dilated(own, size, SHADE_PIXELS + 1);
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
