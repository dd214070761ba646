import { expect, test, vi } from 'vitest';

import type { Thumb } from '../../../shared/frame.ts';
import type { Segmentation, TrayPicture } from '../segmenter/segmentation.ts';
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

/** A square came where the picture is bright; else all is the same. */
function segmentationOf({ grey }: TrayPicture): Segmentation {
  const isNew = (at: number): boolean => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return grey[0]! > 150 && x > 10 && x < 22 && y > 8 && y < 20;
  };
  const plane = (share: (at: number) => number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, at) => share(at));
  return {
    width,
    height,
    same: plane((at) => (isNew(at) ? 0 : 255)),
    added: plane((at) => (isNew(at) ? 255 : 0)),
    removed: plane(() => 0),
    person: plane(() => 0),
    edge: plane(() => 0),
  };
}

function open(say: (one: Thumb) => readonly TrayEvent[] = () => []) {
  const segment = vi.fn(async (now: TrayPicture, _accepted: TrayPicture) => segmentationOf(now));
  const onFault = vi.fn();
  const rules = { see: vi.fn(say) };
  const tray = createJoinedTray({ rules, segmenter: { segment }, onFault });
  const show = async (...thumbs: readonly Thumb[]): Promise<readonly TrayEvent[]> => {
    const events: TrayEvent[] = [];
    for (const one of thumbs) {
      events.push(...tray.see(one));
      await tray.idle();
    }
    return events;
  };
  const learn = (): Promise<readonly TrayEvent[]> =>
    show(...Array.from({ length: 6 }, (_, index) => thumb(index * 50)));
  return { tray, segment, onFault, show, learn };
}

const kinds = (events: readonly TrayEvent[]): readonly string[] => events.map(({ kind }) => kind);
const bright = (fromMs: number): readonly Thumb[] =>
  Array.from({ length: 5 }, (_, index) => thumb(fromMs + index * 50, 200));

test('the model tells of things, the rules of the camera’s sight', async () => {
  const { show, learn } = open(({ atMs }) => [
    { kind: 'placed', placementId: 'p1', region, atMs, stillSinceMs: atMs },
    { kind: 'impaired', reasons: ['dim'], atMs },
  ]);
  await learn();
  const events = await show(...bright(1000));
  expect(new Set(kinds(events))).toEqual(new Set(['impaired', 'resting', 'placed']));
  expect(events.filter(({ kind }) => kind === 'placed')).toMatchObject([{ placementId: 's1' }]);
});

test('of the pictures that come while one is looked at, the newest is next', async () => {
  const { tray, segment, learn } = open();
  await learn();
  tray.see(thumb(1000));
  tray.see(thumb(1050, 101));
  tray.see(thumb(1100, 102));
  await tray.idle();
  expect(segment.mock.calls.map(([now]) => now.grey[0])).toEqual([100, 102]);
});

test('while the camera is blind nothing is looked at', async () => {
  const { segment, show, learn } = open(({ atMs }) => {
    if (atMs === 1000) return [{ kind: 'blind', reason: 'covered', atMs }];
    return atMs === 2000 ? [{ kind: 'seeing', atMs }] : [];
  });
  await learn();
  await show(thumb(1000), thumb(1500));
  expect(segment).not.toHaveBeenCalled();
  await show(thumb(2000));
  expect(segment).toHaveBeenCalledOnce();
});

test('once the model has failed the rules are asked alone, and it is told once', async () => {
  const { segment, onFault, show, learn } = open(({ atMs }) => [
    { kind: 'placed', placementId: 'p1', region, atMs, stillSinceMs: atMs },
  ]);
  await learn();
  segment.mockRejectedValue(new Error('The model is gone.'));
  expect(kinds(await show(thumb(1000)))).toEqual([]);
  expect(kinds(await show(thumb(1050), thumb(1100)))).toEqual(['placed', 'placed']);
  expect(onFault).toHaveBeenCalledExactlyOnceWith(new Error('The model is gone.'));
});

test('what lay there in pictures of another size is told to have left', async () => {
  const { show, learn } = open();
  await learn();
  await show(...bright(1000));
  const other = { width: 32, height: 24, grey: new Uint8Array(32 * 24).fill(100) };
  const events = await show({ ...other, atMs: 2000 }, { ...other, atMs: 2050 });
  expect(events).toContainEqual(expect.objectContaining({ kind: 'removed', placementId: 's1' }));
});
