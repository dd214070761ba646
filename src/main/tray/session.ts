import type { Region, Thumb } from '../../shared/frame.ts';
import { createCandidates } from './candidates.ts';
import { createComponents } from './components.ts';
import { createDepartures } from './departures.ts';
import { createImpairments } from './impairments.ts';
import { createJudge } from './judge.ts';
import { createLens } from './lens.ts';
import type { Lying } from './pile.ts';
import { createPile } from './pile.ts';
import type { Size } from './resample.ts';
import { haveSameProportions, resample, resampleMask } from './resample.ts';
import type { BlindReason, TrayEvent } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';
import { createView } from './view.ts';

export interface Placement {
  readonly placementId: string;
  readonly region: Region;
}

/** The tray in thumbs of one size. */
export interface Session {
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
  end(nowMs: number): Legacy;
}

/** What a session leaves to the next. */
export interface Legacy extends Size {
  readonly events: readonly TrayEvent[];
  readonly learned: boolean;
  readonly disturbed: boolean;
  readonly blind: BlindReason | undefined;
  readonly accepted: Float32Array;
  readonly bounded: Uint8Array;
  readonly noise: number;
  readonly lying: readonly Lying[];
}

const NONE: readonly TrayEvent[] = [];
const CALM_MS = 100;
/** The fastest that the accepted picture follows, a picture. */
const MOST_ADAPTED = 0.2;

/**
 * With the legacy of a session in another size, what lay there is still known if the proportions are
 * the same; otherwise all of it is told to have left, as nobody knows where it would be seen.
 */
export function createSession(
  { width, height }: Size,
  settings: TrayOptions,
  newId: () => string,
  legacy?: Legacy,
): Session {
  const size = width * height;
  const view = createView(width, height);
  const components = createComponents(width, height);
  const candidates = createCandidates(width, height, view, components, settings);
  const pile = createPile(width, height, view, components);
  const departures = createDepartures(width, view, pile, settings.putBackMs);
  let events: TrayEvent[] = [];
  const say = (event: TrayEvent): void => void events.push(event);
  const lens = createLens({ width, height }, settings, say, legacy?.blind);
  const impairments = createImpairments(say);
  const judge = createJudge({
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
  });
  const minPixels = Math.max(20, settings.minArea * size);
  const minStrong = Math.max(6, minPixels / 8);

  let learned = false;
  let lastMs = Number.NaN;
  let disturbed = legacy?.disturbed ?? false;
  let lastMovingMs = Number.NEGATIVE_INFINITY;

  function inherit(from: Legacy, nowMs: number): void {
    for (const event of from.events) say(event);
    const to = { width, height };
    if (from.learned && haveSameProportions(from, to)) {
      // A larger picture's pixels are means of fewer.
      const noise = from.noise * Math.max(1, width / from.width);
      view.adopt(resample(from.accepted, from, to), resampleMask(from.bounded, from, to), noise);
      pile.adopt(from.lying, from);
      learned = true;
      return;
    }
    for (const { placementId, region } of from.lying) {
      say({ kind: 'removed', placementId, region, atMs: nowMs });
    }
  }

  function restart(): void {
    lens.restart();
    lookAnew();
  }

  /** The light is another one than before, and what lies there the same. */
  function lookAnew(): void {
    if (learned) view.restart();
    else view.reset();
    candidates.traces.reset();
    impairments.restart();
    lastMs = Number.NaN;
    lastMovingMs = Number.NEGATIVE_INFINITY;
  }

  function look({ grey, chroma, atMs: nowMs }: Thumb): void {
    const elapsedMs = Number.isNaN(lastMs) ? 0 : Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    const sight = lens.look(grey, nowMs);
    if (sight === 'blind') return;
    if (sight === 'sees again') {
      lookAnew();
      lastMs = nowMs;
    }
    impairments.look(
      { mean: lens.meanGrey, noise: view.counts.noise, bandCurve: view.bandCurve() },
      nowMs,
    );
    const isLearning = !learned;
    if (isLearning) learned = view.learn(grey, nowMs);
    else {
      candidates.tick(nowMs);
      view.take(grey, chroma, Math.min(MOST_ADAPTED, elapsedMs / settings.adaptMs));
    }
    const wasBlind = lens.blind !== undefined;
    const picture = { picture: view.seen, light: view.light(), changed: view.counts.changed };
    const isHidden = lens.isHidden(picture, nowMs);
    // What hid the tray is nothing to learn, and the light and shift fitted to it mean nothing.
    if (isLearning && (isHidden || wasBlind)) learned = false;
    if (isHidden) return;
    if (wasBlind) return lookAnew();
    if (isLearning) return;
    noteMovement(nowMs);
    const count = candidates.find(nowMs);
    if (view.counts.strong >= minStrong) {
      judge.watch(nowMs);
      for (const candidate of candidates.list.slice(0, count)) {
        if (candidate.component.cells === 0) continue;
        if (candidate.due) judge.decide(candidate, nowMs);
        else judge.foresee(candidate, nowMs);
      }
    }
    departures.dismiss(!disturbed && nowMs - lastMovingMs >= CALM_MS, nowMs, say);
  }

  function noteMovement(nowMs: number): void {
    if (view.counts.moving >= minPixels * 0.6) lastMovingMs = nowMs;
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
      if (legacy !== undefined) inherit(legacy, thumb.atMs);
      legacy = undefined;
      look(thumb);
      return events.length === 0 ? NONE : events;
    },
    restart,
    end(nowMs) {
      events = [];
      departures.dismiss(true, nowMs, say);
      const { blind } = lens;
      const { accepted, bounded, counts } = view;
      const lying = pile.all();
      const { noise } = counts;
      return { width, height, events, learned, disturbed, blind, accepted, bounded, noise, lying };
    },
    withoutBands: (thumb) =>
      view.hasBands() ? { ...thumb, grey: view.withoutBands(thumb.grey) } : thumb,
    placements: () => pile.all().map(({ placementId, region }) => ({ placementId, region })),
  };
}
