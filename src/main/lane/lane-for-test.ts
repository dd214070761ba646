import { vi } from 'vitest';
import type { Photo, Region, Thumb } from '../../shared/frame.ts';
import type { Camera, CameraListener, PhotoRequest, PreviewFrame } from '../camera/camera.ts';
import type { Decision, RecognitionResult } from '../recognition/recognition.ts';
import type { Say, TrayEvent } from '../tray/tray-event.ts';
import type { LaneListener, LaneOutcome, LaneParts, Scale } from './lane-parts.ts';
import { startLane } from './lane.ts';

export const region: Region = { left: 0.2, top: 0.2, width: 0.2, height: 0.2 };
const thumb: Thumb = { width: 1, height: 1, grey: new Uint8Array(1), atMs: 0 };
export const photo: Photo = { jpeg: new Uint8Array([1]), width: 10, height: 10, atMs: 0 };
export const recognised: RecognitionResult = {
  kind: 'recognised',
  predictions: [],
  tookMs: 5,
  via: 'first',
};
export const accept: Decision = { kind: 'accept', productId: 'lemon', probability: 0.9 };

export const resting = (where: Region = region): TrayEvent => ({
  kind: 'resting',
  region: where,
  atMs: 330,
});

export const placed = (placementId: string, where: Region = region): TrayEvent => ({
  kind: 'placed',
  placementId,
  region: where,
  atMs: 400,
  stillSinceMs: 300,
});

/** A lane whose camera, tray and recogniser do what the test says. */
export function openLane(script: {
  photo?: (request: PhotoRequest) => Promise<Photo>;
  recognise?: (jpeg: Uint8Array) => Promise<RecognitionResult>;
  decide?: LaneParts['decide'];
  scale?: Scale;
  mayLookAhead?: boolean;
  /** What becomes of an outcome; done at once without it. */
  told?: () => Promise<unknown>;
}) {
  let camera: CameraListener | undefined;
  let nowMs = 0;
  let events: readonly TrayEvent[] = [];
  let laterSay: Say = () => undefined;
  const outcomes: LaneOutcome[] = [];
  let tell: () => void = () => undefined;
  const listener = {
    outcome: (outcome: LaneOutcome) => {
      outcomes.push(outcome);
      tell();
      return script.told?.() ?? Promise.resolve();
    },
    passedOver: vi.fn(),
    moved: vi.fn(),
    left: vi.fn(),
    watching: vi.fn(),
    looking: vi.fn(),
    preview: vi.fn(),
    cameraStatus: vi.fn(),
    blind: vi.fn(),
    impaired: vi.fn(),
    fault: vi.fn(),
  } satisfies LaneListener;
  const fake: Camera = {
    kind: 'live',
    start: (given) => {
      camera = given;
    },
    photo: script.photo ?? (() => Promise.resolve(photo)),
    stop: () => Promise.resolve(),
  };
  const lane = startLane({
    camera: fake,
    tray: {
      see: (_thumb, say) => {
        laterSay = say;
        events.forEach(say);
      },
    },
    recogniser: {
      recognise: script.recognise ?? (() => Promise.resolve(recognised)),
    },
    decide: script.decide ?? (() => accept),
    questionOf: (decision) =>
      decision.kind === 'accept'
        ? { kind: 'ask', candidates: [decision, { productId: 'pear', probability: 0.1 }] }
        : decision,
    cropFor: (whole) => whole,
    scale: script.scale ?? {
      placed: () => undefined,
      weigh: (placementId) => (placementId === 'p1' ? 412 : null),
      left: () => undefined,
    },
    mayLookAhead: () => script.mayLookAhead ?? true,
    now: () => nowMs,
    listener,
  });
  return {
    lane,
    listener,
    outcomes,
    passes: (ms: number) => {
      nowMs += ms;
    },
    show: (frame: PreviewFrame) => camera?.preview(frame),
    see: (...next: TrayEvent[]) => {
      events = next;
      camera?.thumb(thumb);
    },
    /** What the tray makes of the last picture when it has thought about it. */
    seeLater: (event: TrayEvent) => laterSay(event),
    outcomesReach: (count: number) =>
      new Promise<void>((resolve) => {
        tell = () => outcomes.length >= count && resolve();
        tell();
      }),
  };
}

/** All that was going to happen without time passing has happened. */
export const nothingMore = () => new Promise<void>((resolve) => setImmediate(resolve));
