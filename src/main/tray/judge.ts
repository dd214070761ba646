import type { Region } from '../../shared/frame.ts';
import { grown } from '../../shared/item-mask.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Box, Patch } from './appearance.ts';
import {
  boxArea,
  boxGap,
  createGreyHistogram,
  createPatch,
  greysOf,
  likeness,
  isSameColour,
  meanColour,
  sameLook,
  measure,
  overlapArea,
} from './appearance.ts';
import { createCrossing } from './arm.ts';
import type { Candidate, Candidates, Reach } from './candidates.ts';
import { SAME_MOMENT_MS } from './candidates.ts';
import { colourDistance } from './colours.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';
import type { Departures } from './departures.ts';
import { createOutside } from './outside.ts';
import { createOutliner } from './outline.ts';
import type { Outline } from './outline.ts';
import type { Ground, Lying, Pile } from './pile.ts';
import { createRemainder } from './remainder.ts';
import { createSeparator } from './separate.ts';
import type { Say } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';
import type { View } from './view.ts';

/**
 * Tells what a change that lies still means, and takes it into the pile and the accepted picture:
 *
 *   due ─┬─ shows what lay beneath ──▶ leaves
 *        ├─ the same thing, elsewhere or turned ──▶ moved
 *        ├─ near a moving arm, at the border: waits
 *        ├─ no sharp edge, a line, a speck: accepted in a while
 *        └─ thick, sharp, new ──▶ placed
 */
export interface Judge {
  /** To be called for what is due. */
  decide(candidate: Candidate, nowMs: number): void;
  /** Notes which placements' places are seen bare; to be called with each picture in which much changed. */
  watch(nowMs: number): void;
  /** Says of what is not due yet that it will be placed, where nothing but the time is missing. */
  foresee(candidate: Candidate, nowMs: number): void;
}

/** What has no sharp edge is a shadow, and is taken into the accepted picture after this. */
const SHADOW_MS = 600;
const SPECK_MS = 1000;
/**
 * Where more than this part is brighter it is no shadow, and with edges so much steeper than before, not
 * the tray that a shadow has left either: half as many sharp pixels make a thing.
 */
const MOSTLY = 0.6;
const NEW = 2;
/** Part of a placement's telling pixels that show what lay beneath it, when it has gone. */
const GONE = 0.6;
/** The same for one that is pushed, turned or half covered, and still there. */
const SHRUNK = 0.12;

/** A pixel's colour that is another, and no light's. */
const COLOURED = 20;
/** Part of what can be seen of a placement that shows what lay beneath it, when it was taken up. */
const BARE = 0.75;
const hidesNothing = (): boolean => false;
/** Greys of one thing that was taken up and laid down are so much alike. */
const LIFTED_LIKE = 0.8;
/** The place of what was pushed is judged within so long after it was bared. */
const JUST_BARED_MS = 600;
/** So long after its place was seen bare a thing counts as taken up. */
const LIFTED_MS = 3000;

/** By so much more slope than what lies there now, what was there before is what has gone. */
const BARES = 2.5;

/** Part of a change on a placement, and its growth beside it as a part of the placement, by which it sags. */
const RESHAPED = 0.35;
const GROWN = 0.6;
const OWN_EDGES = 0.3;
/** A hand that lays down a thing is gone after so long, and no other thing comes to its place before. */
const SETTLING_MS = 500;
/** Around a placement, in pixels, where it may reach itself. */
const NEAR = 5;

/** So much longer than it is thick, and no thicker, a change along the border is no thing. */
const STRIP = 4;
const STRIP_PIXELS = 8;

/** An arm moves this shortly before what it brings lies still. */
const ARM_BEFORE_MS = 1000;
/** Cells bared beside a thing, as a part of its own, that show that a hand has let go of it. */
const LET_GO = 0.12;

/** What the judge decides with. */
export interface Bench {
  readonly width: number;
  readonly height: number;
  readonly view: View;
  readonly components: Components;
  readonly candidates: Candidates;
  readonly pile: Pile;
  readonly departures: Departures;
  readonly settings: TrayOptions;
  readonly newId: () => string;
  readonly say: Say;
}

interface Touched {
  readonly placement: Lying;
  readonly overlap: number;
  /** The part of it that shows what lay beneath. */
  readonly bared: number;
}

