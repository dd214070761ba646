import { expect, test } from 'vitest';

import type { Thumb } from '../../../shared/frame.ts';
import { changeClasses } from '../segmenter/segmentation.ts';
import type { ChangeClass, Segmentation } from '../segmenter/segmentation.ts';
import type { TrayEvent } from '../tray-event.ts';
import { createSegmentedTray } from './segmented-tray.ts';
import type { SegmentedTrayOptions } from './segmented-tray-options.ts';

const width = 80;
const height = 48;
const frameMs = 50;
const bare = 150;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** What a picture shows: squares of one brightness each, and what the model says of their pixels. */
interface Shown extends Box {
  readonly grey?: number;
  readonly kind?: ChangeClass;
  /** How sure the model is of that, of 255; the rest is `same`. */
  readonly share?: number;
}

/** A tray that has learned the bare table, and a film to be shown to it. */
function begin(options: Partial<SegmentedTrayOptions> = {}) {
  let next = 1;
  const tray = createSegmentedTray({ width, height, planes: 1 }, () => `p${next++}`, options);
  let atMs = 0;
  const paint = (shown: readonly Shown[]): { thumb: Thumb; segmentation: Segmentation } => {
    const planes = changeClasses.map(() => new Uint8Array(width * height));
    const [same, added, removed, person, edge] = planes as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const segmentation = { width, height, same, added, removed, person, edge };
    const grey = new Uint8Array(width * height).fill(bare);
    same.fill(255);
    for (const { left, top, size, grey: value = bare, kind = 'same', share = 255 } of shown) {
      for (let y = top; y < Math.min(height, top + size); y += 1) {
        for (let x = left; x < Math.min(width, left + size); x += 1) {
          const at = y * width + x;
          grey[at] = value;
          for (const each of changeClasses) segmentation[each][at] = 0;
          segmentation.same[at] = 255 - share;
          segmentation[kind][at] = share;
        }
      }
    }
    atMs += frameMs;
    return { thumb: { width, height, grey, atMs }, segmentation };
  };
  while (tray.accepted() === null) tray.learn(paint([]).thumb);
  const show = (pictures: number, ...shown: readonly Shown[]): readonly TrayEvent[] =>
    Array.from({ length: pictures }, () => {
      const { thumb, segmentation } = paint(shown);
      return tray.see(thumb, segmentation);
    }).flat();
  return { tray, show };
}

const names = (events: readonly TrayEvent[]): readonly string[] =>
  events.map((event) =>
    'placementId' in event ? `${event.kind} ${event.placementId}` : event.kind,
  );

const thing: Box = { left: 20, top: 16, size: 10 };
const came: Shown = { ...thing, grey: 60, kind: 'added' };
const lies: Shown = { ...thing, grey: 60 };
const went: Shown = { ...thing, kind: 'removed' };
const hand: Shown = { left: 28, top: 0, size: 18, grey: 200, kind: 'person' };

test('what came and lies still is announced and placed, once, where it lies', () => {
  const { show } = begin();
  show(2, hand);
  const events = show(4, came);
  expect(names(events)).toEqual(['resting', 'placed p1']);
  expect(events[1]).toMatchObject({
    region: { left: 20 / width, top: 16 / height, width: 10 / width, height: 10 / height },
  });
  expect(events[1]).not.toHaveProperty('unsure');
  expect(names(show(10, lies))).toEqual([]);
});

test('what nobody brought is placed as unsure: it may be a mirror image', () => {
  const events = begin().show(3, came);
  expect(events[1]).toMatchObject({ kind: 'placed', unsure: true });
});

test('what moves is not placed, however slowly', () => {
  const { show } = begin();
  const events = Array.from({ length: 12 }, (_, step) =>
    show(1, { ...came, left: 20 + step }),
  ).flat();
  expect(names(events)).toEqual([]);
});

test('what a hand holds is placed when the hand has left', () => {
  const { show } = begin();
  expect(names(show(20, came, hand))).toEqual([]);
  expect(names(show(4, came))).toEqual(['resting', 'placed p1']);
});

