import { describe, expect, it, vi } from 'vitest';
import type { Photo, Region } from '../../shared/frame.ts';
import { CameraError } from '../camera/camera.ts';
import type { PhotoRequest, PreviewFrame } from '../camera/camera.ts';
import type { RecognitionResult } from '../recognition/recognition.ts';
import type { TrayEvent } from '../tray/tray-event.ts';
import {
  accept,
  nothingMore,
  openLane,
  photo,
  placed,
  recognised,
  region,
  resting,
} from './lane-for-test.ts';

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
    await nothingMore();
    expect(listener.looking.mock.calls).toEqual([[1], [0]]);
  });

  it('counts a placement as being looked at until all that comes of it has happened', async () => {
    let done: (value: unknown) => void = () => undefined;
    const { see, outcomesReach, listener } = openLane({
      told: () =>
        new Promise((resolve) => {
          done = resolve;
        }),
    });
    see(placed('p1'));
    await outcomesReach(1);
    await nothingMore();
    expect(listener.looking.mock.calls).toEqual([[1]]);
    done(undefined);
    await nothingMore();
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
    await nothingMore();
    answer(recognised);
    await outcomesReach(1);
    await nothingMore();
    expect(outcomes).toHaveLength(1);
    expect(listener.left).toHaveBeenCalledWith('p1');
  });

  it('says once that it watches, when the tray has had time to learn', () => {
    const { see, listener } = openLane({});
    for (let count = 0; count < 9; count += 1) see();
    expect(listener.watching).not.toHaveBeenCalled();
    for (let count = 0; count < 9; count += 1) see();
    expect(listener.watching).toHaveBeenCalledTimes(1);
  });

  it.each([resting(), placed('p1')])(
    'keeps previews from the line of what is $kind, and shows them again soon',
    (event) => {
      const { see, show, passes, listener } = openLane({});
      const frame: PreviewFrame = { jpeg: new Uint8Array([1]), width: 4, height: 3 };
      show(frame);
      see(event);
      passes(100);
      show(frame);
      expect(listener.preview).toHaveBeenCalledTimes(1);
      passes(100);
      show(frame);
      expect(listener.preview).toHaveBeenCalledTimes(2);
    },
  );

  it('shows previews of what never lies still', () => {
    const { see, show, passes, listener } = openLane({});
    for (let count = 0; count < 20; count += 1) {
      see(resting());
      show({ jpeg: new Uint8Array([1]), width: 4, height: 3 });
      passes(50);
    }
    expect(listener.preview.mock.calls.length).toBeGreaterThan(5);
  });

  it('tells what moved, what left and how well the camera sees', () => {
    const { see, listener } = openLane({});
    see(
      { kind: 'moved', placementId: 'p1', region, atMs: 1 },
      { kind: 'removed', placementId: 'p1', region, atMs: 2 },
      { kind: 'blind', reason: 'dark', atMs: 3 },
      { kind: 'seeing', atMs: 4 },
      { kind: 'impaired', reasons: ['flicker', 'slow'], atMs: 5 },
    );
    expect(listener.moved).toHaveBeenCalledWith('p1', region);
    expect(listener.left).toHaveBeenCalledWith('p1');
    expect(listener.blind.mock.calls).toEqual([['dark'], [null]]);
    expect(listener.impaired).toHaveBeenCalledWith(['flicker', 'slow']);
  });
});