export function createJudge({
  width,
  height,
  view,
  components,
  candidates,
  pile,
  departures,
  settings,
  newId,
  say,
}: Bench): Judge {
  const { accepted, mean, colours } = view;
  const minPixels = Math.max(20, settings.minArea * width * height);
  const outline = createOutliner(width, height, view);
  const crossingOf = createCrossing(width, height, view, components, settings);
  const reachPatch = createPatch(width * height);
  /** A thing that just touches the border is no arm. */
  const leastContact = 0.5 * settings.armContact * Math.min(width, height);
  const remainder = createRemainder(width, height, view, components, pile);
  const rest = remainder.patch;
  const isOutside = createOutside(width, height, settings.corners);
  const separator = createSeparator(width, height, view, minPixels);
  const footprint = createPatch(width * height);
  const greysA = createGreyHistogram();
  const greysB = createGreyHistogram();
  /** What is judged may be an arm that rests for long. */
  let mayRest = false;

  function decide(candidate: Candidate, nowMs: number): void {
    const { component } = candidate;
    if (component.isLight && candidates.isBesideThing(candidate)) return;
    const { gone, touched } = whatItTouches(component);
    const shrunk = touched.filter(({ bared }) => bared >= SHRUNK);
    remainder.gather(component, [...gone, ...shrunk.map(({ placement }) => placement)]);

    const waitedMs = nowMs - candidate.stillSinceMs;
    /** Nothing new is in it: what left is told, and the change is forgotten in a while. */
    const passOver = (afterMs: number): void => {
      if (gone.length > 0) bare(gone, component, nowMs);
      else if (waitedMs >= afterMs) pile.accept(component);
    };
    const goneArea = gone.reduce((sum, placement) => sum + placement.area, 0);
    const isThing =
      rest.area >= Math.max(minPixels * 0.5, goneArea * 0.25) && component.cells * 4 >= minPixels;
    if (!isThing) return passOver(SPECK_MS);
    if (waitedMs < settings.stillNearArmMs && candidates.isNearArm(candidate, nowMs)) return;
    if (!remainder.isThick(component)) return passOver(SPECK_MS);
    const lines = outlineOf(component, gone, nowMs);
    if (isBorderStrip(lines.box)) return passOver(SPECK_MS);
    const patienceMs = patienceWith(candidate, lines);
    if (waitedMs < patienceMs) return;
    mayRest = patienceMs > settings.armPatienceMs;
    if (!isSharp(lines) && !isColoured()) {
      if (candidates.takeLight(candidate)) return decide(candidate, nowMs);
      return passOver(SHADOW_MS);
    }

    if (settings.suddenIsLight && gone.length === 0 && candidates.traces.cameAtOnce(component)) {
      return passOver(SHADOW_MS);
    }

    if (gone.length === 0 && isOutside(rest)) return pile.accept(component);

    const shifted = mostLike(gone, rest, 0.5, nowMs);
    for (const placement of gone) if (placement !== shifted) departures.leave(placement, nowMs);
    if (shifted !== undefined) return move(shifted, rest, component, lines.box, nowMs);
    for (const { placement, overlap, bared } of touched) {
      if (!isTurned(placement, overlap, bared)) continue;
      if (!isLike(placement, footprint, nowMs)) continue;
      if (waitedMs < settings.stillNearArmMs) return;
      return move(placement, footprint, component, footprint, nowMs);
    }
    const settling = reshaped(component, touched, lines, nowMs);
    if (settling !== undefined) return pile.extend(settling, rest, component, nowMs);
    const bares = touched.length === 0 ? BARES : Number.POSITIVE_INFINITY;
    const most = departures.wentFrom(component, rest, nowMs) ? 1 : bares;
    if (lines.slopeBefore > most * lines.slopeNow) {
      // Something that was never reported has left, or the shade of what did: the tray is bared.
      return pile.accept(component);
    }
    const whole = partOf(component, candidate.stillSinceMs);
    if (whole !== undefined) return pile.extend(whole, rest, component, nowMs);
    if (touched.length === 0) trim();
    const parts = separator.separate(rest);
    if (parts.length === 1) return lay(component, rest, lines.box, candidate.stillSinceMs, nowMs);
    const ground = pile.ground();
    for (const part of parts) lay(component, part, part, candidate.stillSinceMs, nowMs, ground);
  }

  /** Takes off the rest what reaches out of it as a line only. */
  function trim(): void {
    for (let y = rest.top; y <= rest.bottom; y++) {
      for (let p = y * width + rest.left; p <= y * width + rest.right; p++) {
        if (remainder.solid[p] === 0) rest.mask[p] = 0;
      }
    }
    measure(rest, width, rest);
  }

  /** A bright table that the exposure changes gains or loses lines along the picture's border. */
  function isBorderStrip({ left, top, right, bottom }: Box): boolean {
    const across = right - left + 1;
    const down = bottom - top + 1;
    const lies = (top <= 1 || bottom >= height - 2) && down * STRIP <= across;
    const stands = (left <= 1 || right >= width - 2) && across * STRIP <= down;
    return (lies && down <= STRIP_PIXELS) || (stands && across <= STRIP_PIXELS);
  }

  /** How long to wait for what may be an arm, in milliseconds. */
  function patienceWith({ component, stillSinceMs }: Candidate, lines: Outline): number {
    const { traces } = candidates;
    const isLetGo = (): boolean =>
      candidates.armMovedMs() < stillSinceMs - ARM_BEFORE_MS ||
      traces.cameAtOnce(component) ||
      traces.baredSinceItCame(component) >= Math.max(10, LET_GO * component.cells);
    const own = crossingOf(ownReach(component), lines.contact);
    if (component.isLight) {
      if (own === 'arm') return settings.armPatienceMs;
      return own === 'none' ? 0 : settings.stillAtBorderMs;
    }
    if (own === 'arm') return isLetGo() ? settings.armPatienceMs : settings.restingArmMs;
    if (own === 'shade') return settings.stillAtBorderMs;
    if (own === 'touches') {
      const isArm = lines.contact >= leastContact && !isLetGo();
      return isArm ? settings.restingArmMs : settings.stillAtBorderMs;
    }
    if (candidates.isBesideArm(component) && !isLetGo()) return settings.restingArmMs;
    const reach = candidates.reachOf(component);
    if (!reach.isMore) return 0;
    gatherReach(reach);
    if (crossingOf(reach, outline.contactOf(reachPatch)) !== 'arm') return 0;
    return isLetGo() ? 0 : settings.restingArmMs;
  }

  function ownReach(component: Component): Reach {
    const { label, left, top, right, bottom, borderCells } = component;
    const has = (of: number): boolean => of === label;
    return { left, top, right, bottom, borderCells, isMore: false, has };
  }

  function gatherReach(reach: Reach): void {
    reachPatch.mask.fill(0);
    for (let y = reach.top; y <= reach.bottom; y++) {
      for (let x = reach.left; x <= reach.right; x++) {
        const p = y * width + x;
        if ((view.flags[p]! & CHANGED) !== 0 && reach.has(components.labelAt(x, y))) {
          reachPatch.mask[p] = 1;
        }
      }
    }
    measure(reachPatch, width, reach);
  }

  /**
   * Where something has just gone, what is left is compared with what lay beneath it, and the edges of what
   * stands there still are no news: they were hidden, or as dark as what has gone.
   */
  function outlineOf(component: Component, gone: readonly Lying[], nowMs: number): Outline {
    if (gone.length === 0 && !departures.wentFrom(component, rest, nowMs))
      return outline(rest, remainder.solid);
    const isStanding = (p: number): boolean => {
      const top = pile.topAt(p);
      return top !== undefined && !gone.includes(top) && rest.mask[p] !== 1;
    };
    const before = gone.length > 0 ? pile.without(gone) : accepted;
    return outline(rest, remainder.solid, before, isStanding);
  }

  function foresee(candidate: Candidate, nowMs: number): void {
    const { component } = candidate;
    // Once is enough: what is not free by then has more than the time missing.
    if (candidate.stillPictures !== 1 || candidate.isFading) return;
    if (component.cells * 4 < minPixels || candidates.isNearArm(candidate, nowMs)) return;
    if (pile.all().some((placement) => pile.overlapWith(component, placement) > 0)) return;
    remainder.gather(component, []);
    if (!remainder.isThick(component)) return;
    const lines = outline(rest, remainder.solid);
    if (
      patienceWith(candidate, lines) > 0 ||
      !isSharp(lines) ||
      isOutside(rest) ||
      isBorderStrip(lines.box)
    ) {
      return;
    }
    const bares = departures.wentFrom(component, rest, nowMs) ? 1 : BARES;
    if (lines.slopeBefore > bares * lines.slopeNow) return;
    if (partOf(component, candidate.stillSinceMs) !== undefined) return;
    const filled = rest.mask.slice();
    pile.fillHoles(filled, component);
    say({ kind: 'resting', region: toItemRegion(lines.box, filled), atMs: nowMs });
  }

  /** Light leaves colours as they are. */
  function isColoured(): boolean {
    let n = 0;
    for (let y = rest.top; y <= rest.bottom; y++) {
      for (let p = y * width + rest.left; p <= y * width + rest.right; p++) {
        if (rest.mask[p] === 1 && colourDistance(colours.now, p, colours.accepted, p) > COLOURED)
          n++;
      }
    }
    return n > 0.5 * rest.area;
  }

  function isSharp(lines: Outline): boolean {
    const isLit = lines.lit > MOSTLY * rest.area && lines.slopeNow > NEW * lines.slopeBefore;
    return lines.sharp >= Math.max(10, (isLit ? 1 : 2) * Math.sqrt(rest.area));
  }

  function watch(nowMs: number): void {
    for (const placement of pile.all()) {
      if (pile.partGone(placement, hidesNothing) >= BARE) placement.bareSeenMs = nowMs;
    }
  }

  return { decide, watch, foresee };

  function whatItTouches(component: Component): { gone: Lying[]; touched: Touched[] } {
    const gone: Lying[] = [];
    const touched: Touched[] = [];
    for (const placement of pile.all()) {
      const overlap = pile.overlapWith(component, placement);
      if (overlap < 12 || overlap < 0.05 * placement.area) continue;
      const bared = pile.partGone(placement, candidates.hides);
      if (bared >= GONE) gone.push(placement);
      else touched.push({ placement, overlap, bared });
    }
    return { gone, touched };
  }

  function mostLike(
    among: readonly Lying[],
    patch: Patch,
    least: number,
    nowMs: number,
  ): Lying | undefined {
    let best: Lying | undefined;
    let bestScore = least;
    for (const placement of among) {
      if (!isLike(placement, patch, nowMs)) continue;
      const ratio = patch.area / placement.area;
      // Where old and new place overlap, the rest is smaller than the thing.
      if (ratio < 0.3 || ratio > 1.7) continue;
      const score = likeness(
        greysOf(placement, accepted, width, greysA),
        greysOf(patch, mean, width, greysB),
      );
      if (score > bestScore) {
        best = placement;
        bestScore = score;
      }
    }
    return best;
  }

  /** Whether its place was seen bare lately: it was taken up, and what lies there may be another thing. */
  function wasLifted(placement: Lying, nowMs: number): boolean {
    return nowMs - placement.bareSeenMs < LIFTED_MS;
  }

  /** Whether it may be the same thing, by its colour, and by its greys where it was taken up meanwhile. */
  function isLike(placement: Lying, patch: Patch, nowMs: number): boolean {
    const before = meanColour(placement, colours.accepted, width);
    if (!isSameColour(before, meanColour(patch, colours.now, width))) return false;
    if (!wasLifted(placement, nowMs)) return true;
    return looksSame(placement, patch) || greysAlike(placement, patch) >= LIFTED_LIKE;
  }

  function greysAlike(placement: Lying, patch: Patch): number {
    return likeness(
      greysOf(placement, accepted, width, greysA),
      greysOf(patch, mean, width, greysB),
    );
  }

  function looksSame(placement: Lying, patch: Patch): boolean {
    return sameLook(placement, accepted, patch, mean, width, view.counts.noise);
  }

  /** Whether `rest`, with what is still covered of a placement, is that same placement turned or nudged. */
  function isTurned(placement: Lying, overlap: number, bared: number): boolean {
    if (bared < SHRUNK && overlap < 0.5 * placement.area) return false;
    footprint.mask.set(rest.mask);
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || pile.topAt(p) !== placement) continue;
        if (!pile.isBared(placement, p)) footprint.mask[p] = 1;
      }
    }
    measure(footprint, width, {
      left: Math.min(rest.left, placement.left),
      top: Math.min(rest.top, placement.top),
      right: Math.max(rest.right, placement.right),
      bottom: Math.max(rest.bottom, placement.bottom),
    });
    const ratio = footprint.area / placement.area;
    if (ratio < 0.65 || ratio > 1.3) return false;
    const alike = likeness(
      greysOf(placement, accepted, width, greysA),
      greysOf(footprint, mean, width, greysB),
    );
    return alike >= (bared < SHRUNK ? 0.75 : 0.6);
  }

  /** A part of something placed a moment ago that shows only now, as its shadow side may. */
  function partOf(component: Component, stillSinceMs: number): Lying | undefined {
    const grown = 3;
    for (const placement of pile.all()) {
      if (Math.abs(placement.stillSinceMs - stillSinceMs) > SAME_MOMENT_MS) continue;
      const around = {
        left: placement.left - grown,
        top: placement.top - grown,
        right: placement.right + grown,
        bottom: placement.bottom + grown,
      };
      const within = overlapArea(around, component) / boxArea(component);
      if (within >= 0.6) return placement;
      const isSmall = component.cells * 4 < Math.min(placement.area * 0.25, 2 * minPixels);
      if (isSmall && boxGap(placement, component) <= grown) return placement;
    }
    return undefined;
  }

  /** What sags or rolls a little where it lies: it changes, and no hand came near it. */
  function reshaped(
    component: Component,
    touched: readonly Touched[],
    lines: Outline,
    nowMs: number,
  ): Lying | undefined {
    const [most, next] = touched.toSorted((a, b) => b.overlap - a.overlap);
    if (most === undefined || most.overlap < RESHAPED * rest.area) return undefined;
    if (next !== undefined && most.overlap < 2 * next.overlap) return undefined;
    const { placement } = most;
    if (rest.area - most.overlap > GROWN * placement.area) return undefined;
    const settledMs = placement.changedMs + SETTLING_MS;
    if (nowMs < settledMs) return placement;
    // Its own edges were there before.
    if (lines.slopeBefore < OWN_EDGES * lines.slopeNow) return undefined;
    const around = {
      left: placement.left - NEAR,
      top: placement.top - NEAR,
      right: placement.right + NEAR,
      bottom: placement.bottom + NEAR,
    };
    return candidates.traces.visited(component, around, settledMs) ? undefined : placement;
  }

  function toRegion(box: Box): Region {
    return {
      left: box.left / width,
      top: box.top / height,
      width: (box.right - box.left + 1) / width,
      height: (box.bottom - box.top + 1) / height,
    };
  }

  function toItemRegion(box: Box, own: Uint8Array): ItemRegion {
    return { ...toRegion(box), mask: grown({ width, height, own }) };
  }

  /** Placements have left; what else there is in the component is looked at again in the next picture. */
  function bare(gone: readonly Lying[], component: Component, nowMs: number): void {
    const picture = pile.without(gone);
    for (const placement of gone) departures.leave(placement, nowMs);
    pile.accept(component, rest.mask);
    pile.uncover(rest, picture);
  }

  function move(
    placement: Lying,
    patch: Patch,
    component: Component,
    box: Box,
    nowMs: number,
  ): void {
    const { placementId } = placement;
    const region = toRegion(box);
    const isSure = !wasLifted(placement, nowMs) || looksSame(placement, patch);
    pile.lift(placement);
    const { mask } = pile.lie(placementId, patch, component, region, nowMs);
    sayMoved(placementId, toItemRegion(box, mask), isSure, nowMs);
  }

  function sayMoved(placementId: string, region: ItemRegion, isSure: boolean, nowMs: number): void {
    const moved = { kind: 'moved', placementId, region, atMs: nowMs } as const;
    say(isSure ? moved : { ...moved, unsure: true });
  }

  /** Whether a placement whose place is bare, though its leaving is not judged yet, lies here now. */
  function isPushed(placement: Lying, patch: Patch, nowMs: number): boolean {
    const ratio = patch.area / placement.area;
    return (
      nowMs - placement.bareSeenMs < JUST_BARED_MS &&
      ratio >= 0.75 &&
      ratio <= 1.35 &&
      isLike(placement, patch, nowMs) &&
      greysAlike(placement, patch) >= LIFTED_LIKE
    );
  }

  /** Something lies there that did not: put down again after it left a moment ago, or new. */
  function lay(
    component: Component,
    patch: Patch,
    box: Box,
    stillSinceMs: number,
    nowMs: number,
    ground: Ground = pile.ground(),
  ): void {
    const region = toRegion(box);
    const pushed = pile.all().find((placement) => isPushed(placement, patch, nowMs));
    if (pushed !== undefined) {
      const isSure = looksSame(pushed, patch);
      pile.lift(pushed);
      const { mask } = pile.lie(pushed.placementId, patch, component, region, nowMs);
      return sayMoved(pushed.placementId, toItemRegion(box, mask), isSure, nowMs);
    }
    const back = departures.putBack(patch);
    const placementId = back?.placementId ?? newId();
    const { mask } = pile.lie(placementId, patch, component, region, stillSinceMs, ground);
    if (back !== undefined) {
      return sayMoved(placementId, toItemRegion(box, mask), back.isSure, nowMs);
    }
    const seen = toItemRegion(box, mask);
    const placed = {
      kind: 'placed',
      placementId,
      region: seen,
      atMs: nowMs,
      stillSinceMs,
    } as const;
    say(mayRest ? { ...placed, unsure: true } : placed);
  }
}