test('what a hand hid of a thing is no other thing; what was seen beside it is one', () => {
  const first = { ...came, size: 14 };
  const rest = { ...came, left: 39, size: 8 };
  const hidden = begin();
  hidden.show(3, first);
  const kept = hidden.show(4, { ...first, kind: 'same' }, rest);
  expect(names(kept).filter((name) => name !== 'resting')).toEqual([]);
  const seen = begin();
  // The neighbour comes a little later to lie still.
  seen.show(1, first, { ...rest, left: 42 });
  const events = seen.show(2, first, rest);
  expect(names(events)).toContain('placed p1');
  expect(names(seen.show(4, { ...first, kind: 'same' }, rest))).toContain('placed p2');
});

test('a resting hand is no thing', () => {
  expect(names(begin().show(100, hand))).toEqual([]);
});

test('what touches the border waits longer, for more of it may follow', () => {
  const { show } = begin();
  const atBorder = [
    { ...came, left: 3 },
    { ...came, left: 0, size: 3 },
  ];
  show(2, { ...hand, left: 8 });
  expect(names(show(6, ...atBorder))).toEqual(['resting']);
  expect(names(show(2, ...atBorder))).toEqual(['placed p1']);
});

test('what lies across the border waits as long as an arm', () => {
  const { show } = begin();
  const atBorder = { ...came, left: 0 };
  show(2, { ...hand, left: 8 });
  expect(names(show(60, atBorder))).toEqual(['resting']);
  expect(names(show(3, atBorder))).toContain('placed p1');
});

test('a speck is no thing, and is accepted after a while', () => {
  const { tray, show } = begin({ minArea: 0.02 });
  const speck = { ...came, size: 6 };
  expect(names(show(20, speck))).toEqual([]);
  expect(tray.accepted()!.grey[17 * width + 21]).toBe(bare);
  expect(names(show(4, speck))).toEqual([]);
  expect(tray.accepted()!.grey[17 * width + 21]).toBe(60);
});

test('what goes is removed, also while a hand is over it for a moment', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies);
  expect(names(show(6, lies, { ...hand, left: 18 }))).toEqual([]);
  expect(names(show(8, went))).toEqual(['removed p1']);
  expect(names(show(8))).toEqual([]);
});

test('what is put down elsewhere in the same movement has moved, and must be looked at', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies, hand);
  const events = show(3, went, { ...came, left: 50 });
  expect(names(events)).toEqual(['resting', 'moved p1']);
  expect(events[1]).toMatchObject({ unsure: true, region: { left: 50 / width } });
});

test('another thing elsewhere is no move', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies, hand);
  const other = { ...came, left: 50, grey: 230 };
  expect(names(show(3, went, other))).toEqual(['resting', 'placed p2']);
  expect(names(show(6, went, { ...other, kind: 'same' }))).toEqual(['removed p1']);
});

test('what goes where no hand was seen must be gone for longer', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies);
  expect(names(show(16, went))).toEqual([]);
  expect(names(show(6, went))).toEqual(['removed p1']);
});

test('where a hand left another thing in the place of what went, that is placed, unsure', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies);
  show(3, lies, { ...hand, left: 18 });
  const events = show(4, { ...went, grey: 240 });
  expect(names(events)).toEqual(['removed p1', 'placed p2']);
  expect(events[1]).toMatchObject({ unsure: true });
});

test('a bag that sags untouched is itself; what a hand lays on a thing is placed', () => {
  const { show } = begin();
  show(3, came);
  expect(names(show(3, lies, { left: 22, top: 18, size: 6, grey: 70, kind: 'added' }))).toEqual([
    'resting',
  ]);
  show(40, lies, { ...hand, left: 18 });
  const events = show(5, lies, { left: 22, top: 18, size: 6, grey: 110, kind: 'added' });
  expect(names(events)).toEqual(['resting', 'placed p2']);
});

test('a thing that bares what lay beneath it is removed, though the model says that it came', () => {
  const { show } = begin();
  show(3, came);
  show(10, lies, { ...hand, left: 18 });
  expect(names(show(6, { ...thing, kind: 'added' }))).toContain('removed p1');
});

