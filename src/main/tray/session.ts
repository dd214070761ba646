import type { Region, Thumb } from '../../shared/frame.ts';
import { createCandidates } from './candidates.ts';
import { createComponents } from './components.ts';
import { createDepartures } from './departures.ts';
import { createJudge } from './judge.ts';
import { createLens } from './lens.ts';
import { createPile } from './pile.ts';
import type { TrayEvent } from './tray-event.ts';
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
  /** Oldest first. */
  placements(): readonly Placement[];
}

const NONE: readonly TrayEvent[] = [];
const CALM_MS = 100;
/** The fastest that the accepted picture follows, a picture. */
const MOST_ADAPTED = 0.2;

export function createSession(
  width: number,
  height: number,
  settings: TrayOptions,
  newId: () => string,
): Session {
  const size = width * height;
  const view = createView(width, height);
  const components = createComponents(width, height);
  const candidates = createCandidates(width, height, view, components, settings);
  const pile = createPile(width, height, view, components);
  const departures = createDepartures(width, view, pile, settings.putBackMs);
  let events: TrayEvent[] = [];
  const say = (event: TrayEvent): void => void events.push(event);
  const lens = createLens(size, settings, say, undefined);
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
  let disturbed = false;
  let lastMovingMs = Number.NEGATIVE_INFINITY;

  function restart(): void {
    if (learned) view.restart();
    else view.reset();
    lens.restart();
    lastMs = Number.NaN;
    lastMovingMs = Number.NEGATIVE_INFINITY;
  }

  function look({ grey, atMs: nowMs }: Thumb): void {
    const elapsedMs = Number.isNaN(lastMs) ? 0 : Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    const sight = lens.look(grey, nowMs);
    if (sight === 'blind') return;
    if (sight === 'sees again') {
      restart();
      lastMs = nowMs;
    }
    if (!learned) {
      learned = view.learn(grey, nowMs);
      return;
    }
    candidates.tick(nowMs);
    view.take(grey, Math.min(MOST_ADAPTED, elapsedMs / settings.adaptMs));
    const wasCovered = lens.blind === 'covered';
    if (lens.isCovered(view.counts.changed, nowMs)) return;
    // The light and the shift that were fitted to the cover mean nothing.
    if (wasCovered) return view.restart();
    noteMovement(nowMs);
    if (view.counts.strong >= minStrong) {
      const count = candidates.find(nowMs);
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
      look(thumb);
      return events.length === 0 ? NONE : events;
    },
    restart,
    placements: () => pile.all().map(({ placementId, region }) => ({ placementId, region })),
  };
}
