import type { ItemRegion } from '../../shared/item-mask.ts';
import type { TrayEvent } from '../tray/tray-event.ts';
import { compareLooks } from './compare-looks.ts';
import type { Known } from './compare-looks.ts';
import { createItemLooks } from './item-look.ts';
import type { ItemLook } from './item-look.ts';
import type { LaneOutcome, LaneParts, LaneTimings } from './lane-parts.ts';

/** By then the tray has learned what it looks like with nothing new on it. */
const thumbsToLearn = 10;

/** A thing that is pushed on and on is asked about in the end: who wants to pay waits for it. */
const mostLooksAgain = 3;

/** So long after a thing came to rest the window is left to its line: the picture of it is the same. */
const previewsRestMs = 150;

/** After so many looks the way of one more takes no longer; a slow machine stops at the time. */
const rehearsals = 10;
const rehearsalMs = 1_000;

/** A thing in the middle of the tray, with an outline as all that is placed has. */
const rehearsed: ItemRegion = {
  left: 0.4,
  top: 0.4,
  width: 0.2,
  height: 0.2,
  mask: { width: 2, height: 2, own: Uint8Array.of(1, 1, 1, 1) },
};

export interface Lane {
  /**
   * Looks at the tray as at an item, some times, and tells nobody what it saw: what runs for the
   * first time takes several times as long, and that shall not be a shopper's item. Not where a
   * look costs anybody something. Never rejects, and makes way for what is laid down meanwhile.
   */
  readonly rehearse: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What lies at one of the tray's placements, as far as the lane has told of it. */
interface Place extends Known {
  /** The ids it was told by: of all that may lie there, none where it was passed over. */
  readonly toldAs: readonly string[];
}

type Placed = Extract<TrayEvent, { kind: 'placed' }>;
type Moved = Extract<TrayEvent, { kind: 'moved' }>;

/**
 * The way of one item: thumbs go to the tray; what it says is placed is photographed, recognised
 * and decided, each placement by itself, and told to the listener. What will probably be placed is
 * looked at before, and that look taken where it turns out to show the thing. Where another thing
 * may have taken its place, it is looked at again, and compared with what was seen there before.
 *
 *   camera ─ thumb ─▶ tray ─ placed ─▶ photo ─▶ recogniser ─▶ decide ─▶ listener.outcome
 *                       │  ├ left, moved ───────────────────────────▶ listener
 *                       │  └ moved, unsure ─▶ photo ─▶ recogniser ─▶ compare ─┬ same ────▶ moved
 *                       │                                                     ├ another ─▶ left, outcome
 *                       │                                                     └ unclear ─▶ outcome, unsure
 *                       └─ resting ─▶ photo ─▶ recogniser ─▶ (kept for what is placed there)
 *
 * The tray goes on with its own id for whatever lies at a place; what the listener knows lies there is
 * in `places`. An unclear look leaves both there: the old thing is told to have left only where that
 * is known, and the new one is asked about, so that nothing is sold unseen and nothing sold twice.
 */
export function startLane(parts: LaneParts): Lane {
  const { camera, tray, listener, now } = parts;
  let looking = 0;
  let view = { width: 4, height: 3 };
  let thumbsSeen = 0;
  const places = new Map<string, Place>();
  let looksAgain = 0;
  /** What happened to a placement while it is looked at, in its order. */
  const underWay = new Map<string, TrayEvent[]>();
  let previewsFromMs = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const restPreviews = (): void => {
    // As long again they are shown: of what never lies still the shopper sees something all the same.
    if (now() >= previewsFromMs + previewsRestMs) previewsFromMs = now() + previewsRestMs;
  };

  const looks = createItemLooks({ ...parts, view: () => view, fault: listener.fault });

  const beginLook = (placementId: string): void => {
    looking += 1;
    underWay.set(placementId, []);
    listener.looking(looking);
  };

  /** Then all that happened meanwhile happens, and the look is over when what was told is done. */
  const endLook = async (placementId: string, tell: () => Promise<unknown>): Promise<void> => {
    const since = underWay.get(placementId) ?? [];
    underWay.delete(placementId);
    const told = tell();
    since.forEach(handle);
    await told.catch((error: unknown) => listener.fault('outcome', error));
    looking -= 1;
    if (!stopped) listener.looking(looking);
  };

  const outcomeOf = (
    look: ItemLook,
    rest: Pick<LaneOutcome, 'placementId' | 'region' | 'unsure' | 'weightGrams'> &
      Pick<LaneTimings, 'stillSinceMs' | 'stillnessMs'>,
  ): LaneOutcome => {
    const { photo, seen, photoMs, recognitionMs, decisionMs, ahead } = look;
    const { stillSinceMs, stillnessMs, ...outcome } = rest;
    return {
      ...outcome,
      photo,
      result:
        seen === null
          ? { kind: 'recognition-down' }
          : outcome.unsure
            ? parts.questionOf(seen.decision, seen.recognised)
            : seen.decision,
      timings: { stillSinceMs, stillnessMs, photoMs, recognitionMs, decisionMs, ahead },
    };
  };

  const recognise = async (placed: Placed): Promise<void> => {
    const { placementId, region, atMs, stillSinceMs, unsure = false } = placed;
    beginLook(placementId);
    parts.scale?.placed(placementId);
    const look = await looks.lookAt(region, stillSinceMs);
    if (stopped) return;
    await endLook(placementId, () => {
      const weightGrams = parts.scale?.weigh(placementId) ?? null;
      const { seen } = look;
      // What may be a hand or light, and shows no product, is just that.
      const passedOver = unsure && seen?.decision.kind === 'unknown';
      places.set(placementId, { toldAs: passedOver ? [] : [placementId], seen, weightGrams });
      if (passedOver) {
        listener.passedOver(placementId);
        return Promise.resolve();
      }
      const stillnessMs = atMs - stillSinceMs;
      return listener.outcome(
        outcomeOf(look, { placementId, region, unsure, weightGrams, stillSinceMs, stillnessMs }),
      );
    });
  };

  const lookAgain = async (moved: Moved, before: Place): Promise<void> => {
    const { placementId, atMs } = moved;
    looksAgain += 1;
    const newId = `${placementId}.${looksAgain}`;
    beginLook(placementId);
    // A thing laid in its place makes a step of its own.
    parts.scale?.placed(newId);
    let { region } = moved;
    let look = await looks.lookAt(region, null);
    for (let count = 1; !stopped; count += 1) {
      const since = underWay.get(placementId) ?? [];
      const pushed = since.findLast((event) => event.kind === 'moved');
      if (pushed === undefined) break;
      // Pushed on, it is not where it was photographed.
      const rest = since.filter((event) => event.kind !== 'moved');
      underWay.set(placementId, rest);
      ({ region } = pushed);
      look =
        rest.length > 0 || count >= mostLooksAgain
          ? { ...look, seen: null }
          : await looks.lookAt(region, null);
    }
    if (stopped) return;
    await endLook(placementId, () => {
      const { seen } = look;
      const comparison = compareLooks(before, {
        seen,
        weightGrams: parts.scale?.weigh(newId) ?? null,
      });
      if (comparison === 'same') {
        places.set(placementId, { ...before, seen });
        for (const id of before.toldAs) listener.moved(id, region);
        return Promise.resolve();
      }
      // Where nothing was told of, there is still nothing to tell of.
      if (before.toldAs.length === 0 && seen?.decision.kind === 'unknown') {
        places.set(placementId, { ...before, seen });
        listener.passedOver(placementId);
        return Promise.resolve();
      }
      const unsure = comparison === 'unclear';
      if (!unsure) before.toldAs.forEach(leave);
      const toldAs = unsure ? [...before.toldAs, newId] : [newId];
      // One thing for another in one step of the sum: what the new one weighs alone nobody can tell.
      const weightGrams = null;
      places.set(placementId, { toldAs, seen, weightGrams });
      const times = { stillSinceMs: atMs, stillnessMs: 0 };
      return listener.outcome(
        outcomeOf(look, { placementId: newId, region, unsure, weightGrams, ...times }),
      );
    });
  };

  const placeOf = (placementId: string): Place =>
    places.get(placementId) ?? { toldAs: [placementId], seen: null, weightGrams: null };

  const leave = (id: string): void => {
    parts.scale?.left(id);
    listener.left(id);
  };

  const handle = (event: TrayEvent): void => {
    // What a thing is comes before what became of it, or it would be sold after it has gone.
    if (event.kind === 'moved' || event.kind === 'removed') {
      const since = underWay.get(event.placementId);
      if (since !== undefined) {
        since.push(event);
        return;
      }
    }
    switch (event.kind) {
      case 'placed':
        restPreviews();
        void recognise(event);
        return;
      case 'moved': {
        const place = placeOf(event.placementId);
        // What was passed over may show what it is now that it has moved.
        if (event.unsure === true || place.toldAs.length === 0) void lookAgain(event, place);
        else for (const id of place.toldAs) listener.moved(id, event.region);
        return;
      }
      case 'removed':
        placeOf(event.placementId).toldAs.forEach(leave);
        places.delete(event.placementId);
        return;
      case 'blind':
        listener.blind(event.reason);
        return;
      case 'seeing':
        listener.blind(null);
        return;
      case 'impaired':
        listener.impaired(event.reasons);
        return;
      case 'resting':
        restPreviews();
        if (parts.mayLookAhead()) looks.resting(event.region);
        return;
      case 'disturbed':
      case 'settled':
        return;
    }
  };

  camera.start({
    thumb: (thumb) => {
      view = { width: thumb.width, height: thumb.height };
      tray.see(thumb, (event) => {
        if (!stopped) handle(event);
      });
      thumbsSeen += 1;
      if (thumbsSeen === thumbsToLearn) listener.watching();
    },
    preview: (frame) => {
      if (now() >= previewsFromMs) listener.preview(frame);
    },
    status: listener.cameraStatus,
  });

  return {
    rehearse: async () => {
      const endsAtMs = now() + rehearsalMs;
      const mayGoOn = (): boolean =>
        !stopped && looking === 0 && parts.mayLookAhead() && now() < endsAtMs;
      for (let time = 0; time < rehearsals && mayGoOn(); time += 1) {
        try {
          await looks.rehearse(rehearsed);
        } catch {
          // Whoever lays something down is told what does not work; here nobody waits for it.
          return;
        }
      }
    },
    stop: async () => {
      stopped = true;
      await camera.stop();
    },
  };
}
