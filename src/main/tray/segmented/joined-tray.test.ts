import { describe, expect, test, vi } from 'vitest';
import type { Mock } from 'vitest';

import type { Thumb } from '../../../shared/frame.ts';
import type { Corner } from '../outside.ts';
import type { Segmentation, TrayPicture } from '../segmenter/segmentation.ts';
import type { Segmenter } from '../segmenter/segmenter.ts';
import type { Placement } from '../tracker.ts';
import type { TrayEvent } from '../tray-event.ts';
import { createJoinedTray } from './joined-tray.ts';

const width = 40;
const height = 30;
const size = width * height;
const region = { left: 0, top: 0, width: 1, height: 1 };

const thumb = (atMs: number, grey = 100): Thumb => ({
  width,
  height,
  grey: new Uint8Array(size).fill(grey),
  atMs,
});

/** A square lies there where the picture is bright, and came or went where that is new; else all is the same. */
function segmentationOf({ grey }: TrayPicture, accepted: TrayPicture): Segmentation {
  const isBright = (one: TrayPicture['grey'], at: number): boolean => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return one[at]! > 150 && x > 10 && x < 22 && y > 8 && y < 20;
  };
  const plane = (isSo: (now: boolean, before: boolean) => boolean): Uint8Array =>
    Uint8Array.from({ length: size }, (_, at) =>
      isSo(isBright(grey, at), isBright(accepted.grey, at)) ? 255 : 0,
    );
  return {
    width,
    height,
    same: plane((now, before) => now === before),
    added: plane((now, before) => now && !before),
    removed: plane((now, before) => !now && before),
    person: plane(() => false),
    edge: plane(() => false),
  };
}

/** A model whose next answer waits until it is told to give it. */
function waitingModel(segment: Mock<Segmenter['segment']>) {
  let answer: () => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  segment.mockImplementationOnce(
    (now, accepted) =>
      new Promise((resolve, reject) => {
        answer = () => resolve(segmentationOf(now, accepted));
        refuse = reject;
      }),
  );
  return { answer: () => answer(), refuse: (error: Error) => refuse(error) };
}

interface Script {
  /** What the rules tell. */
  readonly say?: (one: Thumb) => readonly TrayEvent[];
  readonly corners?: readonly Corner[];
}

function open({ say = () => [], corners }: Script = {}) {
  const segment = vi.fn<Segmenter['segment']>(async (now, accepted) =>
    segmentationOf(now, accepted),
  );
  const onFault = vi.fn();
  let lying: readonly Placement[] = [];
  const rules = {
    see: vi.fn(say),
    reset: vi.fn(),
    withoutBands: vi.fn((one: Thumb): Thumb => one),
    placements: () => lying,
  };
  const tray = createJoinedTray({
    rules,
    segmenter: { segment },
    corners: corners ?? null,
    onFault,
  });
  const told: TrayEvent[] = [];
  const see = (...thumbs: readonly Thumb[]): void =>
    thumbs.forEach((one) => tray.see(one, (event) => told.push(event)));
  /** Each is looked at before the next one comes; gives what was told of them. */
  const show = async (...thumbs: readonly Thumb[]): Promise<readonly TrayEvent[]> => {
    const from = told.length;
    for (const one of thumbs) {
      see(one);
      await tray.idle();
    }
    return told.slice(from);
  };
  const learn = (): Promise<readonly TrayEvent[]> =>
    show(...Array.from({ length: 6 }, (_, index) => thumb(index * 50)));
  const rulesKnow = (...placements: readonly Placement[]): void => {
    lying = placements;
  };
  return { tray, segment, rules, rulesKnow, onFault, told, see, show, learn };
}

const kinds = (events: readonly TrayEvent[]): readonly string[] => events.map(({ kind }) => kind);
const bright = (fromMs: number): readonly Thumb[] =>
  Array.from({ length: 5 }, (_, index) => thumb(fromMs + index * 50, 200));

const seesBy = (atMs: number): TrayEvent => ({ kind: 'impaired', reasons: ['dim'], atMs });
/** As the rules tell that something was placed, with each picture. */
const placedByRules = ({ atMs }: Thumb): readonly TrayEvent[] => [
  { kind: 'placed', placementId: 'p1', region, atMs, stillSinceMs: atMs },
];

