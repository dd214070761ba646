import { describe, expect, it } from 'vitest';
import type { Photo, Region } from '../../shared/frame.ts';
import type { RecognitionResult } from '../recognition/recognition.ts';
import type { TrayEvent } from '../tray/tray-event.ts';
import { nothingMore, openLane, photo, placed, region } from './lane-for-test.ts';
import type { Scale } from './lane-parts.ts';
import { createSumScale } from './scale.ts';

const elsewhere: Region = { ...region, left: 0.25 };
const farther: Region = { ...region, left: 0.3 };

const moved = (where: Region = elsewhere, unsure = true): TrayEvent => ({
  kind: 'moved',
  placementId: 'p1',
  region: where,
  atMs: 900,
  ...(unsure ? { unsure } : {}),
});
const removed: TrayEvent = { kind: 'removed', placementId: 'p1', region, atMs: 1_000 };
const perhaps = (placementId: string): TrayEvent =>
  ({ ...placed(placementId), unsure: true }) as TrayEvent;

/** What a photo may show, each far from the others. */
const kinds = ['orange', 'apple', 'stranger', 'hand'] as const;
type Kind = (typeof kinds)[number];

/**
 * A lane over a tray on which one thing lies, photographed as it lies there at that moment. Looks
 * are answered at once, or by `answer` where the test holds them back.
 */
function open(more: { held?: boolean; scale?: Scale; told?: () => Promise<unknown> } = {}) {
  const lies: { kind: Kind; camera: 'well' | 'lost'; recogniser: 'well' | 'down' } = {
    kind: 'orange',
    camera: 'well',
    recogniser: 'well',
  };
  const waiting: (() => void)[] = [];
  const photos: (Region | undefined)[] = [];
  const result = (jpeg: Uint8Array): RecognitionResult => {
    if (lies.recogniser === 'down') {
      return { kind: 'unavailable', fault: 'deadline', message: 'late', tookMs: 9 };
    }
    const index = jpeg[0] ?? 0;
    return {
      kind: 'recognised',
      predictions: [
        { tagId: '', tagName: kinds[index] ?? '', tagType: 'Regular', probability: 0.9 },
      ],
      embedding: Float32Array.from(kinds, (_, at) => (at === index ? 1 : 0)),
      tookMs: 5,
      via: 'first',
    };
  };
  const lane = openLane({
    photo: (request): Promise<Photo> => {
      photos.push(request.region);
      return lies.camera === 'lost'
        ? Promise.reject(new Error('The camera is away.'))
        : Promise.resolve({ ...photo, jpeg: Uint8Array.of(kinds.indexOf(lies.kind)) });
    },
    recognise: (jpeg) =>
      more.held === true
        ? new Promise((resolve) => waiting.push(() => resolve(result(jpeg))))
        : Promise.resolve(result(jpeg)),
    decide: ({ predictions: [first] }) =>
      first?.tagName === 'orange' || first?.tagName === 'apple'
        ? { kind: 'accept', productId: first.tagName, probability: first.probability }
        : { kind: 'unknown', suggestions: [] },
    ...(more.scale === undefined ? {} : { scale: more.scale }),
    ...(more.told === undefined ? {} : { told: more.told }),
  });
  const told = () =>
    lane.outcomes.map(({ placementId, result: came, unsure }) =>
      [placementId, unsure ? 'unsure' : '', came.kind === 'accept' ? came.productId : came.kind]
        .filter((word) => word !== '')
        .join(' '),
    );
  const left = () => lane.listener.left.mock.calls.flat();
  const underWay = () => lane.listener.looking.mock.calls.at(-1)?.[0];
  return {
    ...lane,
    lies,
    photos,
    told,
    left,
    underWay,
    /** Answers the oldest look that waits. */
    answer: async () => {
      waiting.shift()?.();
      await nothingMore();
    },
    /** An orange, where the test lays nothing else, lies there and was told of. */
    layFirst: async (event: TrayEvent = placed('p1')) => {
      lane.see(event);
      await nothingMore();
      waiting.shift()?.();
      await nothingMore();
    },
  };
}

