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
  measure,
  overlapArea,
} from './appearance.ts';
import { createArmPatience } from './arm.ts';
import type { Candidate, Candidates } from './candidates.ts';
import { SAME_MOMENT_MS } from './candidates.ts';
import type { Component, Components } from './components.ts';
import type { Departures } from './departures.ts';
import { createOutliner } from './outline.ts';
import type { Outline } from './outline.ts';
import type { Lying, Pile } from './pile.ts';
import { createRemainder } from './remainder.ts';
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

/** By so much more slope than what lies there now, what was there before is what has gone. */
const BARES = 2.5;

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
  const { accepted, mean } = view;
  const minPixels = Math.max(20, settings.minArea * width * height);
  const outline = createOutliner(width, height, view);
  const armPatience = createArmPatience(width, height, view, components, settings);
  const remainder = createRemainder(width, height, view, components, pile);
  const rest = remainder.patch;
  const footprint = createPatch(width * height);
  const greysA = createGreyHistogram();
  const greysB = createGreyHistogram();

  function decide(candidate: Candidate, nowMs: number): void {
    const { component } = candidate;
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
    if (waitedMs < armPatience(candidate, lines)) return;
    if (!isSharp(lines)) return passOver(SHADOW_MS);

    const shifted = mostLike(gone, rest, 0.5);
    for (const placement of gone) if (placement !== shifted) departures.leave(placement, nowMs);
    if (shifted !== undefined) return move(shifted, rest, component, lines.box, nowMs);
    for (const { placement, overlap, bared } of touched) {
      if (!isTurned(placement, overlap, bared)) continue;
      if (waitedMs < settings.stillNearArmMs) return;
      return move(placement, footprint, component, footprint, nowMs);
    }
    const bares = touched.length === 0 ? BARES : Number.POSITIVE_INFINITY;
    const most = departures.wentFrom(component, rest, nowMs) ? 1 : bares;
    if (lines.slopeBefore > most * lines.slopeNow) {
      // Something that was never reported has left, or the shade of what did: the tray is bared.
      return pile.accept(component);
    }
    const whole = partOf(component, candidate.stillSinceMs);
    if (whole !== undefined) return pile.extend(whole, rest, component);
    lay(component, lines.box, candidate.stillSinceMs, nowMs);
  }

  /**
   * Where something has just gone, what is left is compared with what lay beneath it, and the edges of what
   * stands there still are no news: they were hidden, or as dark as what has gone.
   */
  function outlineOf(component: Component, gone: readonly Lying[], nowMs: number): Outline {
    if (gone.length === 0 && !departures.wentFrom(component, rest, nowMs)) return outline(rest);
    const isStanding = (p: number): boolean => {
      const top = pile.topAt(p);
      return top !== undefined && !gone.includes(top) && rest.mask[p] !== 1;
    };
    return outline(rest, gone.length > 0 ? pile.without(gone) : accepted, isStanding);
  }

  function foresee(candidate: Candidate, nowMs: number): void {
    const { component } = candidate;
    // Once is enough: what is not free by then has more than the time missing.
    if (candidate.stillPictures !== 1 || candidate.isFading) return;
    if (component.cells * 4 < minPixels || candidates.isNearArm(candidate, nowMs)) return;
    if (pile.all().some((placement) => pile.overlapWith(component, placement) > 0)) return;
    remainder.gather(component, []);
    if (!remainder.isThick(component)) return;
    const lines = outline(rest);
    if (armPatience(candidate, lines) > 0 || !isSharp(lines)) return;
    const bares = departures.wentFrom(component, rest, nowMs) ? 1 : BARES;
    if (lines.slopeBefore > bares * lines.slopeNow) return;
    if (partOf(component, candidate.stillSinceMs) !== undefined) return;
    const filled = rest.mask.slice();
    pile.fillHoles(filled, component);
    say({ kind: 'resting', region: toItemRegion(lines.box, filled), atMs: nowMs });
  }

  function isSharp(lines: Outline): boolean {
    const isLit = lines.lit > MOSTLY * rest.area && lines.slopeNow > NEW * lines.slopeBefore;
    return lines.sharp >= Math.max(10, (isLit ? 1 : 2) * Math.sqrt(rest.area));
  }

  return { decide, foresee };

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

  function mostLike(among: readonly Lying[], patch: Patch, least: number): Lying | undefined {
    let best: Lying | undefined;
    let bestScore = least;
    for (const placement of among) {
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
      if (component.cells * 4 < placement.area * 0.25 && boxGap(placement, component) <= grown)
        return placement;
    }
    return undefined;
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
    pile.lift(placement);
    pile.lie(placementId, patch, component, region, nowMs);
    say({ kind: 'moved', placementId, region, atMs: nowMs });
  }

  /** Something lies there that did not: put down again after it left a moment ago, or new. */
  function lay(component: Component, box: Box, stillSinceMs: number, nowMs: number): void {
    const region = toRegion(box);
    const back = departures.putBack(rest);
    const placementId = back?.placementId ?? newId();
    const { mask } = pile.lie(placementId, rest, component, region, stillSinceMs);
    if (back !== undefined) return say({ kind: 'moved', placementId, region, atMs: nowMs });
    const seen = toItemRegion(box, mask);
    say({ kind: 'placed', placementId, region: seen, atMs: nowMs, stillSinceMs });
  }
}