describe('a look ahead', () => {
  /** Photos are numbered by the time at which they were taken. */
  const numbered = (atMs: number): Photo => ({ ...photo, jpeg: new Uint8Array([atMs]), atMs });
  const beside: Region = { ...region, left: 0.7 };

  /** A lane whose photos were taken at these times, one after another. */
  function openNumbered(timesMs: readonly number[], more: Parameters<typeof openLane>[0] = {}) {
    const asked: PhotoRequest[] = [];
    const recognise = vi.fn(more.recognise ?? (() => Promise.resolve(recognised)));
    const lane = openLane({
      photo: (request) => {
        asked.push(request);
        return Promise.resolve(numbered(timesMs[asked.length - 1] ?? Number.NaN));
      },
      ...more,
      recognise,
    });
    return { ...lane, asked, recognise };
  }

  it('of what then lies there is its recognition', async () => {
    const { see, outcomes, outcomesReach, asked, recognise } = openNumbered([340]);
    see(resting());
    await nothingMore();
    expect(recognise).toHaveBeenCalledTimes(1);
    // Its edges have settled by then.
    see(placed('p1', { ...region, width: 0.19 }));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ photo: { atMs: 340 }, timings: { ahead: true } });
    expect(asked).toHaveLength(1);
    expect(recognise).toHaveBeenCalledTimes(1);
  });

  it('that is still under way is waited for', async () => {
    let answer: (result: RecognitionResult) => void = () => undefined;
    const { see, outcomes, outcomesReach, asked } = openNumbered([340], {
      recognise: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    see(resting());
    see(placed('p1'));
    await nothingMore();
    expect(outcomes).toEqual([]);
    answer(recognised);
    await outcomesReach(1);
    expect(asked).toHaveLength(1);
  });

  it('of what moved on does not count', async () => {
    // It lies still since 300.
    const { see, outcomes, outcomesReach, recognise } = openNumbered([299, 410]);
    see(resting());
    await nothingMore();
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ photo: { atMs: 410 }, timings: { ahead: false } });
    expect(recognise).toHaveBeenLastCalledWith(numbered(410).jpeg);
  });

  it('elsewhere does not count', async () => {
    const { see, outcomes, outcomesReach } = openNumbered([340, 410]);
    see(resting(beside));
    await nothingMore();
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ photo: { atMs: 410 }, timings: { ahead: false } });
  });

  it.each([
    [[1, 1, 1, 0], true],
    [[1, 1, 0, 0], false],
  ])(
    'of a thing of which %j was seen and three quarters lie there: taken %j',
    async (own, ahead) => {
      const masked = (pixels: readonly number[]) => ({
        ...region,
        mask: { width: 2, height: 2, own: Uint8Array.from(pixels) },
      });
      const { see, outcomes, outcomesReach } = openNumbered([340, 410]);
      see(resting(masked(own)));
      await nothingMore();
      see(placed('p1', masked([1, 1, 1, 0])));
      await outcomesReach(1);
      expect(outcomes[0]?.timings.ahead).toBe(ahead);
    },
  );

  it('at each of two things goes to its own', async () => {
    const { see, outcomes, outcomesReach, asked } = openNumbered([340, 341]);
    see(resting(), resting(beside));
    await nothingMore();
    see(placed('p1', beside), placed('p2'));
    await outcomesReach(2);
    const photoOf = (id: string) => outcomes.find((one) => one.placementId === id)?.photo?.atMs;
    expect([photoOf('p1'), photoOf('p2')]).toEqual([341, 340]);
    expect(asked).toHaveLength(2);
  });

  it('is given away once', async () => {
    const { see, outcomes, outcomesReach } = openNumbered([340, 410]);
    see(resting());
    see(placed('p1'));
    await outcomesReach(1);
    see(placed('p2'));
    await outcomesReach(2);
    expect(outcomes[1]).toMatchObject({ placementId: 'p2', photo: { atMs: 410 } });
  });

  it('that fails is no fault of the thing', async () => {
    const answers: RecognitionResult[] = [
      { kind: 'unavailable', fault: 'deadline', message: 'late', tookMs: 9 },
      recognised,
    ];
    const { see, outcomes, outcomesReach, listener } = openNumbered([340, 410], {
      recognise: () => Promise.resolve(answers.shift() ?? recognised),
    });
    see(resting());
    await nothingMore();
    see(placed('p1'));
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ photo: { atMs: 410 }, result: accept });
    expect(listener.fault).not.toHaveBeenCalled();
  });

  it('without a photo is no fault of the thing', async () => {
    let photos = 0;
    const { see, outcomes, outcomesReach, listener } = openLane({
      photo: () => (++photos === 1 ? Promise.reject(new Error('busy')) : Promise.resolve(photo)),
    });
    see(resting());
    await nothingMore();
    see({ ...placed('p1'), stillSinceMs: 0 } as TrayEvent);
    await outcomesReach(1);
    expect(outcomes[0]).toMatchObject({ photo, result: accept });
    expect(listener.fault).not.toHaveBeenCalled();
  });

  it('shows nobody that anything is looked at', async () => {
    const { see, outcomes, listener } = openNumbered([340]);
    see(resting());
    await nothingMore();
    expect(listener.looking).not.toHaveBeenCalled();
    expect(outcomes).toEqual([]);
  });

  it('is taken twice a second at most of what never lies still', async () => {
    const { see, asked, passes } = openNumbered([]);
    for (let count = 0; count < 30; count += 1) {
      see(resting({ ...region, left: count / 40 }));
      await nothingMore();
      passes(100);
    }
    expect(asked).toHaveLength(6);
  });

  it('is not taken where each picture costs something', async () => {
    const { see, asked, outcomesReach } = openNumbered([410], { mayLookAhead: false });
    see(resting());
    await nothingMore();
    expect(asked).toEqual([]);
    see(placed('p1'));
    await outcomesReach(1);
    expect(asked).toHaveLength(1);
  });
});

