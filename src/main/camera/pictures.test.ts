import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { bundleForTests } from '../testing/bundle-for-tests.ts';
import type { TestBundle } from '../testing/bundle-for-tests.ts';
import { asTaken } from '../../shared/orientation.ts';
import type { Orientation } from '../../shared/orientation.ts';
import { openPictures } from './pictures.ts';
import type { Pictures } from './pictures.ts';

let bundle: TestBundle;
let folder: string;
let pictures: Pictures;
let workerUrl: URL;

beforeAll(async () => {
  bundle = await bundleForTests({
    'pictures-worker': 'src/main/camera/pictures-worker.ts',
  });
  workerUrl = pathToFileURL(join(bundle.folder, 'pictures-worker.mjs'));
  folder = await mkdtemp(join(tmpdir(), 'freshlane-pictures-'));
  pictures = openPictures({ workerUrl });
});
afterAll(async () => {
  await pictures.close();
  await bundle.remove();
  await rm(folder, { recursive: true });
});

const extra: Pictures[] = [];
afterEach(() => Promise.all(extra.splice(0).map((one) => one.close())));

/** Left half dark, right half light. */
function halves(width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#202020';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#e0e0e0';
  context.fillRect(width / 2, 0, width / 2, height);
  return canvas.toBuffer('image/jpeg', 90);
}

/** A JPEG whose header claims another size than its data has. */
function claimSize(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  const at = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(height, at + 5);
  changed.writeUInt16BE(width, at + 7);
  return changed;
}

const look = (jpeg: Uint8Array, expected: { width: number; height: number } | null = null) =>
  pictures.look({ source: { kind: 'bytes', jpeg }, expected, orientation: asTaken, atMs: 7 });

test('a picture becomes a thumb, and photos are cut from it', async () => {
  const seen = await look(halves(640, 480), { width: 640, height: 480 });
  expect(seen).toMatchObject({ width: 640, height: 480 });
  expect(seen.thumb).toMatchObject({ width: 160, height: 120, atMs: 7 });
  expect(Math.abs((seen.thumb.grey[10] ?? 0) - 0x20)).toBeLessThan(4);
  expect(Math.abs((seen.thumb.grey[150] ?? 0) - 0xe0)).toBeLessThan(4);

  const photo = await pictures.photo({
    region: { left: 0.5, top: 0, width: 0.5, height: 1 },
    maxSide: 240,
  });
  expect(photo).toMatchObject({ width: 160, height: 240, atMs: 7 });
  const image = await loadImage(photo.jpeg);
  expect([image.width, image.height]).toEqual([160, 240]);
  const canvas = createCanvas(160, 240);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const pixel = canvas.getContext('2d').getImageData(80, 120, 1, 1).data;
  expect(Math.abs((pixel[0] ?? 0) - 0xe0)).toBeLessThan(4);
});

test('a thumb has the colours of its picture', async () => {
  const canvas = createCanvas(320, 240);
  const context = canvas.getContext('2d');
  context.fillStyle = '#e67814';
  context.fillRect(0, 0, 320, 240);
  const { thumb } = await look(canvas.toBuffer('image/jpeg', 95));
  // ITU-R BT.601 of that orange.
  expect(Math.abs((thumb.chroma?.cb[5000] ?? 0) - 60)).toBeLessThan(4);
  expect(Math.abs((thumb.chroma?.cr[5000] ?? 0) - 193)).toBeLessThan(4);
});

test('a photo by a mask shows its item alone, on what it lies on', async () => {
  await look(halves(640, 480));
  const own = Uint8Array.from({ length: 16 * 12 }, (_, p) => (p % 16 < 4 ? 1 : 0));
  const photo = await pictures.photo({
    region: { left: 0, top: 0, width: 1, height: 0.5, mask: { width: 16, height: 12, own } },
    maxSide: 320,
  });
  const canvas = createCanvas(320, 120);
  canvas.getContext('2d').drawImage(await loadImage(photo.jpeg), 0, 0);
  const beside = canvas.getContext('2d').getImageData(280, 60, 1, 1).data;
  expect(Math.abs((beside[0] ?? 0) - 0x20)).toBeLessThan(4);
});

