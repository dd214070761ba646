/**
 * What lies on the tray, from small grey pictures alone.
 *
 *   thumb ─▶ smooth ─▶ light ─▶ view ─▶ components ─▶ judge ─▶ events
 *                        ▲        │                     │
 *                        └── accepted picture ◀─────────┘
 *
 * The accepted picture is the bare tray with all that was reported on it. `light` fits how the lamp,
 * the exposure and the camera's place differ from it by nine numbers; `view` undoes that and keeps, for
 * each pixel, a mean since it last moved and for how long it has been still, so that stillness is a
 * matter of each thing and not of the whole picture: an item counts while the hand is still going.
 * `components` joins the changed pixels, and each component goes its own way:
 *
 *                    moves, fades in or out
 *                  ┌────────────────────────┐
 *                  ▼                        │
 *   changed ─▶  moving ── still for ~60 ms ─┴▶ due ─┬─ shows what lay beneath ──▶ removed ┐
 *                                                   ├─ the same thing, elsewhere ─▶ moved │
 *                  near a moving arm: 200 ms ◀──────┤                                     │
 *       at the border: 0.3 s, across: 1.5 s  ◀──────┤                                     ▼
 *                                                   ├─ no sharp edge: shadow, 0.6 s ─▶ accepted
 *                                                   ├─ a line or speck, 1 s ─────────▶ accepted
 *                                                   └─ thick, sharp, new ─▶ placed ──▶ accepted
 *
 * Each placement keeps its pixels and what lay beneath them, so a removal names the right one, also in
 * a pile. A removal waits until nothing moves any more (at most 1.2 s): what is put down again
 * elsewhere in the same movement has moved.
 *
 * An arm is known by crossing the picture's border with its own edges. Items may lie across the border
 * too, and they are, after the patience for an arm. The tray as a whole is
 *
 *   learning ──6 calm pictures──▶ seeing ◀──────▶ blind (dark, covered, frozen)
 *
 * and what lies there is remembered while it is blind.
 */
import type { Region, Thumb } from '../../shared/frame.ts';
import type { Box, Outline, Patch } from './appearance.ts';
import {
  boxArea,
  boxGap,
  createGreyHistogram,
  createOutliner,
  createPatch,
  greysOf,
  likeness,
  measure,
  overlapArea,
  union,
} from './appearance.ts';
import type { Component } from './components.ts';
import { CHANGED, STRONG, createComponents } from './components.ts';
import { createView } from './view.ts';

export type TrayEvent =
  | {
      readonly kind: 'placed';
      readonly placementId: string;
      /** The box of the new thing alone. */
      readonly region: Region;
      readonly atMs: number;
      /** When it came to lie still. */
      readonly stillSinceMs: number;
    }
  | {
      /** The same thing lies elsewhere or turned: it was pushed, turned or put down again. */
      readonly kind: 'moved';
      readonly placementId: string;
      readonly region: Region;
      readonly atMs: number;
    }
  | {
      readonly kind: 'removed';
      readonly placementId: string;
      readonly region: Region;
      readonly atMs: number;
    }
  /** Something moves over the tray, as a hand does. */
  | { readonly kind: 'disturbed'; readonly atMs: number }
  | { readonly kind: 'settled'; readonly atMs: number }
  | { readonly kind: 'blind'; readonly reason: BlindReason; readonly atMs: number }
  | { readonly kind: 'seeing'; readonly atMs: number };

export type BlindReason = 'dark' | 'covered' | 'frozen';

export interface TrayOptions {
  /** How long a thing must lie still, and at least one picture. Default 60: three pictures at 30 fps. */
  readonly stillMs: number;
  /** The same close to an arm that moved lately, so that no part of a hand counts. Default 200. */
  readonly stillNearArmMs: number;
  /** The same for what reaches widely over the picture's border, as an arm does. Default 1500. */
  readonly armPatienceMs: number;
  /** The same for what just touches the border: it may be an arm of which little is seen. Default 300. */
  readonly stillAtBorderMs: number;
  /** Contact with the border that makes an arm, as a part of the picture's shorter side. Default 0.08. */
  readonly armContact: number;
  /** Smallest change that can be an item, as a part of the picture's area. Default 0.008. */
  readonly minArea: number;
  /** How long a removal waits for its item to be put down again. Default 1200. */
  readonly putBackMs: number;
  /** Time in which slow changes are taken into the accepted picture. Default 5000. */
  readonly adaptMs: number;
  /** Pictures without any noise for so long, from a camera that has some, mean it is stuck. Default 3000. */
  readonly frozenMs: number;
}

export interface Placement {
  readonly placementId: string;
  readonly region: Region;
}