describe('a thing that may have been swapped', () => {
  it('has moved where it looks the same', async () => {
    const { see, layFirst, told, left, listener, underWay } = open();
    await layFirst();
    see(moved());
    expect(underWay()).toBe(1);
    await nothingMore();
    expect(told()).toEqual(['p1 orange']);
    expect(left()).toEqual([]);
    expect(listener.moved.mock.calls).toEqual([['p1', elsewhere]]);
    expect(underWay()).toBe(0);
  });

  it('has left where another product lies there, which is told by an id of its own', async () => {
    const { see, layFirst, lies, told, left, listener, outcomes } = open();
    await layFirst();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    expect(told()).toEqual(['p1 orange', 'p1.1 apple']);
    expect(left()).toEqual(['p1']);
    expect(outcomes[1]).toMatchObject({ region: elsewhere, photo: { jpeg: Uint8Array.of(1) } });
    expect(listener.moved).not.toHaveBeenCalled();
  });

  it('is followed by what the tray says of it later, whatever its id is there', async () => {
    const { see, layFirst, lies, left, listener } = open();
    await layFirst();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    see(moved(farther, false));
    see(removed);
    expect(listener.moved.mock.calls).toEqual([['p1.1', farther]]);
    expect(left()).toEqual(['p1', 'p1.1']);
  });

  it('swapped back is a third thing', async () => {
    const { see, layFirst, lies, told, left } = open();
    await layFirst();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    lies.kind = 'orange';
    see(moved());
    await nothingMore();
    expect(told()).toEqual(['p1 orange', 'p1.1 apple', 'p1.2 orange']);
    expect(left()).toEqual(['p1', 'p1.1']);
  });

  it.each([
    ['it is no product', { kind: 'stranger' }, 'p1.1 unsure unknown'],
    ['there is no photo', { camera: 'lost' }, 'p1.1 unsure recognition-down'],
    ['recognition is down', { recogniser: 'down' }, 'p1.1 unsure recognition-down'],
  ] as const)('is asked about where %s, and its line stays', async (_, change, question) => {
    const { see, layFirst, lies, told, left } = open();
    await layFirst();
    Object.assign(lies, change);
    see(moved());
    await nothingMore();
    expect(told()).toEqual(['p1 orange', question]);
    expect(left()).toEqual([]);
    // Either of them may go.
    see(removed);
    expect(left()).toEqual(['p1', 'p1.1']);
  });

  it('is asked about where nobody knows what lay there, and again as long as nobody does', async () => {
    const { see, layFirst, lies, told } = open();
    lies.recogniser = 'down';
    await layFirst();
    see(moved());
    await nothingMore();
    lies.recogniser = 'well';
    see(moved());
    await nothingMore();
    see(moved());
    await nothingMore();
    expect(told()).toEqual([
      'p1 recognition-down',
      'p1.1 unsure recognition-down',
      'p1.2 unsure ask',
    ]);
  });
});