test('what was there from the start leaves without a word, and then its place is bare', () => {
  const { tray, show } = begin();
  const old: Shown = { left: 40, top: 20, size: 8, grey: 170, kind: 'removed' };
  expect(names(show(12, old))).toEqual([]);
  expect(tray.accepted()!.grey[24 * width + 44]).toBe(170);
});

test('the accepted picture follows the light where nothing changed', () => {
  const { tray, show } = begin();
  show(200, { left: 0, top: 0, size: width, grey: 120 });
  expect(tray.accepted()!.grey[0]).toBe(120);
});

test('a part of what comes over the border with a person is somebody, not a thing', () => {
  const { show } = begin();
  // The model takes the hand for a thing and the sleeve for a person.
  const sleeve = { ...hand, left: 30, size: 8 };
  const fingers = { ...came, left: 30, top: 8, size: 12 };
  const shade = { ...came, left: 30, top: 26, size: 8, grey: 100 };
  expect(names(show(60, sleeve, fingers, shade))).toEqual([]);
});

test('what differs little from what was there is light, and is accepted without a word', () => {
  const { tray, show } = begin();
  const glow = { ...came, grey: bare + 8 };
  expect(names(show(40, glow)).filter((name) => name !== 'resting')).toEqual([]);
  expect(tray.accepted()!.grey[20 * width + 25]).toBe(bare + 8);
});

test('what the model is in doubt of is asked about after a while', () => {
  const { show } = begin();
  const doubtful = { ...came, share: 150 };
  show(2, { ...hand, left: 18 });
  expect(names(show(50, doubtful)).filter((name) => name !== 'resting')).toEqual([]);
  const events = show(14, doubtful);
  expect(names(events)).toContain('placed p1');
  expect(events.find(({ kind }) => kind === 'placed')).toMatchObject({ unsure: true });
});

test('a thing of another tone in the place of one that went takes its place', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies, { ...hand, left: 18 });
  // Seen bare for a moment, and then another lies there.
  show(3, went, { ...hand, left: 40 });
  const events = show(8, { ...thing, grey: 230, kind: 'added' });
  expect(names(events).filter((name) => name !== 'resting')).toEqual(['removed p1', 'placed p2']);
});

test('a thing that is pushed so that it lies partly where it lay has moved', () => {
  const { show } = begin();
  show(3, came);
  show(6, lies, { ...hand, left: 18 });
  const before = { ...thing, kind: 'removed' as const };
  const pushed = { ...came, left: thing.left + 3, grey: 80 };
  show(2, before, { ...pushed }, { ...hand, left: 34 });
  const events = show(12, before, pushed);
  expect(names(events).filter((name) => name !== 'resting')).toContain('moved p1');
});

test('what was taken from a pile has gone, though the model takes what it lay on for new', () => {
  const { show } = begin();
  const carton: Shown = { left: 10, top: 10, size: 24, grey: 90, kind: 'added' };
  show(5, carton);
  const lying: Shown = { ...carton, kind: 'same' };
  show(6, lying, { ...hand, left: 18 });
  show(6, lying, { ...came, grey: 220 });
  show(8, lying, { ...lies, grey: 220 }, { ...hand, left: 18 });
  const events = show(12, lying, { ...thing, grey: 90, kind: 'added', share: 150 });
  expect(names(events).filter((name) => name !== 'resting')).toEqual(['removed p2']);
});

test('what lies bare around a thing that goes is not accepted before the thing has gone', () => {
  const { tray, show } = begin();
  show(3, came);
  show(6, lies, { ...hand, left: 18 });
  const bared = { ...thing, left: 17, top: 13, size: 16, kind: 'removed' as const };
  const standing = { ...hand, top: 40, size: 8 };
  show(18, bared, standing);
  expect(tray.accepted()!.grey[17 * width + 21]).toBe(60);
  expect(names(show(20, bared, standing))).toEqual(['removed p1']);
});

test('who stands at the border holds nothing that lies apart from them', () => {
  const { show } = begin();
  const standing: Shown = { left: 0, top: 0, size: 11, grey: 200, kind: 'person' };
  const near = { ...came, left: 8 };
  show(2, standing);
  expect(names(show(12, standing, near))).toEqual(['resting', 'placed p1']);
});