export interface Tray {
  see(thumb: Thumb): readonly TrayEvent[];
  /**
   * Starts anew with the next pictures. With `keepPlacements` (the camera was away, the tray was not)
   * what lay there is still known, and what changed meanwhile is reported.
   */
  reset(options?: { readonly keepPlacements?: boolean }): void;
  /** What lies on the tray, oldest first. */
  placements(): readonly Placement[];
}

const DEFAULTS: TrayOptions = {
  stillMs: 60,
  stillNearArmMs: 200,
  armPatienceMs: 1500,
  stillAtBorderMs: 300,
  armContact: 0.08,
  minArea: 0.008,
  putBackMs: 1200,
  adaptMs: 5000,
  frozenMs: 3000,
};

const LEAST_WIDTH = 32;
const LEAST_HEIGHT = 24;
const NONE: readonly TrayEvent[] = [];
/** What has no sharp edge is a shadow, and is taken into the accepted picture after this. */
const SHADOW_MS = 600;
const SPECK_MS = 1000;
/** Edges and shades of one item may show a little one after another. */
const SAME_MOMENT_MS = 120;
const CALM_MS = 100;
/** Part of its difference that a component may gain or lose from one picture to the next. */
const FADING = 0.06;
const COVERED_PART = 0.8;
const COVERED_MS = 1000;
const TIMES = 256;

interface Lying extends Patch {
  readonly placementId: string;
  readonly beneath: Float32Array;
  region: Region;
  stillSinceMs: number;
}

interface Leaving {
  readonly placement: Lying;
  readonly greys: Float64Array;
  readonly area: number;
  readonly atMs: number;
}

/** What is known of one component in one picture. */
interface Candidate {
  component: Component;
  stillSinceMs: number;
  stillPictures: number;
  isArm: boolean;
  isFading: boolean;
  due: boolean;
}

export function createTray(options: Partial<TrayOptions> = {}): Tray {
  const settings: TrayOptions = { ...DEFAULTS, ...options };
  let nextId = 1;
  let session: Session | undefined;

  return {
    see(thumb) {
      const { width, height, grey } = thumb;
      if (!(width >= LEAST_WIDTH && height >= LEAST_HEIGHT)) {
        throw new RangeError(
          `A thumb of ${width}×${height} is too small; ${LEAST_WIDTH}×${LEAST_HEIGHT} is the least`,
        );
      }
      if (grey.length !== width * height) {
        throw new RangeError(`A thumb of ${width}×${height} has ${grey.length} pixels`);
      }
      if (session === undefined || session.width !== width || session.height !== height) {
        session = createSession(width, height, settings, () => `p${nextId++}`);
      }
      return session.see(thumb);
    },
    reset(resetOptions = {}) {
      if (resetOptions.keepPlacements === true) session?.restart();
      else session = undefined;
    },
    placements: () => session?.placements() ?? [],
  };
}

interface Session {
  readonly width: number;
  readonly height: number;
  see(thumb: Thumb): readonly TrayEvent[];
  restart(): void;
  placements(): readonly Placement[];
}