describe('while it is looked at again', () => {
  it('payment waits, until all that came of it has happened', async () => {
    let done: (value?: unknown) => void = () => undefined;
    let wait = false;
    const { see, layFirst, lies, told, underWay } = open({
      told: () =>
        wait
          ? new Promise((resolve) => {
              done = resolve;
            })
          : Promise.resolve(),
    });
    await layFirst();
    expect(underWay()).toBe(0);
    lies.kind = 'apple';
    wait = true;
    see(moved());
    await nothingMore();
    expect(told()).toHaveLength(2);
    expect(underWay()).toBe(1);
    done();
    await nothingMore();
    expect(underWay()).toBe(0);
  });

  it('pushed on, it is photographed where it lies then', async () => {
    const { see, layFirst, lies, photos, told, left, answer, listener } = open({ held: true });
    await layFirst();
    see(moved(elsewhere));
    await nothingMore();
    // The photo was taken of a hand that pushes it.
    lies.kind = 'apple';
    see(moved(farther, false));
    await answer();
    expect(photos).toEqual([region, elsewhere, farther]);
    expect(told()).toEqual(['p1 orange']);
    await answer();
    expect(told()).toEqual(['p1 orange', 'p1.1 apple']);
    expect(left()).toEqual(['p1']);
    expect(listener.moved).not.toHaveBeenCalled();
  });

  it('pushed on and on, it is asked about in the end', async () => {
    const { see, layFirst, photos, told, answer, underWay } = open({ held: true });
    await layFirst();
    see(moved());
    for (let look = 1; look <= 3; look += 1) {
      await nothingMore();
      see(moved());
      await answer();
    }
    expect(photos).toHaveLength(4);
    expect(told()).toEqual(['p1 orange', 'p1.1 unsure recognition-down']);
    expect(underWay()).toBe(0);
  });

  it('taken away, what it was is told first, and then that it has gone', async () => {
    const { see, layFirst, lies, told, left, answer } = open({ held: true });
    await layFirst();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    see(removed);
    expect(left()).toEqual([]);
    await answer();
    expect(told()).toEqual(['p1 orange', 'p1.1 apple']);
    expect(left()).toEqual(['p1', 'p1.1']);
  });

  it('pushed on and taken away, nobody saw what it was: it is asked about', async () => {
    const { see, layFirst, told, left, answer } = open({ held: true });
    await layFirst();
    see(moved());
    await nothingMore();
    see(moved(farther));
    see(removed);
    await answer();
    expect(told()).toEqual(['p1 orange', 'p1.1 unsure recognition-down']);
    expect(left()).toEqual(['p1', 'p1.1']);
  });

  it('another thing goes its own way', async () => {
    const { see, layFirst, lies, told, answer, underWay } = open({ held: true });
    await layFirst();
    lies.kind = 'apple';
    see(moved(), placed('p2'));
    await nothingMore();
    expect(underWay()).toBe(2);
    await answer();
    await answer();
    expect(told().toSorted()).toEqual(['p1 orange', 'p1.1 apple', 'p2 apple']);
    expect(underWay()).toBe(0);
  });

  it('before the first look is over, it waits for that', async () => {
    const { see, lies, told, answer } = open({ held: true });
    see(placed('p1'));
    await nothingMore();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    await answer();
    expect(told()).toEqual(['p1 orange']);
    await answer();
    expect(told()).toEqual(['p1 orange', 'p1.1 apple']);
  });

  it('a lane that is stopped tells nothing more', async () => {
    const { lane, see, layFirst, lies, told, answer } = open({ held: true });
    await layFirst();
    lies.kind = 'apple';
    see(moved());
    await nothingMore();
    await lane.stop();
    await answer();
    expect(told()).toEqual(['p1 orange']);
  });
});