/** In the corners, clockwise from the upper left one: red, green, blue, white; the rest is black. */
function corners(width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#000000';
  context.fillRect(0, 0, width, height);
  const [half, low] = [width / 2, height / 2];
  const patches = [
    ['#ff0000', 0, 0],
    ['#00ff00', half, 0],
    ['#0000ff', half, low],
    ['#ffffff', 0, low],
  ] as const;
  for (const [colour, left, top] of patches) {
    context.fillStyle = colour;
    context.fillRect(left, top, half, low);
  }
  return canvas.toBuffer('image/jpeg', 95);
}

type Names = readonly [string, string, string, string];

/** What lies in the corners of a picture, clockwise from the upper left one. */
async function cornersOf(jpeg: Uint8Array): Promise<Names> {
  const { width, height } = await loadImage(jpeg);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(await loadImage(jpeg), 0, 0);
  const name = (x: number, y: number): string => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    return [red, green, blue].map((value) => (value > 128 ? 1 : 0)).join('');
  };
  const [right, bottom] = [width - 8, height - 8];
  return [name(8, 8), name(right, 8), name(right, bottom), name(8, bottom)];
}

const [red, green, blue, white] = ['100', '010', '001', '111'];

/** Turned clockwise, then seen in a mirror. */
const uprightCorners: readonly (readonly [Orientation['turned'], boolean, ...Names])[] = [
  [0, false, red, green, blue, white],
  [90, false, white, red, green, blue],
  [180, false, blue, white, red, green],
  [270, false, green, blue, white, red],
  [0, true, green, red, white, blue],
  [90, true, red, white, blue, green],
  [180, true, white, blue, green, red],
  [270, true, blue, green, red, white],
];

test.each(uprightCorners)('turned by %s, mirrored %s', async (turned, mirrored, ...expected) => {
  const orientation = { turned, mirrored };
  const source = { kind: 'bytes', jpeg: corners(320, 240) } as const;
  const size = { width: 320, height: 240 };
  const seen = await pictures.look({ source, expected: size, orientation, atMs: 7 });
  const stands = turned === 90 || turned === 270;
  const [width, height] = stands ? [240, 320] : [320, 240];
  expect(seen).toMatchObject({ width, height, sizeAsTaken: size });
  expect(await cornersOf(seen.jpeg)).toEqual(expected);
  expect(await cornersOf((await pictures.photo({ maxSide: 64 })).jpeg)).toEqual(expected);
  // A part of it: the upper left quarter, and its colour alone.
  const region = { left: 0, top: 0, width: 0.5, height: 0.5 };
  const part = await pictures.photo({ region, maxSide: 160 });
  expect([part.width, part.height]).toEqual([width / 2, height / 2]);
  expect(await cornersOf(part.jpeg)).toEqual(Array.from({ length: 4 }, () => expected[0]));
  const { thumb } = seen;
  expect(thumb.width / thumb.height).toBeCloseTo(width / height);
  const brightness = { [red]: 76, [green]: 149, [blue]: 28, [white]: 255 };
  const last = thumb.width - 4 + (thumb.height - 4) * thumb.width;
  const seenGrey = [4 + 4 * thumb.width, last].map((at) => thumb.grey[at] ?? 0);
  expect(Math.abs((seenGrey[0] ?? 0) - (brightness[expected[0]] ?? 0))).toBeLessThan(4);
  expect(Math.abs((seenGrey[1] ?? 0) - (brightness[expected[2]] ?? 0))).toBeLessThan(4);
});

test('a broken picture is refused however it is turned', async () => {
  const broken = halves(640, 480);
  const table = broken.indexOf(Buffer.from([0xff, 0xc4]));
  broken.fill(0xee, table + 5, table + 21);
  for (const turned of [90, 180, 270] as const) {
    const source = { kind: 'bytes', jpeg: broken } as const;
    const orientation = { turned, mirrored: false };
    await expect(
      pictures.look({ source, expected: null, orientation, atMs: 0 }),
    ).rejects.toMatchObject({ fault: 'undecodable' });
  }
});

test('a picture is read from a file, whatever its shape', async () => {
  const path = join(folder, 'wide.jpg');
  await writeFile(path, halves(1280, 720));
  const seen = await pictures.look({
    source: { kind: 'file', path },
    expected: null,
    orientation: asTaken,
    atMs: 1,
  });
  expect([seen.width, seen.height]).toEqual([1280, 720]);
  expect([seen.thumb.width, seen.thumb.height]).toEqual([160, 90]);
});