test('the model tells of things, the rules of the camera’s sight', async () => {
  const { show, learn } = open({ say: (one) => [...placedByRules(one), seesBy(one.atMs)] });
  await learn();
  const events = await show(...bright(1000));
  expect(new Set(kinds(events))).toEqual(new Set(['impaired', 'resting', 'placed']));
  expect(events.filter(({ kind }) => kind === 'placed')).toMatchObject([{ placementId: 's1' }]);
});

test('what the model makes of a picture is told without another one', async () => {
  const { tray, show, learn } = open();
  await learn();
  let placedAtMs = Number.NaN;
  for (const one of bright(1000)) {
    const events = await show(one);
    if (kinds(events).includes('placed')) placedAtMs = one.atMs;
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(() => one.atMs));
  }
  expect(placedAtMs).toBeGreaterThan(1000);
  expect(tray.placements()).toMatchObject([{ placementId: 's1' }]);
});

test('of the camera’s sight is told before the model has answered', async () => {
  const { tray, segment, told, see, learn } = open({ say: ({ atMs }) => [seesBy(atMs)] });
  await learn();
  const { answer } = waitingModel(segment);
  see(thumb(1000));
  expect(told.at(-1)).toEqual(seesBy(1000));
  answer();
  await tray.idle();
});

test('of the pictures that come while one is looked at, the newest is next', async () => {
  const { tray, segment, see, learn } = open();
  await learn();
  see(thumb(1000), thumb(1050, 101), thumb(1100, 102));
  await tray.idle();
  expect(segment.mock.calls.map(([now]) => now.grey[0])).toEqual([100, 102]);
});

test('while the camera is blind nothing is looked at', async () => {
  const { tray, segment, see, show, learn } = open({
    say: ({ atMs }) => {
      if (atMs === 1000) return [{ kind: 'blind', reason: 'covered', atMs }];
      return atMs === 2000 ? [{ kind: 'seeing', atMs }] : [];
    },
  });
  await learn();
  // The second one waits for the first when the camera turns out to be blind.
  see(thumb(900), thumb(950), thumb(1000));
  await tray.idle();
  await show(thumb(1500));
  expect(segment).toHaveBeenCalledOnce();
  await show(thumb(2000));
  expect(segment).toHaveBeenCalledTimes(2);
});

test('what lies outside the corners is not told', async () => {
  const x = 0.7;
  const corners = [
    { x, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x, y: 1 },
  ];
  const { show, learn } = open({ corners });
  await learn();
  expect(await show(...bright(1000))).toEqual([]);
});

test('what lay there in pictures of another size is told to have left', async () => {
  const { show, learn } = open();
  await learn();
  await show(...bright(1000));
  const other = { width: 32, height: 24, grey: new Uint8Array(32 * 24).fill(100) };
  const events = await show({ ...other, atMs: 2000 }, { ...other, atMs: 2050 });
  expect(events).toContainEqual(expect.objectContaining({ kind: 'removed', placementId: 's1' }));
});

describe('once the model has failed', () => {
  const square = { left: 0.27, top: 0.3, width: 0.28, height: 0.37 };

  test('the rules are asked alone, and it is told once', async () => {
    const { segment, onFault, show, learn } = open({ say: placedByRules });
    await learn();
    segment.mockRejectedValue(new Error('The model is gone.'));
    expect(kinds(await show(thumb(1000)))).toEqual([]);
    expect(kinds(await show(thumb(1050), thumb(1100)))).toEqual(['placed', 'placed']);
    expect(segment).toHaveBeenCalledOnce();
    expect(onFault).toHaveBeenCalledExactlyOnceWith(new Error('The model is gone.'));
  });

  test('what was told goes by its id for the rules too', async () => {
    const { tray, segment, rules, rulesKnow, show, learn } = open();
    await learn();
    await show(...bright(1000));
    rulesKnow({ placementId: 'p1', region: square });
    segment.mockRejectedValue(new Error('The model is gone.'));
    expect(await show(thumb(2000, 200))).toEqual([]);
    expect(tray.placements()).toEqual([{ placementId: 's1', region: square }]);
    rules.see.mockReturnValueOnce([
      { kind: 'removed', placementId: 'p1', region: square, atMs: 2100 },
    ]);
    expect(await show(thumb(2100))).toMatchObject([{ kind: 'removed', placementId: 's1' }]);
  });

  test('what only one of both knows is told by the time of the newest picture', async () => {
    const { tray, segment, rulesKnow, see, show, learn, told } = open();
    await learn();
    await show(...bright(1000));
    const aside = { left: 0.8, top: 0.8, width: 0.2, height: 0.2 };
    rulesKnow({ placementId: 'p4', region: aside });
    const { refuse } = waitingModel(segment);
    const from = told.length;
    see(thumb(2000, 200), thumb(2100, 200));
    refuse(new Error('The model hangs.'));
    await tray.idle();
    expect(told.slice(from)).toMatchObject([
      { kind: 'removed', placementId: 's1', atMs: 2100 },
      { kind: 'placed', placementId: 'p4', atMs: 2100 },
    ]);
  });

  test('a tray that starts anew has told nothing', async () => {
    const { tray, segment, rules, rulesKnow, show, learn } = open();
    await learn();
    await show(...bright(1000));
    rulesKnow({ placementId: 'p1', region: square });
    segment.mockRejectedValue(new Error('The model is gone.'));
    await show(thumb(2000, 200));
    tray.reset();
    rules.see.mockImplementationOnce(placedByRules);
    expect(await show(thumb(2100))).toMatchObject([{ kind: 'placed', placementId: 'p1' }]);
    expect(tray.placements()).toEqual([{ placementId: 'p1', region: square }]);
  });
});

