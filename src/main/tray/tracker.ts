import type { Region, Thumb } from '../../shared/frame.ts';
import { createBackgroundModel } from './background-model.ts';
import { createCandidates } from './candidates.ts';
import { createChangeClassifier } from './change-classifier.ts';
import { createComponents } from './components.ts';
import { createImpairments } from './impairments.ts';
import { createPendingRemovals } from './pending-removals.ts';
import type { PlacedObject } from './placement-stack.ts';
import { createPlacementStack } from './placement-stack.ts';
import type { Size } from './resample.ts';
import { haveSameProportions, resample, resampleMask } from './resample.ts';
import type { BlindReason, TrayEvent } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';
import { createVisibilityMonitor } from './visibility-monitor.ts';

export interface Placement {
  readonly placementId: string;
  readonly region: Region;
}

/** The tray in thumbs of one size. */
export interface Tracker {
  readonly width: number;
  readonly height: number;
  see(thumb: Thumb): readonly TrayEvent[];
  /** The camera was away, the tray was not. */
  restart(): void;
  /** As a tray's. */
  withoutBands(thumb: Thumb): Thumb;
  /** Oldest first. */
  placements(): readonly Placement[];
  /** Ends it, as the thumbs come in another size now. */
  end(nowMs: number): CarryOver;
}

/** What a tracker leaves to the next. */
export interface CarryOver extends Size {
  readonly events: readonly TrayEvent[];
  readonly learned: boolean;
  readonly disturbed: boolean;
  readonly blind: BlindReason | undefined;
  readonly accepted: Float32Array;
  readonly bounded: Uint8Array;
  readonly noise: number;
  readonly lying: readonly PlacedObject[];
}

const NONE: readonly TrayEvent[] = [];
const CALM_MS = 100;
/** The fastest that the accepted picture follows, a picture. */
const MOST_ADAPTED = 0.2;

/**
 * With what a tracker of another size left, what lay there is still known if the proportions are
 * the same; otherwise all of it is told to have left, as nobody knows where it would be seen.
 */
export function createTracker(
  { width, height }: Size,
  settings: TrayOptions,
  newId: () => string,
  carryOver?: CarryOver,
): Tracker {
  const size = width * height;
  const background = createBackgroundModel(width, height);
  const components = createComponents(width, height);
  const candidates = createCandidates(width, height, background, components, settings);
  const stack = createPlacementStack(width, height, background, components);
  const pendingRemovals = createPendingRemovals(width, background, stack, settings.putBackMs);
  let events: TrayEvent[] = [];
  const say = (event: TrayEvent): void => void events.push(event);
  const visibility = createVisibilityMonitor({ width, height }, settings, say, carryOver?.blind);
  const impairments = createImpairments(say);
  const classifier = createChangeClassifier({
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
  });
  const minPixels = Math.max(20, settings.minArea * size);
  const minStrong = Math.max(6, minPixels / 8);

  let learned = false;
  let lastMs = Number.NaN;
  let disturbed = carryOver?.disturbed ?? false;
  let lastMovingMs = Number.NEGATIVE_INFINITY;

  function inherit(from: CarryOver, nowMs: number): void {
    for (const event of from.events) say(event);
    const to = { width, height };
    if (from.learned && haveSameProportions(from, to)) {
      // A larger picture's pixels are means of fewer.
      const noise = from.noise * Math.max(1, width / from.width);
      background.adopt(
        resample(from.accepted, from, to),
        resampleMask(from.bounded, from, to),
        noise,
      );
      stack.adopt(from.lying, from);
      learned = true;
      return;
    }
    for (const { placementId, region } of from.lying) {
      say({ kind: 'removed', placementId, region, atMs: nowMs });
    }
  }

  function restart(): void {
    visibility.restart();
    lookAnew();
  }

  /** The light is another one than before, and what lies there the same. */
  function lookAnew(): void {
    if (learned) background.restart();
    else background.reset();
    candidates.traces.reset();
    impairments.restart();
    lastMs = Number.NaN;
    lastMovingMs = Number.NEGATIVE_INFINITY;
  }

  function look({ grey, chroma, atMs: nowMs }: Thumb): void {
    const elapsedMs = Number.isNaN(lastMs) ? 0 : Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    const sight = visibility.look(grey, nowMs);
    if (sight === 'blind') return;
    if (sight === 'sees again') {
      lookAnew();
      lastMs = nowMs;
    }
    impairments.look(
      {
        mean: visibility.meanGrey,
        noise: background.counts.noise,
        bandCurve: background.bandCurve(),
      },
      nowMs,
    );
    const isLearning = !learned;
    if (isLearning) learned = background.learn(grey, nowMs);
    else {
      candidates.tick(nowMs);
      background.take(grey, chroma, Math.min(MOST_ADAPTED, elapsedMs / settings.adaptMs));
    }
    const wasBlind = visibility.blind !== undefined;
    const picture = {
      picture: background.seen,
      light: background.light(),
      changed: background.counts.changed,
    };
    const isHidden = visibility.isHidden(picture, nowMs);
    // What hid the tray is nothing to learn, and the light and shift fitted to it mean nothing.
    if (isLearning && (isHidden || wasBlind)) learned = false;
    if (isHidden) return;
    if (wasBlind) return lookAnew();
    if (isLearning) return;
    noteMovement(nowMs);
    const count = candidates.find(nowMs);
    if (background.counts.strong >= minStrong) {
      classifier.watch(nowMs);
      for (const candidate of candidates.list.slice(0, count)) {
        if (candidate.component.cells === 0) continue;
        if (candidate.due) classifier.decide(candidate, nowMs);
        else classifier.foresee(candidate, nowMs);
      }
    }
    pendingRemovals.dismiss(!disturbed && nowMs - lastMovingMs >= CALM_MS, nowMs, say);
  }

  function noteMovement(nowMs: number): void {
    if (background.counts.moving >= minPixels * 0.6) lastMovingMs = nowMs;
    if (!disturbed && lastMovingMs === nowMs) {
      disturbed = true;
      say({ kind: 'disturbed', atMs: nowMs });
    } else if (disturbed && nowMs - lastMovingMs >= CALM_MS) {
      disturbed = false;
      say({ kind: 'settled', atMs: nowMs });
    }
  }

  return {
    width,
    height,
    see(thumb) {
      events = [];
      if (carryOver !== undefined) inherit(carryOver, thumb.atMs);
      carryOver = undefined;
      look(thumb);
      return events.length === 0 ? NONE : events;
    },
    restart,
    end(nowMs) {
      events = [];
      pendingRemovals.dismiss(true, nowMs, say);
      const { blind } = visibility;
      const { accepted, bounded, counts } = background;
      const lying = stack.all();
      const { noise } = counts;
      return { width, height, events, learned, disturbed, blind, accepted, bounded, noise, lying };
    },
    withoutBands: (thumb) =>
      background.bandCurve() === null
        ? thumb
        : { ...thumb, grey: background.withoutBands(thumb.grey) },
    placements: () => stack.all().map(({ placementId, region }) => ({ placementId, region })),
  };
}