test.each([
  ['0 bytes', 'empty', () => Buffer.alloc(0)],
  ['text', 'not-a-jpeg', () => Buffer.from('<html>no camera</html>')],
  ['a PNG', 'not-a-jpeg', () => createCanvas(8, 8).toBuffer('image/png')],
  ['a cut picture', 'truncated', () => halves(640, 480).subarray(0, 2000)],
  ['one byte too few', 'truncated', () => halves(64, 48).subarray(0, -1)],
  ['only the two ends', 'not-a-jpeg', () => Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
  ['100 megapixels', 'too-large', () => claimSize(halves(64, 48), 11_600, 8_700)],
  ['another size', 'wrong-size', () => halves(320, 240)],
  [
    'a broken Huffman table',
    'undecodable',
    () => {
      const broken = Buffer.from(halves(640, 480));
      const table = broken.indexOf(Buffer.from([0xff, 0xc4]));
      return broken.fill(0xee, table + 5, table + 21);
    },
  ],
])('%s is refused as %s', async (_name, fault, make) => {
  const size = fault === 'wrong-size' ? { width: 640, height: 480 } : null;
  await expect(look(make(), size)).rejects.toMatchObject({ name: 'PictureError', fault });
});

test('a file that is not there is named', async () => {
  const source = { kind: 'file', path: join(folder, 'none.jpg') } as const;
  await expect(
    pictures.look({ source, expected: null, orientation: asTaken, atMs: 0 }),
  ).rejects.toMatchObject({
    fault: 'unreadable',
  });
});

test('a photo before the first picture is refused', async () => {
  const fresh = openPictures({ workerUrl });
  extra.push(fresh);
  await expect(fresh.photo({ maxSide: 100 })).rejects.toMatchObject({ fault: 'no-picture-yet' });
});

test('a bad picture leaves the one before it in place', async () => {
  await look(halves(640, 480));
  await expect(look(Buffer.from('no'))).rejects.toMatchObject({ fault: 'not-a-jpeg' });
  await expect(pictures.photo({ maxSide: 64 })).resolves.toMatchObject({ width: 64, height: 48 });
});

test('a thread that dies is replaced with the next job', async () => {
  const path = join(folder, 'dies-once.mjs');
  const once = join(folder, 'died');
  await writeFile(
    path,
    `import { parentPort } from 'node:worker_threads';
     import { existsSync, writeFileSync } from 'node:fs';
     parentPort.on('message', ({ id }) => {
       if (existsSync(${JSON.stringify(once)})) parentPort.postMessage({ kind: 'done', id, response: 'back' });
       else { writeFileSync(${JSON.stringify(once)}, ''); throw new Error('out of memory'); }
     });`,
  );
  const fragile = openPictures({ workerUrl: pathToFileURL(path) });
  extra.push(fragile);
  await expect(fragile.photo({ maxSide: 1 })).rejects.toMatchObject({ fault: 'undecodable' });
  await expect(fragile.photo({ maxSide: 1 })).resolves.toBe('back');
});

test('a thread that hangs is ended at the deadline and replaced', async () => {
  const path = join(folder, 'hangs.mjs');
  const hung = join(folder, 'hung');
  await writeFile(
    path,
    `import { parentPort } from 'node:worker_threads';
     import { writeFileSync } from 'node:fs';
     parentPort.on('message', ({ id, argument }) => {
       if (argument.maxSide !== 1) return parentPort.postMessage({ kind: 'done', id, response: 'back' });
       writeFileSync(${JSON.stringify(hung)}, '');
       for (;;);
     });`,
  );
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const slow = openPictures({ workerUrl: pathToFileURL(path), deadlineMs: 500 });
  extra.push(slow);
  // What the thread takes to load does not count.
  const first = slow.photo({ maxSide: 2 });
  vi.advanceTimersByTime(5_000);
  await expect(first).resolves.toBe('back');
  const refused = expect(slow.photo({ maxSide: 1 })).rejects.toMatchObject({ fault: 'timeout' });
  while (!existsSync(hung)) await nextTurn();
  vi.advanceTimersByTime(500);
  await refused;
  await expect(slow.photo({ maxSide: 2 })).resolves.toBe('back');
});

test('after closing, every job is refused', async () => {
  const closed = openPictures({ workerUrl });
  const open = closed.photo({ maxSide: 1 });
  const refused = expect(open).rejects.toMatchObject({ fault: 'closed' });
  await closed.close();
  await refused;
  await expect(closed.photo({ maxSide: 1 })).rejects.toMatchObject({ fault: 'closed' });
});
