import type { Photo, Region, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Camera, CameraStatus, PreviewFrame } from '../camera/camera.ts';
import type { Decision, RecognitionResult, Recogniser } from '../recognition/recognition.ts';
import type { BlindReason, Impairment, TrayEvent } from '../tray/tray-event.ts';
import { createLookAhead } from './look-ahead.ts';
import type { Look } from './look-ahead.ts';

/** What one placement came to, with the way's own times. */
export interface LaneOutcome {
  readonly placementId: string;
  readonly region: Region;
  /** Null where the camera gave no photo. */
  readonly photo: Photo | null;
  readonly result: Decision | { readonly kind: 'recognition-down' };
  readonly weightGrams: number | null;
  readonly timings: LaneTimings;
}

/** Milliseconds; each part follows the one before. What was looked at ahead takes only what was left. */
export interface LaneTimings {
  /** When it came to lie still, on the camera's clock. */
  readonly stillSinceMs: number;
  /** From lying still to the tray's word for it. */
  readonly stillnessMs: number;
  readonly photoMs: number;
  readonly recognitionMs: number;
  readonly decisionMs: number;
  /** Whether photo and recognition were under way before the tray's word. */
  readonly ahead: boolean;
}

export interface LaneListener {
  /** Resolves when all that comes of it has happened; until then it counts as being recognised. */
  readonly outcome: (outcome: LaneOutcome) => Promise<unknown>;
  readonly moved: (placementId: string, region: Region) => void;
  readonly left: (placementId: string) => void;
  /** Told once: the camera delivers, and the tray has learned what it looks like. */
  readonly watching: () => void;
  /** How many placements are being recognised just now. */
  readonly looking: (count: number) => void;
  readonly preview: (frame: PreviewFrame) => void;
  readonly cameraStatus: (status: CameraStatus) => void;
  /** Why the camera, which delivers, shows nothing to go by; null when it sees again. */
  readonly blind: (reason: BlindReason | null) => void;
  /** Why the tray may miss or invent things; none when all is well again. */
  readonly impaired: (reasons: readonly Impairment[]) => void;
  readonly fault: (where: string, error: unknown) => void;
}

/** What lies on the scale, placement by placement. */
export interface Scale {
  readonly placed: (placementId: string) => void;
  /** Grams, tare included; null where the scale cannot tell. Asked once for each placement. */
  readonly weigh: (placementId: string) => number | null;
  readonly left: (placementId: string) => void;
}

export interface LaneParts {
  readonly camera: Camera;
  readonly tray: { see: (thumb: Thumb) => readonly TrayEvent[] };
  readonly recogniser: Recogniser;
  readonly decide: (result: Extract<RecognitionResult, { kind: 'recognised' }>) => Decision;
  /** The part of the picture that shows a placement well; `view` has the picture's proportions. */
  readonly cropFor: (region: ItemRegion, view: { width: number; height: number }) => ItemRegion;
  readonly scale: Scale | null;
  /** Whether a picture more costs nobody anything, so that what may be placed is looked at ahead. */
  readonly mayLookAhead: () => boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly listener: LaneListener;
}

/** By then the tray has learned what it looks like with nothing new on it. */
const thumbsToLearn = 10;

/** Longest side of the photo that is recognised: enough for every backbone, small on the wire. */
export const photoSide = 512;

/** No shopper waits for a camera that has stopped: after this the item is found by hand. */
const photoDeadlineMs = 2_000;

/** A photo ahead that takes longer helps nobody, and what is placed must not wait for it. */
const aheadPhotoDeadlineMs = 300;

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

/**
 * The way of one item: thumbs go to the tray; what it says is placed is photographed, recognised
 * and decided, each placement by itself, and told to the listener. What will probably be placed is
 * looked at before, and that look taken where it turns out to show the thing.
 *
 *   camera ─ thumb ─▶ tray ─ placed ─▶ photo ─▶ recogniser ─▶ decide ─▶ listener.outcome
 *                       │  └ left, moved ───────────────────────────▶ listener
 *                       └─ resting ─▶ photo ─▶ recogniser ─▶ (kept for what is placed there)
 */
