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
import type { BackgroundModel } from './background-model.ts';
import type { Candidate, Candidates, Reach } from './candidates.ts';
import { SAME_MOMENT_MS } from './candidates.ts';
import { colourDistance } from './colours.ts';
import type { Component, Components } from './components.ts';
import { CHANGED } from './components.ts';
import type { EdgeAnalysis } from './edge-analysis.ts';
import { createEdgeAnalyser } from './edge-analysis.ts';
import { createOutside } from './outside.ts';
import type { PendingRemovals } from './pending-removals.ts';
import type { Ground, PlacedObject, PlacementStack } from './placement-stack.ts';
import { createSeparator } from './separate.ts';
import type { Say } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';
import { createUnexplainedPixels } from './unexplained-pixels.ts';

/**
 * Tells what a change that lies still means, and takes it into the stack of placements and the accepted
 * picture:
 *
 *   due ─┬─ shows what lay beneath ──▶ leaves
 *        ├─ the same thing, elsewhere or turned ──▶ moved
 *        ├─ near a moving arm, at the border: waits
 *        ├─ no sharp edge, a line, a speck: accepted in a while
 *        └─ thick, sharp, new ──▶ placed
 */
export interface ChangeClassifier {
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

/** What the classifier decides with. */
export interface ClassifierParts {
  readonly width: number;
  readonly height: number;
  readonly background: BackgroundModel;
  readonly components: Components;
  readonly candidates: Candidates;
  readonly stack: PlacementStack;
  readonly pendingRemovals: PendingRemovals;
  readonly settings: TrayOptions;
  readonly newId: () => string;
  readonly say: Say;
}

interface Touched {
  readonly placement: PlacedObject;
  readonly overlap: number;
  /** The part of it that shows what lay beneath. */
  readonly bared: number;
}

export function createChangeClassifier({
  width,
  height,
  background,
  components,
  candidates,
  stack,
  pendingRemovals,
  settings,
  newId,
  say,
}: ClassifierParts): ChangeClassifier {
  const { accepted, mean, colours } = background;
  const minPixels = Math.max(20, settings.minArea * width * height);
  const edgesOf = createEdgeAnalyser(width, height, background);
  const crossingOf = createCrossing(width, height, background, components, settings);
  const reachPatch = createPatch(width * height);
  /** A thing that just touches the border is no arm. */
  const leastContact = 0.5 * settings.armContact * Math.min(width, height);
  const unexplained = createUnexplainedPixels(width, height, background, components, stack);
  const rest = unexplained.patch;
  const isOutside = createOutside(width, height, settings.corners);
  const separator = createSeparator(width, height, background, minPixels);
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
    unexplained.gather(component, [...gone, ...shrunk.map(({ placement }) => placement)]);

    const waitedMs = nowMs - candidate.stillSinceMs;
    /** Nothing new is in it: what left is told, and the change is forgotten in a while. */
    const passOver = (afterMs: number): void => {
      if (gone.length > 0) bare(gone, component, nowMs);
      else if (waitedMs >= afterMs) stack.accept(component);
    };
    const goneArea = gone.reduce((sum, placement) => sum + placement.area, 0);
    const isThing =
      rest.area >= Math.max(minPixels * 0.5, goneArea * 0.25) && component.cells * 4 >= minPixels;
    if (!isThing) return passOver(SPECK_MS);
    if (waitedMs < settings.stillNearArmMs && candidates.isNearArm(candidate, nowMs)) return;
    if (!unexplained.isThick(component)) return passOver(SPECK_MS);
    const lines = analyseEdges(component, gone, nowMs);
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

    if (gone.length === 0 && isOutside(rest)) return stack.accept(component);

    const shifted = mostLike(gone, rest, 0.5, nowMs);
    for (const placement of gone)
      if (placement !== shifted) pendingRemovals.leave(placement, nowMs);
    if (shifted !== undefined) return move(shifted, rest, component, lines.box, nowMs);
    for (const { placement, overlap, bared } of touched) {
      if (!isTurned(placement, overlap, bared)) continue;
      if (!isLike(placement, footprint, nowMs)) continue;
      if (waitedMs < settings.stillNearArmMs) return;
      return move(placement, footprint, component, footprint, nowMs);
    }
    const settling = reshaped(component, touched, lines, nowMs);
    if (settling !== undefined) return stack.extend(settling, rest, component, nowMs);
    const bares = touched.length === 0 ? BARES : Number.POSITIVE_INFINITY;
    const most = pendingRemovals.wentFrom(component, rest, nowMs) ? 1 : bares;
    if (lines.slopeBefore > most * lines.slopeNow) {
      // Something that was never reported has left, or the shade of what did: the tray is bared.
      return stack.accept(component);
    }
    const whole = partOf(component, candidate.stillSinceMs);
    if (whole !== undefined) return stack.extend(whole, rest, component, nowMs);
    if (touched.length === 0) trim();
    const parts = separator.separate(rest);
    if (parts.length === 1) return lay(component, rest, lines.box, candidate.stillSinceMs, nowMs);
    const ground = stack.ground();
    for (const part of parts) lay(component, part, part, candidate.stillSinceMs, nowMs, ground);
  }

