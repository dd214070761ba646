import { beforeEach, expect, test } from 'vitest';
import type { Region, Thumb } from '../../shared/frame.ts';
import { createFramePump } from './frame-pump.ts';
import type { Frame, FramePump } from './frame-pump.ts';

/** Frames are numbered; each copy counts as open until it is closed. */
class NumberedFrame implements Frame {
  readonly number: number;
  isOpen = true;
  constructor(number: number) {
    this.number = number;
    open.add(this);
  }
  clone(): NumberedFrame {
    if (!this.isOpen) throw new Error('A closed frame cannot be copied.');
    return new NumberedFrame(this.number);
  }
  close(): void {
    open.delete(this);
    this.isOpen = false;
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let open: Set<NumberedFrame>;
let nowMs: number;
let timers: { at: number; callback: () => void }[];
let thumbs: Thumb[];
let previews: number;
let failures: string[];
let isBroken: boolean;
let photosAsked: [number, Region | null, number][];
let pump: FramePump<NumberedFrame>;
let feed: ReadableStreamDefaultController<NumberedFrame>;

beforeEach(() => {
  open = new Set();
  nowMs = 0;
  timers = [];
  thumbs = [];
  previews = 0;
  failures = [];
  isBroken = false;
  photosAsked = [];
  pump = createFramePump<NumberedFrame>(
    {
      now: () => nowMs,
      after: (delayMs, callback) => {
        const timer = { at: nowMs + delayMs, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
      work: {
        thumb: async (frame) => {
          if (isBroken || !frame.isOpen) throw new Error('The frame cannot be read.');
          return { width: 1, height: 1, grey: Uint8Array.of(frame.number) };
        },
        jpeg: async (frame) => {
          if (!frame.isOpen) throw new Error('The frame is closed.');
          return { jpeg: Uint8Array.of(frame.number), width: 640, height: 480 };
        },
        photo: async (frame, region, maxSide) => {
          photosAsked.push([frame.number, region, maxSide]);
          return { jpeg: Uint8Array.of(frame.number), width: 640, height: 480 };
        },
      },
    },
    {
      thumb: (thumb) => thumbs.push(thumb),
      preview: () => (previews += 1),
      failed: ({ name }) => failures.push(name),
    },
  );
  run();
});

function run(): void {
  pump.run(new ReadableStream<NumberedFrame>({ start: (controller) => void (feed = controller) }));
}

async function show(number: number, afterMs = 33): Promise<void> {
  nowMs += afterMs;
  for (const { at, callback } of timers) if (at <= nowMs) callback();
  feed.enqueue(new NumberedFrame(number));
  await settle();
}

const numbers = () => thumbs.map((thumb) => thumb.grey[0]);

test('each frame becomes a thumb with its own time, as long as main keeps up', async () => {
  for (let number = 1; number <= 5; number++) {
    await show(number);
    pump.taken('thumb');
  }
  expect(numbers()).toEqual([1, 2, 3, 4, 5]);
  expect(thumbs.map((thumb) => thumb.atMs)).toEqual([33, 66, 99, 132, 165]);
});

test('while main is behind frames are dropped, and the next one is the newest', async () => {
  for (let number = 1; number <= 6; number++) await show(number);
  expect(numbers()).toEqual([1, 2]);
  pump.taken('thumb');
  await show(7);
  expect(numbers()).toEqual([1, 2, 7]);
});

test('previews come 12 times a second at most', async () => {
  for (let number = 1; number <= 60; number++) {
    await show(number);
    pump.taken('preview');
  }
  expect(previews).toBeGreaterThanOrEqual(9 * 2);
  expect(previews).toBeLessThanOrEqual(12 * 2);
});

test('a preview does not come right after a photo, which is in a hurry', async () => {
  await show(1);
  await show(2, 70);
  expect(previews).toBe(1);
  await pump.photo(null, 320);
  await show(3, 140);
  expect(previews).toBe(1);
  await show(4);
  expect(previews).toBe(2);
});

test('previews wait for main too', async () => {
  for (let number = 1; number <= 30; number++) await show(number, 100);
  expect(previews).toBe(2);
});

test('a photo is cut from the newest frame, taken as a thumb or not', async () => {
  for (let number = 1; number <= 4; number++) await show(number);
  const region = { left: 0, top: 0, width: 0.5, height: 0.5 };
  const photo = await pump.photo(region, 320);
  expect(photo).toMatchObject({ jpeg: Uint8Array.of(4), atMs: 132 });
  expect(photosAsked).toEqual([[4, region, 320]]);
});

test('a photo before the first frame, or after the last, is refused', async () => {
  await expect(pump.photo(null, 100)).rejects.toThrow('no picture yet');
  await show(1);
  feed.close();
  await settle();
  await expect(pump.photo(null, 100)).rejects.toThrow('no picture yet');
});

test('only the newest frame is kept: a camera has but a few', async () => {
  for (let number = 1; number <= 10; number++) await show(number);
  expect([...open].map((frame) => frame.number)).toEqual([10]);
});

test('the end of the frames, and frames that cannot be read, are reported', async () => {
  await show(1);
  feed.close();
  await settle();
  expect(failures).toEqual(['EndedError']);
  expect(open.size).toBe(0);
  run();
  isBroken = true;
  await show(2);
  expect(failures).toEqual(['EndedError', 'EncodingError']);
  expect(open.size).toBe(0);
});

test('a camera that sends nothing any more has failed, once', async () => {
  await show(1);
  nowMs += 4000;
  for (const { at, callback } of timers) if (at <= nowMs) callback();
  await settle();
  expect(failures).toEqual(['TimeoutError']);
  expect(open.size).toBe(0);
});

test('another run takes over without a word from the first', async () => {
  await show(1);
  await show(2);
  const before = feed;
  run();
  await settle();
  await show(3);
  expect(numbers()).toEqual([1, 2, 3]);
  expect(() => before.enqueue(new NumberedFrame(9))).toThrow();
  expect(failures).toEqual([]);
});
