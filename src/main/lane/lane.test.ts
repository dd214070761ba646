import { describe, expect, it, vi } from 'vitest';
import type { Photo, Region, Thumb } from '../../shared/frame.ts';
import { CameraError } from '../camera/camera.ts';
import type { Camera, CameraListener, PhotoRequest } from '../camera/camera.ts';
import type { Decision, RecognitionResult } from '../recognition/recognition.ts';
import type { TrayEvent } from '../tray/tray.ts';
import { startLane } from './lane.ts';
import type { LaneListener, LaneOutcome } from './lane.ts';

const region: Region = { left: 0.2, top: 0.2, width: 0.2, height: 0.2 };
const thumb: Thumb = { width: 1, height: 1, grey: new Uint8Array(1), atMs: 0 };
const photo: Photo = { jpeg: new Uint8Array([1]), width: 10, height: 10, atMs: 0 };
const accept: Decision = { kind: 'accept', productId: 'lemon', probability: 0.9 };

const placed = (placementId: string): TrayEvent => ({
  kind: 'placed',
  placementId,
  region,
  atMs: 400,
  stillSinceMs: 300,
});

/** A lane whose camera, tray and recogniser do what the test says. */
function openLane(script: {
  photo?: (request: PhotoRequest) => Promise<Photo>;
  recognise?: () => Promise<RecognitionResult>;
}) {
  let camera: CameraListener | undefined;
  let events: readonly TrayEvent[] = [];
  const outcomes: LaneOutcome[] = [];
  let tell: () => void = () => undefined;
  const listener = {
    outcome: (outcome: LaneOutcome) => {
      outcomes.push(outcome);
      tell();
    },
    moved: vi.fn(),
    left: vi.fn(),
    watching: vi.fn(),
    looking: vi.fn(),
    preview: vi.fn(),
    cameraStatus: vi.fn(),
    blind: vi.fn(),
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
    tray: { see: () => events },
    recogniser: {
      recognise:
        script.recognise ??
        (() => Promise.resolve({ kind: 'recognised', predictions: [], tookMs: 5, via: 'first' })),
    },
    decide: () => accept,
    cropFor: (whole) => whole,
    scale: {
      placed: () => undefined,
      weigh: (placementId) => (placementId === 'p1' ? 412 : null),
      left: () => undefined,
    },
    now: () => 0,
    listener,
  });
  return {
    lane,
    listener,
    outcomes,
    see: (...next: TrayEvent[]) => {
      events = next;
      camera?.thumb(thumb);
    },
    outcomesReach: (count: number) =>
      new Promise<void>((resolve) => {
        tell = () => outcomes.length >= count && resolve();
        tell();
      }),
  };
}

describe('the lane', () => {
  it('tells what a placement is, with photo, weight and the wait for stillness', async () => {
    const { see, outcomes, outcomesReach, listener } = openLane({});
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({
      placementId: 'p1',
      photo,
      result: accept,
      weightGrams: 412,
      timings: { stillnessMs: 100 },
    });
    expect(listener.looking.mock.calls).toEqual([[1], [0]]);
  });

  it('recognises two placements of one moment each by itself', async () => {
    const { see, outcomes, outcomesReach } = openLane({});
    see(placed('p1'), placed('p2'));
    await outcomesReach(2);
    expect(outcomes.map((outcome) => outcome.placementId)).toEqual(['p1', 'p2']);
  });

  it('passes a placement on for the lookup when no endpoint answers', async () => {
    const { see, outcomes, outcomesReach } = openLane({
      recognise: () =>
        Promise.resolve({ kind: 'unavailable', fault: 'deadline', message: 'late', tookMs: 9 }),
    });
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ result: { kind: 'recognition-down' }, photo });
  });

  it('passes a placement on for the lookup when the camera gives no photo', async () => {
    const { see, outcomes, outcomesReach, listener } = openLane({
      photo: () => Promise.reject(new CameraError('timeout', 'late', 'Look at the cable.')),
    });
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ result: { kind: 'recognition-down' }, photo: null });
    expect(listener.fault).toHaveBeenCalledWith('photo', expect.any(CameraError));
  });

  it('passes a placement on when the camera never answers', async () => {
    vi.useFakeTimers();
    try {
      const { see, outcomes } = openLane({ photo: () => new Promise(() => undefined) });
      see(placed('p1'));
      await vi.advanceTimersByTimeAsync(2_000);
      expect(outcomes[0]).toMatchObject({ result: { kind: 'recognition-down' }, photo: null });
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells what a thing is before it tells that it has gone', async () => {
    let answer: (result: RecognitionResult) => void = () => undefined;
    const { see, outcomes, outcomesReach, listener } = openLane({
      recognise: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    see(placed('p1'));
    see({ kind: 'removed', placementId: 'p1', region, atMs: 500 });
    expect(listener.left).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      answer({ kind: 'recognised', predictions: [], tookMs: 5, via: 'first' });
      expect(outcomes).toHaveLength(1);
    });
    await outcomesReach(1);
    expect(listener.left).toHaveBeenCalledWith('p1');
  });

  it('says once that it watches, when the tray has had time to learn', () => {
    const { see, listener } = openLane({});
    for (let count = 0; count < 9; count += 1) see();
    expect(listener.watching).not.toHaveBeenCalled();
    for (let count = 0; count < 9; count += 1) see();
    expect(listener.watching).toHaveBeenCalledTimes(1);
  });

  it('tells what moved, what left and when the camera is blind', () => {
    const { see, listener } = openLane({});
    see(
      { kind: 'moved', placementId: 'p1', region, atMs: 1 },
      { kind: 'removed', placementId: 'p1', region, atMs: 2 },
      { kind: 'blind', reason: 'dark', atMs: 3 },
      { kind: 'seeing', atMs: 4 },
    );
    expect(listener.moved).toHaveBeenCalledWith('p1', region);
    expect(listener.left).toHaveBeenCalledWith('p1');
    expect(listener.blind.mock.calls).toEqual([[true], [false]]);
  });
});