describe('a thing on the scale', () => {
  it('that looks the same and weighs otherwise is asked about', async () => {
    const scale = createSumScale();
    const { see, layFirst, told, outcomes } = open({ scale });
    scale.shows(400);
    await layFirst();
    expect(outcomes[0]?.weightGrams).toBe(400);
    scale.shows(0);
    scale.shows(700);
    see(moved());
    await nothingMore();
    expect(told()).toEqual(['p1 orange', 'p1.1 unsure ask']);
  });

  it('that was lifted and put down again has moved', async () => {
    const scale = createSumScale();
    const { see, layFirst, told } = open({ scale });
    scale.shows(400);
    await layFirst();
    scale.shows(0);
    scale.shows(401);
    see(moved());
    await nothingMore();
    expect(told()).toEqual(['p1 orange']);
  });

  it('in the place of another has no weight of its own, and leaves the next one its step', async () => {
    const scale = createSumScale();
    const { see, layFirst, lies, outcomes } = open({ scale });
    scale.shows(400);
    await layFirst();
    lies.kind = 'apple';
    // In one step: 300 g more.
    scale.shows(700);
    see(moved());
    await nothingMore();
    expect(outcomes[1]).toMatchObject({ placementId: 'p1.1', weightGrams: null });
    scale.shows(820);
    see(placed('p2'));
    await nothingMore();
    expect(outcomes[2]).toMatchObject({ placementId: 'p2', weightGrams: 120 });
  });

  it('that has moved leaves the next one its step', async () => {
    const scale = createSumScale();
    const { see, layFirst, outcomes } = open({ scale });
    scale.shows(400);
    await layFirst();
    see(moved());
    await nothingMore();
    scale.shows(520);
    see(placed('p2'));
    await nothingMore();
    expect(outcomes[1]).toMatchObject({ placementId: 'p2', weightGrams: 120 });
  });
});

describe('what may be a resting hand, or light', () => {
  it('is asked about where it shows a product, however sure', async () => {
    const { see, told, left } = open();
    see(perhaps('p1'));
    await nothingMore();
    expect(told()).toEqual(['p1 unsure ask']);
    see(removed);
    expect(left()).toEqual(['p1']);
  });

  it('is passed over where it shows none, and so is that it goes', async () => {
    const { see, lies, told, left, listener, underWay } = open();
    lies.kind = 'hand';
    see(perhaps('p1'));
    await nothingMore();
    expect(told()).toEqual([]);
    expect(listener.passedOver).toHaveBeenCalledWith('p1');
    expect(underWay()).toBe(0);
    see(removed);
    expect(left()).toEqual([]);
  });

  it('is nothing that the tray is sure of: a thing that is no product is told', async () => {
    const { lies, layFirst, told, listener } = open();
    lies.kind = 'stranger';
    await layFirst(placed('p1'));
    expect(told()).toEqual(['p1 unknown']);
    expect(listener.passedOver).not.toHaveBeenCalled();
  });

  it.each([{ camera: 'lost' }, { recogniser: 'down' }] as const)(
    'is found by hand where nobody can tell: %j',
    async (change) => {
      const { see, lies, told } = open();
      Object.assign(lies, change);
      see(perhaps('p1'));
      await nothingMore();
      expect(told()).toEqual(['p1 unsure recognition-down']);
    },
  );

  it.each([true, false])(
    'passed over, it is looked at again when it moves (unsure %s), and may be a product then',
    async (unsure) => {
      const { see, lies, told, left, listener } = open();
      lies.kind = 'hand';
      see(perhaps('p1'));
      await nothingMore();
      see(moved(elsewhere, unsure));
      await nothingMore();
      expect(told()).toEqual([]);
      lies.kind = 'apple';
      see(moved(farther, unsure));
      await nothingMore();
      expect(told()).toEqual(['p1.2 unsure ask']);
      see(removed);
      expect(left()).toEqual(['p1.2']);
      expect(listener.moved).not.toHaveBeenCalled();
    },
  );

  it('leaves the next thing its step on the scale', async () => {
    const scale = createSumScale();
    const { see, lies, outcomes } = open({ scale });
    lies.kind = 'hand';
    see(perhaps('p1'));
    await nothingMore();
    lies.kind = 'apple';
    scale.shows(120);
    see(placed('p2'));
    await nothingMore();
    expect(outcomes[0]).toMatchObject({ placementId: 'p2', weightGrams: 120 });
  });

  it('that was looked at ahead is asked about all the same', async () => {
    const { see, told } = open();
    see({ kind: 'resting', region, atMs: 330 });
    await nothingMore();
    see({ ...perhaps('p1'), stillSinceMs: 0 } as TrayEvent);
    await nothingMore();
    expect(told()).toEqual(['p1 unsure ask']);
  });
});