export function startLane(parts: LaneParts): Lane {
  const { camera, tray, listener, now } = parts;
  let looking = 0;
  let view = { width: 4, height: 3 };
  let thumbsSeen = 0;
  /** What happened to a placement before its outcome was told, in its order. */
  const underWay = new Map<string, TrayEvent[]>();
  let previewsFromMs = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const restPreviews = (): void => {
    // As long again they are shown: of what never lies still the shopper sees something all the same.
    if (now() >= previewsFromMs + previewsRestMs) previewsFromMs = now() + previewsRestMs;
  };

  const photograph = (region: ItemRegion, limitMs: number): Promise<Photo> =>
    inTime(camera.photo({ region: parts.cropFor(region, view), maxSide: photoSide }), limitMs);

  const lookAhead = createLookAhead({
    look: async (region, photographed): Promise<Look> => {
      const photo = await photograph(region, aheadPhotoDeadlineMs);
      const photoAtMs = now();
      photographed(photo);
      return { photo, photoAtMs, recognised: await parts.recogniser.recognise(photo.jpeg) };
    },
    now,
  });

  const recognise = async (placed: Extract<TrayEvent, { kind: 'placed' }>): Promise<void> => {
    const stillnessMs = placed.atMs - placed.stillSinceMs;
    looking += 1;
    underWay.set(placed.placementId, []);
    listener.looking(looking);
    parts.scale?.placed(placed.placementId);
    const startedMs = now();
    let photo: Photo | null = null;
    let result: LaneOutcome['result'] = { kind: 'recognition-down' };
    let photoMs = 0;
    let recognitionMs = 0;
    let decisionMs = 0;
    let ahead = false;
    try {
      const seen = await lookAhead.claim(placed.region, placed.stillSinceMs);
      ahead = seen !== null;
      photo = seen?.photo ?? (await photograph(placed.region, photoDeadlineMs));
      photoMs = Math.max(0, (seen?.photoAtMs ?? now()) - startedMs);
      const recognised = seen?.recognised ?? (await parts.recogniser.recognise(photo.jpeg));
      recognitionMs = now() - startedMs - photoMs;
      if (recognised.kind === 'recognised') {
        result = parts.decide(recognised);
        decisionMs = now() - startedMs - photoMs - recognitionMs;
      } else {
        listener.fault('recognition', recognised.message);
      }
    } catch (error) {
      // The shopper then finds the item by hand: nothing laid down is passed over in silence.
      listener.fault('photo', error);
    }
    const since = underWay.get(placed.placementId) ?? [];
    underWay.delete(placed.placementId);
    if (stopped) return;
    const told = listener.outcome({
      placementId: placed.placementId,
      region: placed.region,
      photo,
      result,
      weightGrams: parts.scale?.weigh(placed.placementId) ?? null,
      timings: {
        stillSinceMs: placed.stillSinceMs,
        stillnessMs,
        photoMs,
        recognitionMs,
        decisionMs,
        ahead,
      },
    });
    since.forEach(handle);
    await told.catch((error: unknown) => listener.fault('outcome', error));
    looking -= 1;
    if (!stopped) listener.looking(looking);
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
      case 'moved':
        listener.moved(event.placementId, event.region);
        return;
      case 'removed':
        parts.scale?.left(event.placementId);
        listener.left(event.placementId);
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
        if (parts.mayLookAhead()) lookAhead.resting(event.region);
        return;
      case 'disturbed':
      case 'settled':
        return;
    }
  };

  camera.start({
    thumb: (thumb) => {
      view = { width: thumb.width, height: thumb.height };
      tray.see(thumb).forEach(handle);
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
          const photo = await photograph(rehearsed, aheadPhotoDeadlineMs);
          await parts.recogniser.recognise(photo.jpeg);
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

function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The camera gave no photo in ${limitMs} ms.`)),
      limitMs,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