test('a bag that sags when the hand has left is one thing', () => {
  const { show } = begin();
  show(2, hand);
  show(4, { ...came, size: 20 });
  const bag: Shown = { ...came, size: 20, kind: 'same' };
  show(6, bag, { left: 24, top: 40, size: 8, grey: 200, kind: 'person' });
  show(10, bag);
  const sagged: Shown = { left: 18, top: 28, size: 12, grey: 230, kind: 'added' };
  expect(names(show(80, bag, sagged)).filter((name) => name !== 'resting')).toEqual([]);
});

test('what is thrown beside a thing while somebody is about is another', () => {
  const { show } = begin();
  show(2, hand);
  show(4, { ...came, size: 20 });
  const bag: Shown = { ...came, size: 20, kind: 'same' };
  show(40, bag);
  const thrower: Shown = { left: 60, top: 0, size: 10, grey: 200, kind: 'person' };
  show(4, bag, thrower);
  const thrown: Shown = { left: 42, top: 20, size: 12, grey: 230, kind: 'added' };
  expect(names(show(80, bag, thrown))).toContain('placed p2');
});

test('a patterned thing that is pushed and seems to be two has moved', () => {
  const { show } = begin();
  const carton: Shown = { left: 20, top: 10, size: 20, grey: 60, kind: 'added' };
  show(3, carton);
  show(6, { ...carton, kind: 'same' }, { ...hand, left: 18 });
  const old: Shown = { ...carton, kind: 'removed' };
  const at = { left: 26, size: 9, grey: 60, kind: 'added' as const };
  const seam: Shown = { left: 26, top: 19, size: 11, grey: 60 };
  const right = { ...at, left: 35 };
  const shown = [
    old,
    { ...seam, left: 26, size: 20, top: 10 },
    { ...at, top: 10 },
    { ...right, top: 10 },
    { ...at, top: 21 },
    { ...right, top: 21 },
  ];
  expect(names(show(16, ...shown)).filter((name) => name !== 'resting')).toEqual(['moved p1']);
});

test('what a hand lays down and lets go of is placed sooner than what is thrown', () => {
  const placedAfter = (...first: readonly Shown[]): number => {
    const { show } = begin({ stillMs: 200, laidMs: 60, freeMs: 200, laidFreeMs: 30 });
    show(3, { ...hand, left: 50 }, ...first);
    let pictures = 1;
    while (pictures < 20 && !names(show(1, came)).some((name) => name === 'placed p1')) {
      pictures += 1;
    }
    return pictures;
  };
  const fingers: Shown = { ...thing, size: 8, grey: 200, kind: 'person' };
  const [laid, thrown] = [placedAfter(fingers, { ...came, left: 28, size: 2 }), placedAfter()];
  expect(thrown).toBe(5);
  expect(laid).toBeLessThan(thrown);
});

test('what comes all at once near a hand, hardly clear, is a mirrored window', () => {
  const { tray, show } = begin();
  const window = { ...came, grey: bare - 30, share: 200 };
  const near: Shown = { left: 34, top: 12, size: 16, grey: 200, kind: 'person' };
  show(4, near);
  expect(names(show(40, window)).filter((name) => name !== 'resting')).toEqual([]);
  expect(tray.accepted()!.grey[20 * width + 25]).toBe(bare - 30);
});

test('a pale thing that a hand lay on is no light', () => {
  const { show } = begin();
  const pale = { ...came, grey: bare - 8, share: 200 };
  show(2, { ...hand, left: 18 });
  expect(names(show(8, pale))).toContain('placed p1');
});

test('what looks a little like a hand for seconds, and like no hand ever, is a thing', () => {
  const { show } = begin();
  const glass = { ...came, grey: 90, share: 200 };
  const faint: Shown = { left: 33, top: 16, size: 6, grey: 120, kind: 'person', share: 130 };
  expect(names(show(58, glass, faint))).toEqual([]);
  expect(names(show(12, glass, faint))).toContain('placed p1');
  const sure = { ...faint, share: 220 };
  expect(names(begin().show(100, glass, sure))).toEqual([]);
});