function createSession(
  width: number,
  height: number,
  settings: TrayOptions,
  newId: () => string,
): Session {
  const size = width * height;
  const view = createView(width, height);
  const components = createComponents(width, height);
  const outline = createOutliner(width, height, view);
  const { accepted, mean, still, innovation, flags, counts } = view;
  const minPixels = Math.max(20, settings.minArea * size);
  const minStrong = Math.max(6, minPixels / 8);
  const armCells = Math.max(3, (settings.armContact * Math.min(width, height)) / 2);
  const armContact = settings.armContact * Math.min(width, height);
  /** Half the thickness that a thing has at least somewhere, in pixels. */
  const thick = Math.max(1, Math.round(width / 80));
  const nearArmPx = Math.max(4, Math.round(width * 0.06));

  const times = new Float64Array(TIMES);
  const ages = new Int32Array(65 * 16);
  const changedPixels = new Int32Array(65);
  const depths = new Float64Array(65);
  const fades = new Float64Array(65);
  const candidates: Candidate[] = components.list.map((component) => ({
    component,
    stillSinceMs: 0,
    stillPictures: 0,
    isArm: false,
    isFading: false,
    due: false,
  }));
  const rest = createPatch(size);
  const footprint = createPatch(size);
  const greysA = createGreyHistogram();
  const greysB = createGreyHistogram();
  const lastGrey = new Uint8Array(size);

  let lying: Lying[] = [];
  let leaving: Leaving[] = [];
  /** What left lately, whether that was told already or not. */
  let departed: { readonly box: Box; readonly area: number; readonly atMs: number }[] = [];
  let events: TrayEvent[] = [];
  let learned = false;
  let blind: BlindReason | undefined;
  let pictures = 0;
  let nowMs = 0;
  let lastMs = Number.NaN;
  let disturbed = false;
  let lastMovingMs = Number.NEGATIVE_INFINITY;
  let coveredSinceMs = Number.NaN;
  let sameSinceMs = Number.NaN;
  let noisyPictures = 0;
  let candidateCount = 0;

  function restart(): void {
    if (learned) view.restart();
    else view.reset();
    lastMs = Number.NaN;
    lastMovingMs = Number.NEGATIVE_INFINITY;
    coveredSinceMs = Number.NaN;
    sameSinceMs = Number.NaN;
    noisyPictures = 0;
  }

  function see(thumb: Thumb): readonly TrayEvent[] {
    events = [];
    nowMs = thumb.atMs;
    const elapsedMs = Number.isNaN(lastMs) ? 0 : Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    if (!lookThroughLens(thumb.grey)) return take();
    if (!learned) {
      learned = view.learn(thumb.grey, nowMs);
      return take();
    }
    pictures++;
    times[pictures % TIMES] = nowMs;
    view.take(thumb.grey, Math.min(0.2, elapsedMs / settings.adaptMs));
    if (isCovered()) return take();
    noteMovement();
    if (counts.strong >= minStrong) {
      findCandidates();
      judge();
    }
    dismiss();
    return take();
  }

  function take(): readonly TrayEvent[] {
    return events.length === 0 ? NONE : events;
  }

  // ---- the lens

  function lookThroughLens(grey: Uint8Array): boolean {
    let sum = 0;
    let bright = 0;
    let n = 0;
    for (let p = 1; p < size; p += 11) {
      const value = grey[p]!;
      sum += value;
      if (value > 24) bright++;
      n++;
    }
    const limit = blind === 'dark' ? 1.3 : 1;
    if (sum / n < 10 * limit && bright / n < 0.03 * limit) {
      goBlind('dark');
      return false;
    }
    if (blind === 'dark') seeAgain();

    let different = 0;
    for (let p = 0; p < size; p += 3) {
      if (grey[p] !== lastGrey[p]) different++;
    }
    if (different === 0) {
      if (Number.isNaN(sameSinceMs)) sameSinceMs = nowMs;
      // A source that never had any noise (a drawn tray, a picture file) may well stand still.
      if (noisyPictures >= 20 && nowMs - sameSinceMs >= settings.frozenMs) {
        goBlind('frozen');
        return false;
      }
    } else {
      sameSinceMs = Number.NaN;
      if (different * 3 > size * 0.1) noisyPictures = Math.min(1000, noisyPictures + 1);
      lastGrey.set(grey);
      if (blind === 'frozen') seeAgain();
    }
    return true;
  }

  function isCovered(): boolean {
    const part = counts.changed / size;
    if (part < (blind === 'covered' ? COVERED_PART * 0.8 : COVERED_PART)) {
      coveredSinceMs = Number.NaN;
      if (blind === 'covered') {
        blind = undefined;
        events.push({ kind: 'seeing', atMs: nowMs });
      }
      return false;
    }
    if (Number.isNaN(coveredSinceMs)) coveredSinceMs = nowMs;
    if (nowMs - coveredSinceMs >= COVERED_MS) goBlind('covered');
    return true;
  }

  function goBlind(reason: BlindReason): void {
    if (blind === reason) return;
    blind = reason;
    events.push({ kind: 'blind', reason, atMs: nowMs });
  }

  function seeAgain(): void {
    blind = undefined;
    restart();
    lastMs = nowMs;
    events.push({ kind: 'seeing', atMs: nowMs });
  }

  function noteMovement(): void {
    if (counts.moving >= minPixels * 0.6) lastMovingMs = nowMs;
    if (!disturbed && lastMovingMs === nowMs) {
      disturbed = true;
      events.push({ kind: 'disturbed', atMs: nowMs });
    } else if (disturbed && nowMs - lastMovingMs >= CALM_MS) {
      disturbed = false;
      events.push({ kind: 'settled', atMs: nowMs });
    }
  }

  // ---- what changed, and since when it lies still

  function findCandidates(): void {
    candidateCount = components.find(flags);
    measureStillness();
    joinParts();
    for (let i = 0; i < candidateCount; i++) {
      const candidate = candidates[i]!;
      candidate.isArm = candidate.component.borderCells >= armCells;
    }
    for (let i = 0; i < candidateCount; i++) {
      const candidate = candidates[i]!;
      candidate.due =
        candidate.component.cells > 0 &&
        candidate.stillPictures >= 1 &&
        !candidate.isFading &&
        nowMs - candidate.stillSinceMs >= settings.stillMs;
    }
  }

  function measureStillness(): void {
    ages.fill(0, 0, (candidateCount + 1) * 16);
    changedPixels.fill(0, 0, candidateCount + 1);
    depths.fill(0, 0, candidateCount + 1);
    fades.fill(0, 0, candidateCount + 1);
    const { labels, cellsAcross } = components;
    for (let y = 0; y < height; y++) {
      const cellRow = (y >> 1) * cellsAcross;
      for (let x = 0, p = y * width; x < width; x++, p++) {
        const label = labels[cellRow + (x >> 1)]!;
        if (label === 0 || (flags[p]! & CHANGED) === 0) continue;
        const age = Math.min(15, still[p]!);
        ages[label * 16 + age] = ages[label * 16 + age]! + 1;
        changedPixels[label] = changedPixels[label]! + 1;
        const difference = mean[p]! - accepted[p]!;
        depths[label] = depths[label]! + Math.abs(difference);
        fades[label] = fades[label]! + (difference > 0 ? innovation[p]! : -innovation[p]!);
      }
    }
    for (let i = 0; i < candidateCount; i++) {
      const candidate = candidates[i]!;
      const { label } = candidate.component;
      // What comes or goes by less than the noise of a pixel still shows in the sum over all of them.
      candidate.isFading = Math.abs(fades[label]!) > FADING * depths[label]!;
      const most = changedPixels[label]! * 0.02 + 1;
      let sum = 0;
      let age = 0;
      while (age < 15) {
        sum += ages[label * 16 + age]!;
        if (sum > most) break;
        age++;
      }
      candidate.stillPictures = age;
      // At 15 pictures and more the exact moment is asked of the pixels.
      candidate.stillSinceMs =
        times[(pictures - (age < 15 ? age : longStill(candidate.component))) % TIMES]!;
    }
  }

  /** For a component still for 15 pictures or more: for how many, by all but 2% of its pixels. */
  function longStill(component: Component): number {
    let shortest = 15;
    for (let tryAge = 30; tryAge <= 240; tryAge *= 2) {
      let younger = 0;
      let n = 0;
      for (let y = component.top; y <= component.bottom; y++) {
        for (let x = component.left; x <= component.right; x++) {
          const p = y * width + x;
          if (components.labelAt(x, y) !== component.label || (flags[p]! & CHANGED) === 0) continue;
          n++;
          if (still[p]! < tryAge) younger++;
        }
      }
      if (younger > n * 0.02 + 1) break;
      shortest = tryAge;
    }
    return Math.min(shortest, pictures - 1);
  }

  /** Rims and shades of an item as grey as the tray come in parts; parts that embrace are one thing. */
  function joinParts(): void {
    for (let i = 0; i < candidateCount; i++) {
      for (let j = 0; j < candidateCount; j++) {
        if (i === j) continue;
        const a = candidates[i]!;
        const b = candidates[j]!;
        if (a.component.cells < b.component.cells || b.component.cells === 0) continue;
        if (a.component.borderCells >= armCells || b.component.borderCells >= armCells) continue;
        if (Math.abs(a.stillSinceMs - b.stillSinceMs) > SAME_MOMENT_MS) continue;
        const shared = overlapArea(a.component, b.component);
        const fillA = (a.component.cells * 4) / boxArea(a.component);
        const within = shared / boxArea(b.component);
        if (within > 0.8 || (within > 0.4 && fillA < 0.35)) {
          components.join(a.component, b.component);
          a.stillSinceMs = Math.max(a.stillSinceMs, b.stillSinceMs);
          a.stillPictures = Math.min(a.stillPictures, b.stillPictures);
        }
      }
    }
  }

  function isNearArm(candidate: Candidate): boolean {
    for (let i = 0; i < candidateCount; i++) {
      const other = candidates[i]!;
      if (other === candidate || other.component.cells === 0) continue;
      const moves = nowMs - other.stillSinceMs < 500;
      if (moves && (other.isArm || !other.due) && other.component.cells * 4 >= minPixels) {
        if (
          boxGap(candidate.component, other.component) <= nearArmPx &&
          distanceWithin(candidate.component, other.component, nearArmPx)
        )
          return true;
      }
    }
    return false;
  }

  /** Whether cells of two components come within so many pixels of one another. */
  function distanceWithin(a: Component, b: Component, px: number): boolean {
    const reach = px >> 1;
    const { labels, cellsAcross, cellsDown } = components;
    for (let cy = a.top >> 1; cy <= a.bottom >> 1; cy++) {
      for (let cx = a.left >> 1; cx <= a.right >> 1; cx++) {
        if (labels[cy * cellsAcross + cx] !== a.label) continue;
        for (let dy = -reach; dy <= reach; dy += 2) {
          const y = cy + dy;
          if (y < 0 || y >= cellsDown) continue;
          for (let dx = -reach; dx <= reach; dx += 2) {
            const x = cx + dx;
            if (x >= 0 && x < cellsAcross && labels[y * cellsAcross + x] === b.label) return true;
          }
        }
      }
    }
    return false;
  }

  // ---- what it means

  function judge(): void {
    for (let i = 0; i < candidateCount; i++) {
      const candidate = candidates[i]!;
      if (candidate.due && candidate.component.cells > 0) judgeOne(candidate);
    }
  }

  function judgeOne(candidate: Candidate): void {
    const { component } = candidate;
    const gone: Lying[] = [];
    const touched: { placement: Lying; overlap: number; left: number }[] = [];
    for (const placement of lying) {
      const overlap = overlapWith(component, placement);
      if (overlap < 12 || overlap < 0.05 * placement.area) continue;
      const left = partGone(placement);
      if (left >= 0.6) gone.push(placement);
      else touched.push({ placement, overlap, left });
    }
    gatherRest(
      component,
      gone,
      touched.filter((t) => t.left >= 0.12).map((t) => t.placement),
    );

    const waitedMs = nowMs - candidate.stillSinceMs;
    const goneArea = gone.reduce((sum, placement) => sum + placement.area, 0);
    const isThing =
      rest.area >= Math.max(minPixels * 0.5, goneArea * 0.25) && component.cells * 4 >= minPixels;
    if (!isThing) {
      if (gone.length > 0) bare(gone, component);
      else if (waitedMs >= SPECK_MS) accept(component);
      return;
    }
    if (waitedMs < settings.stillNearArmMs && isNearArm(candidate)) return;
    if (!isThick(component)) {
      if (gone.length > 0) bare(gone, component);
      else if (waitedMs >= SPECK_MS) accept(component);
      return;
    }
    const lines = outline(rest);
    if (waitedMs < armPatience(candidate, lines)) return;
    if (lines.sharp < Math.max(10, 2 * Math.sqrt(rest.area))) {
      if (gone.length > 0) bare(gone, component);
      else if (waitedMs >= SHADOW_MS) accept(component);
      return;
    }

    const shifted = mostLike(gone, rest, 0.5);
    if (shifted !== undefined) {
      for (const placement of gone) if (placement !== shifted) leave(placement);
      move(shifted, rest, component, lines.box);
      return;
    }
    for (const placement of gone) leave(placement);

    for (const { placement, overlap, left } of touched) {
      if (isTurned(placement, overlap, left)) {
        if (waitedMs < settings.stillNearArmMs) return;
        move(placement, footprint, component, footprint);
        return;
      }
    }
    const bares = touched.length === 0 && gone.length === 0 ? 2.5 : Number.POSITIVE_INFINITY;
    if (lines.slopeBefore > Math.min(bares, wentFrom(component) ? 1 : bares) * lines.slopeNow) {
      // Something that was never reported has left, or the shade of what did: the tray is bared.
      accept(component);
      return;
    }
    const whole = partOf(component, candidate.stillSinceMs);
    if (whole !== undefined) {
      extend(whole, component);
      return;
    }
    const back = putBack();
    if (back !== undefined) {
      leaving = leaving.filter((entry) => entry.placement !== back);
      lie(back.placementId, rest, component, lines.box, candidate.stillSinceMs);
      events.push({
        kind: 'moved',
        placementId: back.placementId,
        region: toRegion(lines.box),
        atMs: nowMs,
      });
      return;
    }
    const placementId = newId();
    lie(placementId, rest, component, lines.box, candidate.stillSinceMs);
    events.push({
      kind: 'placed',
      placementId,
      region: toRegion(lines.box),
      atMs: nowMs,
      stillSinceMs: candidate.stillSinceMs,
    });
  }

  /** Whether `rest`, its holes filled, is more than the line that a shifted edge leaves. */
  function isThick(component: Component): boolean {
    const { mask } = footprint;
    mask.set(rest.mask);
    fillHoles(mask, component);
    let n = 0;
    for (let y = rest.top + thick; y <= rest.bottom - thick; y++) {
      for (let x = rest.left + thick; x <= rest.right - thick; x++) {
        const p = y * width + x;
        const up = p - thick * width;
        const down = p + thick * width;
        const isCore =
          mask[p] === 1 &&
          mask[p - thick] === 1 &&
          mask[p + thick] === 1 &&
          mask[up] === 1 &&
          mask[down] === 1 &&
          mask[up - thick] === 1 &&
          mask[up + thick] === 1 &&
          mask[down - thick] === 1 &&
          mask[down + thick] === 1;
        if (isCore) n++;
      }
    }
    return n >= 8;
  }

  /** How long to wait for what may be an arm, which comes in over the picture's border. */
  function armPatience(candidate: Candidate, lines: Outline): number {
    if (lines.contact >= armContact) return settings.armPatienceMs;
    const hasEdge = lines.contact > 0;
    if (candidate.isArm && crossesBorder(candidate.component, hasEdge)) {
      return settings.armPatienceMs;
    }
    return hasEdge ? settings.stillAtBorderMs : 0;
  }

  /** Whether a change at the border goes on inwards as it is: the shadow of an item near it grows. */
  function crossesBorder(component: Component, hasEdge: boolean): boolean {
    const { left, top, right, bottom } = component;
    return (
      (top <= 1 && goesOnInwards(component, hasEdge, left, right, 1, 0, 0, 1)) ||
      (bottom >= height - 2 &&
        goesOnInwards(component, hasEdge, left, right, 1, 0, height - 1, -1)) ||
      (left <= 1 && goesOnInwards(component, hasEdge, top, bottom, 0, 1, 0, 1)) ||
      (right >= width - 2 && goesOnInwards(component, hasEdge, top, bottom, 0, 1, width - 1, -1))
    );
  }

  /** The same for one side: pixels `from`–`to` along it, at `side`, `inwards` the way in. */
  function goesOnInwards(
    component: Component,
    hasEdge: boolean,
    from: number,
    to: number,
    alongX: 0 | 1,
    alongY: 0 | 1,
    side: number,
    inwards: 1 | -1,
  ): boolean {
    const depth = Math.max(6, Math.round(width * 0.07));
    const stride = inwards * (alongX === 1 ? width : 1);
    let n = 0;
    let atBorder = 0;
    let inside = 0;
    let alike = 0;
    for (let i = from; i <= to; i++) {
      const x = alongX === 1 ? i : side + inwards;
      const y = alongY === 1 ? i : side + inwards;
      const p = y * width + x;
      if ((flags[p]! & STRONG) === 0 || components.labelAt(x, y) !== component.label) continue;
      n++;
      atBorder += Math.abs(mean[p]! - accepted[p]!);
      let most = 0;
      let unlike = 0;
      for (let k = 3; k <= depth; k++) {
        const q = p + k * stride;
        most = Math.max(most, Math.abs(mean[q]! - accepted[q]!));
        if (Math.abs(mean[q]! - mean[p]!) > 8 + 0.08 * mean[p]!) unlike++;
      }
      inside += most;
      if (unlike <= 1) alike++;
    }
    if (n < armContact * 0.75) return false;
    // A sleeve as dark as the tray's rim changes little there, but looks the same further in.
    return atBorder > 0.65 * inside || (hasEdge && alike >= armContact * 0.75);
  }

  function topAt(p: number): Lying | undefined {
    for (let i = lying.length - 1; i >= 0; i--) {
      const placement = lying[i]!;
      if (placement.mask[p] === 1) return placement;
    }
    return undefined;
  }

  /** Changed pixels of a component on a placement's visible part. */
  function overlapWith(component: Component, placement: Lying): number {
    if (overlapArea(component, placement) === 0) return 0;
    let n = 0;
    for (
      let y = Math.max(component.top, placement.top);
      y <= Math.min(component.bottom, placement.bottom);
      y++
    ) {
      for (
        let x = Math.max(component.left, placement.left);
        x <= Math.min(component.right, placement.right);
        x++
      ) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || (flags[p]! & CHANGED) === 0) continue;
        if (components.labelAt(x, y) === component.label && topAt(p) === placement) n++;
      }
    }
    return n;
  }

  /** Whether a pixel shows again what lay beneath a placement rather than the placement. */
  function isBared(placement: Lying, p: number): boolean {
    const beneath = placement.beneath[p]!;
    const apart = Math.abs(accepted[p]! - beneath);
    const off = Math.abs(mean[p]! - beneath);
    const tolerance = 3 * view.errorAt(p) + 2 + 0.03 * beneath;
    return off < Math.max(tolerance, 0.4 * apart) && off < 0.6 * Math.abs(mean[p]! - accepted[p]!);
  }

  /** The part of a placement's telling, visible pixels that show what lay beneath it; 0 if too few can be seen. */
  function partGone(placement: Lying): number {
    let telling = 0;
    let bared = 0;
    let hidden = 0;
    let visible = 0;
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1 || topAt(p) !== placement) continue;
        visible++;
        const label = components.labelAt(x, y);
        if (label > 0) {
          const owner = candidates[label - 1]!;
          if (!owner.due) {
            hidden++;
            continue;
          }
        }
        const beneath = placement.beneath[p]!;
        if (Math.abs(accepted[p]! - beneath) <= 4 * view.errorAt(p) + 1.5 + 0.01 * beneath)
          continue;
        telling++;
        if (isBared(placement, p)) bared++;
      }
    }
    if (telling < 8 || hidden > visible * 0.5) return 0;
    return bared / telling;
  }

  /** The component's changed pixels that are not explained by placements that left or shrank. */
  function gatherRest(
    component: Component,
    gone: readonly Lying[],
    shrunk: readonly Lying[],
  ): void {
    rest.mask.fill(0);
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if ((flags[p]! & CHANGED) === 0 || components.labelAt(x, y) !== component.label) continue;
        if (gone.length + shrunk.length > 0) {
          const top = topAt(p);
          if (top !== undefined && (gone.includes(top) || shrunk.includes(top)) && isBared(top, p))
            continue;
        }
        rest.mask[p] = 1;
      }
    }
    if (gone.length + shrunk.length > 0) eraseThin(component);
    measure(rest, width, component);
  }

  /** Drops lines of one or two pixels, which are left over along the borders of a thing that left. */
  function eraseThin(component: Component): void {
    const { mask } = rest;
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] === 0) continue;
        const inner =
          x > 0 &&
          x < width - 1 &&
          y > 0 &&
          y < height - 1 &&
          mask[p - 1]! > 0 &&
          mask[p + 1]! > 0 &&
          mask[p - width]! > 0 &&
          mask[p + width]! > 0;
        if (inner) mask[p] = 2;
      }
    }
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] !== 1) continue;
        const besideInner =
          (x > 0 && mask[p - 1] === 2) ||
          (x < width - 1 && mask[p + 1] === 2) ||
          (y > 0 && mask[p - width] === 2) ||
          (y < height - 1 && mask[p + width] === 2);
        if (!besideInner) mask[p] = 3;
      }
    }
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (mask[p] === 2) mask[p] = 1;
        else if (mask[p] === 3) mask[p] = 0;
      }
    }
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
  function isTurned(placement: Lying, overlap: number, left: number): boolean {
    if (left < 0.12 && overlap < 0.5 * placement.area) return false;
    footprint.mask.set(rest.mask);
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] === 1 && topAt(p) === placement && !isBared(placement, p))
          footprint.mask[p] = 1;
      }
    }
    measure(footprint, width, {
      left: Math.min(rest.left, placement.left),
      top: Math.min(rest.top, placement.top),
      right: Math.max(rest.right, placement.right),
      bottom: Math.max(rest.bottom, placement.bottom),
    });
    const ratio = footprint.area / placement.area;
    if (ratio < 0.65 || ratio > 1.45) return false;
    const alike = likeness(
      greysOf(placement, accepted, width, greysA),
      greysOf(footprint, mean, width, greysB),
    );
    return alike >= (left < 0.12 ? 0.75 : 0.6);
  }

  /** A part of something placed a moment ago that shows only now, as its shadow side may. */
  function partOf(component: Component, stillSinceMs: number): Lying | undefined {
    const grown = 3;
    for (const placement of lying) {
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

  /** Whether `rest` is by far smaller than something that left beside it a moment ago. */
  function wentFrom(component: Component): boolean {
    return departed.some(
      ({ box, area, atMs }) =>
        nowMs - atMs < settings.putBackMs && rest.area < 0.4 * area && boxGap(box, component) <= 3,
    );
  }

  /** A placement that left a moment ago, and looks just as what lies there now. */
  function putBack(): Lying | undefined {
    greysOf(rest, mean, width, greysB);
    for (const entry of leaving) {
      const ratio = rest.area / entry.area;
      if (ratio < 0.8 || ratio > 1.25) continue;
      if (likeness(entry.greys, greysB) >= 0.85) return entry.placement;
    }
    return undefined;
  }

  // ---- what follows from it

  function toRegion(box: Box): Region {
    return {
      left: box.left / width,
      top: box.top / height,
      width: (box.right - box.left + 1) / width,
      height: (box.bottom - box.top + 1) / height,
    };
  }

  /** Takes a component, and a little around it, into the accepted picture. */
  function accept(component: Component, but?: Uint8Array): void {
    const grown = 3;
    for (
      let y = Math.max(0, component.top - grown);
      y <= Math.min(height - 1, component.bottom + grown);
      y++
    ) {
      for (
        let x = Math.max(0, component.left - grown);
        x <= Math.min(width - 1, component.right + grown);
        x++
      ) {
        const label = nearLabel(x, y, component.label);
        if (!label) continue;
        const p = y * width + x;
        if (but?.[p] === 1) continue;
        view.accept(p);
        flags[p] = flags[p]! & ~(CHANGED | STRONG);
      }
    }
    component.cells = 0;
    view.accepting();
  }

  /** Whether a pixel is of the component or in the free cells right beside it. */
  function nearLabel(x: number, y: number, label: number): boolean {
    const own = components.labelAt(x, y);
    if (own === label) return true;
    if (own !== 0) return false;
    return (
      components.labelAt(Math.max(0, x - 2), y) === label ||
      components.labelAt(Math.min(width - 1, x + 2), y) === label ||
      components.labelAt(x, Math.max(0, y - 2)) === label ||
      components.labelAt(x, Math.min(height - 1, y + 2)) === label
    );
  }

  /** Makes the pixels of `rest` or `footprint` a placement, and what the component shows accepted. */
  function lie(
    placementId: string,
    patch: Patch,
    component: Component,
    box: Box,
    stillSinceMs: number,
  ): void {
    const placement: Lying = {
      ...createPatch(size),
      placementId,
      beneath: Float32Array.from(accepted),
      region: toRegion(box),
      stillSinceMs,
    };
    placement.mask.set(patch.mask);
    lying.push(placement);
    cover(placement, component, patch);
  }

  function cover(placement: Lying, component: Component, also: Box): void {
    const box = union(component, also);
    fillHoles(placement.mask, component);
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] === 1) view.accept(p);
      }
    }
    measure(placement, width, box);
    accept(component);
  }

  /** The middle of an item as grey as the tray is of the item too. */
  function fillHoles(mask: Uint8Array, component: Component): void {
    for (let y = component.top; y <= component.bottom; y++) {
      let first = component.left;
      let last = component.right;
      const row = y * width;
      while (first <= last && mask[row + first] !== 1) first++;
      while (last >= first && mask[row + last] !== 1) last--;
      for (let x = first; x <= last; x++) {
        const p = row + x;
        if (mask[p] === 1) continue;
        const label = components.labelAt(x, y);
        const isFree = label === 0 || (label === component.label && (flags[p]! & CHANGED) === 0);
        if (!isFree) continue;
        if (hasAboveAndBelow(mask, x, y, component) && topAt(p) === undefined) mask[p] = 1;
      }
    }
  }

  function hasAboveAndBelow(mask: Uint8Array, x: number, y: number, box: Box): boolean {
    let above = false;
    for (let v = y - 1; v >= box.top && !above; v--) above = mask[v * width + x] === 1;
    if (!above) return false;
    for (let v = y + 1; v <= box.bottom; v++) if (mask[v * width + x] === 1) return true;
    return false;
  }

  function extend(placement: Lying, component: Component): void {
    for (let y = component.top; y <= component.bottom; y++) {
      for (let x = component.left; x <= component.right; x++) {
        const p = y * width + x;
        if (rest.mask[p] !== 1 || placement.mask[p] === 1) continue;
        placement.beneath[p] = accepted[p]!;
        placement.mask[p] = 1;
      }
    }
    cover(placement, component, placement);
  }

  /** Puts back what lay beneath a placement, so that what a hand still hides of it is no news later. */
  function lift(placement: Lying): void {
    const at = lying.indexOf(placement);
    for (let y = placement.top; y <= placement.bottom; y++) {
      for (let x = placement.left; x <= placement.right; x++) {
        const p = y * width + x;
        if (placement.mask[p] !== 1) continue;
        let upper: Lying | undefined;
        for (let i = at + 1; i < lying.length && upper === undefined; i++) {
          if (lying[i]!.mask[p] === 1) upper = lying[i]!;
        }
        if (upper === undefined) accepted[p] = placement.beneath[p]!;
        else upper.beneath[p] = placement.beneath[p]!;
      }
    }
    lying = lying.filter((other) => other !== placement);
  }

  /** Placements have left; what else there is in the component is looked at again in the next picture. */
  function bare(gone: readonly Lying[], component: Component): void {
    for (const placement of gone) leave(placement);
    accept(component, rest.mask);
  }

  function leave(placement: Lying): void {
    const greys = greysOf(placement, accepted, width, createGreyHistogram());
    lift(placement);
    leaving.push({ placement, greys, area: placement.area, atMs: nowMs });
    departed = departed.filter((entry) => nowMs - entry.atMs < settings.putBackMs);
    departed.push({ box: placement, area: placement.area, atMs: nowMs });
  }

  /** Reports removals once it is clear that the item was not just put down elsewhere. */
  function dismiss(): void {
    if (leaving.length === 0) return;
    const over = !disturbed && nowMs - lastMovingMs >= CALM_MS;
    for (const entry of leaving) {
      if (over || nowMs - entry.atMs >= settings.putBackMs) {
        const { placementId, region } = entry.placement;
        events.push({ kind: 'removed', placementId, region, atMs: nowMs });
      }
    }
    leaving = over ? [] : leaving.filter((entry) => nowMs - entry.atMs < settings.putBackMs);
  }

  function move(placement: Lying, patch: Patch, component: Component, box: Box): void {
    lift(placement);
    lie(placement.placementId, patch, component, box, nowMs);
    events.push({
      kind: 'moved',
      placementId: placement.placementId,
      region: toRegion(box),
      atMs: nowMs,
    });
  }

  return {
    width,
    height,
    see,
    restart,
    placements: () => lying.map(({ placementId, region }) => ({ placementId, region })),
  };
}