  /** Takes off the rest what reaches out of it as a line only. */
  function trim(): void {
    for (let y = rest.top; y <= rest.bottom; y++) {
      for (let p = y * width + rest.left; p <= y * width + rest.right; p++) {
        if (unexplained.solid[p] === 0) rest.mask[p] = 0;
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
  function patienceWith({ component, stillSinceMs }: Candidate, lines: EdgeAnalysis): number {
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
    if (crossingOf(reach, edgesOf.contactOf(reachPatch)) !== 'arm') return 0;
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
        if ((background.flags[p]! & CHANGED) !== 0 && reach.has(components.labelAt(x, y))) {
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
  function analyseEdges(
    component: Component,
    gone: readonly PlacedObject[],
    nowMs: number,
  ): EdgeAnalysis {
    if (gone.length === 0 && !pendingRemovals.wentFrom(component, rest, nowMs))
      return edgesOf(rest, unexplained.solid);
    const isStanding = (p: number): boolean => {
      const top = stack.topAt(p);
      return top !== undefined && !gone.includes(top) && rest.mask[p] !== 1;
    };
    const before = gone.length > 0 ? stack.without(gone) : accepted;
    return edgesOf(rest, unexplained.solid, before, isStanding);
  }

  function foresee(candidate: Candidate, nowMs: number): void {
    const { component } = candidate;
    // Once is enough: what is not free by then has more than the time missing.
    if (candidate.stillPictures !== 1 || candidate.isFading) return;
    if (component.cells * 4 < minPixels || candidates.isNearArm(candidate, nowMs)) return;
    if (stack.all().some((placement) => stack.overlapWith(component, placement) > 0)) return;
    unexplained.gather(component, []);
    if (!unexplained.isThick(component)) return;
    const lines = edgesOf(rest, unexplained.solid);
    if (
      patienceWith(candidate, lines) > 0 ||
      !isSharp(lines) ||
      isOutside(rest) ||
      isBorderStrip(lines.box)
    ) {
      return;
    }
    const bares = pendingRemovals.wentFrom(component, rest, nowMs) ? 1 : BARES;
    if (lines.slopeBefore > bares * lines.slopeNow) return;
    if (partOf(component, candidate.stillSinceMs) !== undefined) return;
    const filled = rest.mask.slice();
    stack.fillHoles(filled, component);
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

  function isSharp(lines: EdgeAnalysis): boolean {
    const isLit = lines.lit > MOSTLY * rest.area && lines.slopeNow > NEW * lines.slopeBefore;
    return lines.sharp >= Math.max(10, (isLit ? 1 : 2) * Math.sqrt(rest.area));
  }

  function watch(nowMs: number): void {
    for (const placement of stack.all()) {
      if (stack.partGone(placement, hidesNothing) >= BARE) placement.bareSeenMs = nowMs;
    }
  }

  return { decide, watch, foresee };

  function whatItTouches(component: Component): { gone: PlacedObject[]; touched: Touched[] } {
    const gone: PlacedObject[] = [];
    const touched: Touched[] = [];
    for (const placement of stack.all()) {
      const overlap = stack.overlapWith(component, placement);
      if (overlap < 12 || overlap < 0.05 * placement.area) continue;
      const bared = stack.partGone(placement, candidates.hides);
      if (bared >= GONE) gone.push(placement);
      else touched.push({ placement, overlap, bared });
    }
    return { gone, touched };
  }

  function mostLike(
    among: readonly PlacedObject[],
    patch: Patch,
    least: number,
    nowMs: number,
  ): PlacedObject | undefined {
    let best: PlacedObject | undefined;
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
  function wasLifted(placement: PlacedObject, nowMs: number): boolean {
    return nowMs - placement.bareSeenMs < LIFTED_MS;
  }

  /** Whether it may be the same thing, by its colour, and by its greys where it was taken up meanwhile. */
  function isLike(placement: PlacedObject, patch: Patch, nowMs: number): boolean {
    const before = meanColour(placement, colours.accepted, width);
    if (!isSameColour(before, meanColour(patch, colours.now, width))) return false;
    if (!wasLifted(placement, nowMs)) return true;
    return looksSame(placement, patch) || greysAlike(placement, patch) >= LIFTED_LIKE;
  }

  function greysAlike(placement: PlacedObject, patch: Patch): number {
    return likeness(
      greysOf(placement, accepted, width, greysA),
      greysOf(patch, mean, width, greysB),
    );
  }

  function looksSame(placement: PlacedObject, patch: Patch): boolean {
    return sameLook(placement, accepted, patch, mean, width, background.counts.noise);
  }

  /** Whether `rest`, with what is still covered of a placement, is that same placement turned or nudged. */
  function isTurned(placement: PlacedObject, overlap: number, bared: number): boolean {
    if (bared < SHRUNK && overlap < 0.5 * placement.area) return false;
    footprint.mask.set(rest.mask);
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || stack.topAt(p) !== placement) continue;
        if (!stack.isBared(placement, p)) footprint.mask[p] = 1;
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
  function partOf(component: Component, stillSinceMs: number): PlacedObject | undefined {
    const grown = 3;
    for (const placement of stack.all()) {
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
    lines: EdgeAnalysis,
    nowMs: number,
  ): PlacedObject | undefined {
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
  function bare(gone: readonly PlacedObject[], component: Component, nowMs: number): void {
    const picture = stack.without(gone);
    for (const placement of gone) pendingRemovals.leave(placement, nowMs);
    stack.accept(component, rest.mask);
    stack.uncover(rest, picture);
  }

  function move(
    placement: PlacedObject,
    patch: Patch,
    component: Component,
    box: Box,
    nowMs: number,
  ): void {
    const { placementId } = placement;
    const region = toRegion(box);
    const isSure = !wasLifted(placement, nowMs) || looksSame(placement, patch);
    stack.lift(placement);
    const { mask } = stack.lie(placementId, patch, component, region, nowMs);
    sayMoved(placementId, toItemRegion(box, mask), isSure, nowMs);
  }

  function sayMoved(placementId: string, region: ItemRegion, isSure: boolean, nowMs: number): void {
    const moved = { kind: 'moved', placementId, region, atMs: nowMs } as const;
    say(isSure ? moved : { ...moved, unsure: true });
  }

  /** Whether a placement whose place is bare, though its leaving is not judged yet, lies here now. */
  function isPushed(placement: PlacedObject, patch: Patch, nowMs: number): boolean {
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
    ground: Ground = stack.ground(),
  ): void {
    const region = toRegion(box);
    const pushed = stack.all().find((placement) => isPushed(placement, patch, nowMs));
    if (pushed !== undefined) {
      const isSure = looksSame(pushed, patch);
      stack.lift(pushed);
      const { mask } = stack.lie(pushed.placementId, patch, component, region, nowMs);
      return sayMoved(pushed.placementId, toItemRegion(box, mask), isSure, nowMs);
    }
    const back = pendingRemovals.putBack(patch);
    const placementId = back?.placementId ?? newId();
    const { mask } = stack.lie(placementId, patch, component, region, stillSinceMs, ground);
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