describe('a tray that tells later', () => {
  it('is heard without another picture', async () => {
    const { see, seeLater, outcomesReach, outcomes } = openLane({});
    see();
    seeLater(placed('s1'));
    await outcomesReach(1);
    expect(outcomes[0]?.placementId).toBe('s1');
  });

  it('is not heard once the lane has stopped', async () => {
    const { lane, see, seeLater, listener } = openLane({});
    see();
    await lane.stop();
    seeLater({ kind: 'blind', reason: 'dark', atMs: 500 });
    seeLater(placed('s1'));
    expect(listener.blind).not.toHaveBeenCalled();
    expect(listener.looking).not.toHaveBeenCalled();
  });
});

describe('a rehearsal', () => {
  it('goes the whole way to the answer, and tells nobody', async () => {
    const recognise = vi.fn(() => Promise.resolve(recognised));
    const { lane, outcomes, listener } = openLane({ recognise });
    await lane.rehearse();
    expect(recognise.mock.calls.length).toBeGreaterThan(1);
    expect(recognise).toHaveBeenCalledWith(photo.jpeg);
    expect(outcomes).toEqual([]);
    expect(listener.looking).not.toHaveBeenCalled();
  });

  it('does not take place where each picture costs something', async () => {
    const recognise = vi.fn(() => Promise.resolve(recognised));
    const { lane } = openLane({ recognise, mayLookAhead: false });
    await lane.rehearse();
    expect(recognise).not.toHaveBeenCalled();
  });

  it('ends where something is laid down meanwhile', async () => {
    const answers: ((result: RecognitionResult) => void)[] = [];
    const { lane, see, outcomesReach } = openLane({
      recognise: () => new Promise((resolve) => answers.push(resolve)),
    });
    const rehearsed = lane.rehearse();
    await nothingMore();
    see(placed('p1'));
    await nothingMore();
    answers[0]?.(recognised);
    await rehearsed;
    answers[1]?.(recognised);
    await outcomesReach(1);
    expect(answers).toHaveLength(2);
  });

  it('is over in time on a slow machine', async () => {
    const recognise = vi.fn(() => {
      passes(400);
      return Promise.resolve(recognised);
    });
    const { lane, passes } = openLane({ recognise });
    await lane.rehearse();
    expect(recognise).toHaveBeenCalledTimes(3);
  });

  it('is no fault where the camera does not work', async () => {
    const { lane, listener } = openLane({ photo: () => Promise.reject(new Error('busy')) });
    await lane.rehearse();
    expect(listener.fault).not.toHaveBeenCalled();
  });
});