describe('a reset', () => {
  test('keeps what lay there, and what left meanwhile is told', async () => {
    const { tray, rules, show, learn } = open();
    await learn();
    await show(...bright(1000));
    tray.reset({ keepPlacements: true });
    expect(rules.reset).toHaveBeenCalledExactlyOnceWith({ keepPlacements: true });
    expect(tray.placements()).toMatchObject([{ placementId: 's1' }]);
    expect(await show(...bright(9000))).toEqual([]);
    tray.reset({ keepPlacements: true });
    const dark = Array.from({ length: 30 }, (_, index) => thumb(20_000 + index * 50));
    expect(await show(...dark)).toMatchObject([{ kind: 'removed', placementId: 's1' }]);
  });

  test('starts anew otherwise: what lies there is of the bare tray', async () => {
    const { tray, show, learn } = open();
    await learn();
    await show(...bright(1000));
    tray.reset();
    expect(tray.placements()).toEqual([]);
    expect(await learn()).toEqual([]);
    expect(await show(...bright(2000))).toContainEqual(
      expect.objectContaining({ kind: 'placed', placementId: 's2' }),
    );
  });

  test.each([{ keepPlacements: true }, {}])('%j passes over what is under way', async (options) => {
    const { tray, segment, see, show, learn, told } = open();
    await learn();
    await show(...bright(1000).slice(0, 2));
    const { answer } = waitingModel(segment);
    const calls = segment.mock.calls.length;
    const before = told.length;
    see(thumb(2000, 200), thumb(2050, 200));
    tray.reset(options);
    answer();
    await tray.idle();
    expect(told.slice(before)).toEqual([]);
    expect(segment).toHaveBeenCalledTimes(calls + 1);
  });
});

describe('a stop', () => {
  test('leaves nothing more to be told', async () => {
    const { tray, segment, rules, see, learn, told } = open({ say: ({ atMs }) => [seesBy(atMs)] });
    await learn();
    const { answer } = waitingModel(segment);
    see(thumb(1000));
    const [before, seen] = [told.length, rules.see.mock.calls.length];
    tray.stop();
    see(thumb(1050));
    answer();
    await tray.idle();
    expect(told).toHaveLength(before);
    expect(rules.see).toHaveBeenCalledTimes(seen);
  });

  test('makes no fault of a segmenter that is closed', async () => {
    const { tray, segment, see, learn, onFault } = open();
    await learn();
    const { refuse } = waitingModel(segment);
    see(thumb(1000));
    tray.stop();
    refuse(new Error('closed'));
    await tray.idle();
    expect(onFault).not.toHaveBeenCalled();
  });
});

test('the model is shown pictures without the bands of the mains', async () => {
  const { segment, rules, show, learn } = open();
  await learn();
  rules.withoutBands.mockImplementation((one) => thumb(one.atMs, 120));
  await show(thumb(1000, 110));
  expect(segment.mock.calls.at(-1)![0].grey[0]).toBe(120);
});
