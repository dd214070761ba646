import { resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { _electron, expect, test } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import type { TestBundle } from '../src/main/testing/bundle-for-tests.ts';
import { buildLiveCameraApp } from './live-camera/build.ts';
import { writeFilm, writeQuarters } from './live-camera/film.ts';
import type { LiveCameraProbe } from './live-camera/main.ts';
import type { MountedPictures } from './live-camera/mounted.ts';
import type { Thumb } from '../src/shared/frame.ts';
import type { Orientation } from '../src/shared/orientation.ts';

const executablePath = resolve('.runtime/electron/electron');

declare const live: Promise<LiveCameraProbe>;

let bundle: TestBundle;
let folder: string;
let app: ElectronApplication | null = null;

test.beforeAll(async () => {
  bundle = await buildLiveCameraApp();
});
test.afterAll(() => bundle.remove());
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-live-'));
});
test.afterEach(async () => {
  await app?.close();
  app = null;
  rmSync(folder, { recursive: true });
});

async function start(
  switches: readonly string[],
  environment: Record<string, string> = {},
): Promise<ElectronApplication> {
  const started = await _electron.launch({
    executablePath,
    args: [bundle.folder, `--user-data-dir=${join(folder, 'data')}`, '--no-sandbox', ...switches],
    env: { ...(process.env as Record<string, string>), ...environment },
  });
  app = started;
  await expect.poll(() => started.evaluate(() => 'live' in globalThis)).toBe(true);
  return started;
}

function startWithFilm(
  environment: Record<string, string> = {},
  write = writeFilm,
): Promise<ElectronApplication> {
  const film = join(folder, 'film.mjpeg');
  write(film);
  return start(
    ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
    environment,
  );
}

test('thumbs arrive at 15 a second and more, with previews and photos', async () => {
  const started = await startWithFilm();
  const seen = await started.evaluate(async () => {
    const camera = await live;
    const [first] = await camera.nextThumbs(1);
    await camera.nextPreviews(1);
    const thumbsBefore = camera.thumbs.length;
    const previews = await camera.nextPreviews(24);
    const thumbs = camera.thumbs.slice(thumbsBefore);
    const region = { left: 0.375, top: 1 / 3, width: 0.25, height: 1 / 3 };
    const photo = await camera.photo(region, 80);
    const inRed = { left: 241 / 640, top: 161 / 480, width: 157 / 640, height: 157 / 480 };
    const odd = await camera.photo(inRed, 2000);
    const whole = await camera.photo(null, 2000);
    await camera.stop();
    return {
      statuses: camera.statuses,
      sizes: [...new Set(camera.thumbs.map(({ width, height }) => `${width} × ${height}`))],
      inOrder: thumbs.every((thumb, at) => at === 0 || thumb.atMs > (thumbs[at - 1]?.atMs ?? 0)),
      thumbs: thumbs.length,
      previews: previews.length,
      grey: [10, 150].map((x) => first?.grey[60 * 160 + x] ?? 0),
      red: [first?.chroma?.cb, first?.chroma?.cr].map((plane) => plane?.[60 * 160 + 80] ?? 0),
      preview: [...(previews[0]?.jpeg ?? [])],
      photo: { ...photo, jpeg: [...photo.jpeg] },
      photoIsNew: photo.atMs >= (thumbs.at(-1)?.atMs ?? Infinity),
      odd: [...odd.jpeg],
      whole: [whole.width, whole.height],
      windows: camera.windows(),
    };
  });
  expect(seen.statuses.map((status) => status.kind)).toEqual(['starting', 'ready']);
  expect(seen.sizes).toEqual(['160 × 120']);
  expect(seen.inOrder).toBe(true);
  // At most 12 previews are made in a second: 15 thumbs a second are 5 to every 4 previews.
  expect(seen.thumbs).toBeGreaterThanOrEqual((seen.previews * 5) / 4);
  expect(Math.abs((seen.grey[0] ?? 0) - 0x30)).toBeLessThan(8);
  expect(Math.abs((seen.grey[1] ?? 0) - 0xd0)).toBeLessThan(8);

  // ITU-R BT.601 of the square's red.
  expect(Math.abs((seen.red[0] ?? 0) - 96)).toBeLessThan(5);
  expect(Math.abs((seen.red[1] ?? 0) - 224)).toBeLessThan(5);

  const preview = await loadImage(Buffer.from(seen.preview));
  expect([preview.width, preview.height]).toEqual([640, 480]);
  expect(seen.whole).toEqual([640, 480]);
  expect([seen.photo.width, seen.photo.height]).toEqual([80, 80]);
  expect(seen.photoIsNew).toBe(true);
  const odd = await loadImage(Buffer.from(seen.odd));
  expect([odd.width, odd.height]).toEqual([157, 157]);
  for (const jpeg of [seen.photo.jpeg, seen.odd]) {
    const [red = 0, green = 0, blue = 0] = await middleOf(Buffer.from(jpeg));
    expect(red).toBeGreaterThan(180);
    expect(green).toBeLessThan(60);
    expect(blue).toBeLessThan(60);
  }
  expect(seen.windows).toBe(0);
});

const orientations: readonly Orientation[] = [false, true].flatMap((mirrored) =>
  ([0, 90, 180, 270] as const).map((turned) => ({ turned, mirrored })),
);

/** The quarters of the film as they are seen, clockwise from the upper left, in that order. */
const seenQuarters = ['rgbw', 'wrgb', 'bwrg', 'gbwr', 'grwb', 'rwbg', 'wbgr', 'bgrw'];

test('however the camera is mounted, thumb, preview and photo are upright', async () => {
  const started = await startWithFilm({}, writeQuarters);
  const all = await mountedPictures(started, 'mounted');
  for (const [index, orientation] of orientations.entries()) {
    const seen = all[index]!;
    const [width, height] = orientation.turned % 180 === 0 ? [640, 480] : [480, 640];
    const expected = [...(seenQuarters[index] ?? '')];
    for (const picture of [seen.preview, seen.photo]) {
      expect([picture.width, picture.height]).toEqual([width, height]);
      expect(await quartersOf(picture.jpeg)).toEqual(expected);
    }
    expect([seen.quarter.width, seen.quarter.height]).toEqual([width / 2, height / 2]);
    const first = expected[0] ?? '';
    expect(await quartersOf(seen.quarter.jpeg)).toEqual([first, first, first, first]);
    expect([seen.thumb.width, seen.thumb.height]).toEqual([width / 4, height / 4]);
    expect(quartersOfThumb(seen.thumb)).toEqual(expected);
  }
});

test('the virtual tray is turned as a camera is', async () => {
  const started = await start([]);
  const all = await mountedPictures(started, 'mountedVirtualTray');
  const upright = all[0]!;
  expect(new Set(upright.thumb.grey).size).toBeGreaterThan(50);
  for (const [index, orientation] of orientations.entries()) {
    const seen = all[index]!;
    expect(seen.thumb).toMatchObject(turnedAs(orientation, upright.thumb));
    const small = await greyOf(seen.photo.jpeg, seen.thumb);
    expect(meanDifference(small, seen.thumb.grey)).toBeLessThan(4);
    const { width, height } = seen.thumb;
    const quarter = await greyOf(seen.quarter.jpeg, { width: width / 2, height: height / 2 });
    const ofThumb = seen.thumb.grey.filter(
      (_, at) => at % width < width / 2 && at < (width * height) / 2,
    );
    expect(meanDifference(quarter, ofThumb)).toBeLessThan(4);
  }
});

test('the camera is asked to find its exposure and to hold it', async () => {
  // This pretended camera has controls, unlike the one that plays a film: exposures of 1 to 10 ms.
  const started = await start(['--use-fake-device-for-media-stream']);
  const seen = await started.evaluate(async () => {
    const camera = await live;
    await camera.nextThumbs(1);
    const goals = ['mains-frequency', 'frame-rate', 'exposure', 'white-balance', 'focus'] as const;
    const released = await camera.tune({ kind: 'release', goals, mainsHz: 50 });
    const held = await camera.tune({
      kind: 'hold',
      goals: goals.slice(2),
      mainsHz: 50,
      light: 1.6,
    });
    await camera.nextThumbs(5);
    return { released, held };
  });
  // It passes over whoever asks for an automatic.
  expect(seen.released).toEqual({
    set: [{ goal: 'frame-rate', value: '20 pictures a second' }],
    refused: [
      { goal: 'mains-frequency', reason: 'not-offered' },
      { goal: 'exposure', reason: 'refused' },
      { goal: 'white-balance', reason: 'not-offered' },
      { goal: 'focus', reason: 'refused' },
    ],
  });
  expect(seen.held).toEqual({
    set: [
      { goal: 'exposure', value: '10 ms' },
      { goal: 'focus', value: 'held' },
    ],
    refused: [{ goal: 'white-balance', reason: 'not-offered' }],
  });
});

test('a camera is chosen by id or label, and one that is not there is not replaced', async () => {
  const started = await startWithFilm({ LIVE_DEVICE: 'Tray camera' });
  const seen = await started.evaluate(async () => {
    const camera = await live;
    const lost = camera.statuses.find((one) => one.kind === 'lost') ?? camera.nextStatus('lost');
    const first = await lost;
    const refused = await camera.photo(null, 100).catch((error: Error) => error.name);
    const device = camera.devices[0] ?? { id: '', label: '' };
    const choose = async (wish: string | null) => {
      const ready = camera.nextStatus('ready');
      camera.choose(wish);
      await camera.nextThumbs(2);
      return ready;
    };
    const answers = [await choose(device.label), await choose(device.id), await choose(null)];
    return { first, refused, device, answers };
  });
  expect(seen.first).toMatchObject({ kind: 'lost', fault: 'no-camera' });
  expect(seen.refused).toBe('CameraError');
  expect(seen.device.id).toMatch(/^\w{16,}$/);
  expect(seen.answers).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'ready', label: seen.device.label })),
  );
});

test('without a camera that is what is said, with what to do about it', async () => {
  const started = await start([]);
  const status = await started.evaluate(async () => {
    const camera = await live;
    return camera.statuses.find((one) => one.kind === 'lost') ?? camera.nextStatus('lost');
  });
  expect(status).toMatchObject({
    kind: 'lost',
    fault: 'no-camera',
    advice: expect.stringContaining('plugged in'),
  });
});

test('a page that dies or hangs is lost, and back again by itself', async () => {
  const started = await startWithFilm({ LIVE_HANG_MS: '1000' });
  const seen = await started.evaluate(async () => {
    const camera = await live;
    await camera.nextThumbs(1);
    const statuses = [];
    for (const harm of [camera.crashPage, camera.hangPage]) {
      const lost = camera.nextStatus('lost');
      const ready = lost.then(() => camera.nextStatus('ready'));
      harm();
      statuses.push(await lost, await ready);
      await camera.nextThumbs(5);
    }
    return statuses;
  });
  expect(seen).toMatchObject([
    { kind: 'lost', fault: 'timeout' },
    { kind: 'ready' },
    { kind: 'lost', fault: 'timeout' },
    { kind: 'ready' },
  ]);
});

test('only the capture page gets the camera, and nothing but the camera', async () => {
  const started = await startWithFilm();
  const asked = await started.evaluate(async () => {
    const camera = await live;
    await camera.nextThumbs(1);
    return {
      own: await camera.askInCapturePage(),
      others: [await camera.askElsewhere('same address'), await camera.askElsewhere('same window')],
    };
  });
  const denied = {
    audio: 'NotAllowedError',
    both: 'NotAllowedError',
    notifications: 'denied',
    clipboard: 'denied',
    geolocation: 'denied',
  };
  expect(asked.own).toMatchObject({ ...denied, video: 'granted' });
  expect(asked.own['screen']).not.toBe('granted');
  expect(asked.own['labels']).not.toBe('');
  for (const other of asked.others) {
    expect(other).toMatchObject({ ...denied, video: 'NotAllowedError', labels: '' });
    expect(other['screen']).not.toBe('granted');
  }
});

test('the webcam driver takes pictures in Electron too', async () => {
  test.skip(spawnSync('fswebcam', ['--version']).error !== undefined, 'fswebcam is missing');
  const started = await start([]);
  const seen = await started.evaluate(async () => (await live).webcam());
  expect(seen.statuses).toEqual(['starting', 'ready']);
  expect(seen.thumb.slice(0, 2)).toEqual([160, 120]);
  expect(seen.thumb[2]).toBeGreaterThan(6);
  expect(seen.photo).toEqual([320, 240]);
});

/** One for each orientation. Playwright hands on no bytes: they cross as text. */
async function mountedPictures(
  from: ElectronApplication,
  which: 'mounted' | 'mountedVirtualTray',
): Promise<MountedPictures[]> {
  const text = await from.evaluate(
    async (_electron, { which, orientations }) =>
      JSON.stringify(await (await live)[which](orientations), (_, value: unknown) =>
        value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value,
      ),
    { which, orientations },
  );
  // What the probe's own types say, with the bytes as they were.
  return JSON.parse(text, (_, value: { bytes?: string } | null) =>
    typeof value?.bytes === 'string' ? new Uint8Array(Buffer.from(value.bytes, 'base64')) : value,
  ) as MountedPictures[];
}

/** The colours' letters in the middles of a picture's quarters, clockwise from the upper left. */
async function quartersOf(jpeg: Uint8Array): Promise<readonly string[]> {
  const image = await loadImage(jpeg);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return middles(image).map(([x, y]) => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    return letterOf(red > 128, green > 128, blue > 128);
  });
}

function quartersOfThumb({ width, height, grey, chroma }: Thumb): readonly string[] {
  return middles({ width, height }).map(([x, y]) => {
    const at = y * width + x;
    const [cb = 128, cr = 128] = [chroma?.cb[at], chroma?.cr[at]];
    return (grey[at] ?? 0) > 200 ? 'w' : letterOf(cr > 160, cr < 100 && cb < 100, cb > 160);
  });
}

function letterOf(red: boolean, green: boolean, blue: boolean): string {
  if (red && green && blue) return 'w';
  return red ? 'r' : green ? 'g' : blue ? 'b' : '?';
}

function middles({ width, height }: { width: number; height: number }) {
  const [left, right] = [width >> 2, (3 * width) >> 2];
  const [top, bottom] = [height >> 2, (3 * height) >> 2];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
}

/** The planes of a thumb as somebody sees them who turns a print and looks at it in a mirror. */
function turnedAs({ turned, mirrored }: Orientation, { width, height, grey, chroma }: Thumb) {
  const size = turned % 180 === 0 ? { width, height } : { width: height, height: width };
  const turn = (plane: Uint8Array | undefined) =>
    Uint8Array.from({ length: width * height }, (_, at) => {
      const across = at % size.width;
      const [x, y] = [mirrored ? size.width - 1 - across : across, Math.floor(at / size.width)];
      const [fromX, fromY] = {
        0: [x, y],
        90: [y, height - 1 - x],
        180: [width - 1 - x, height - 1 - y],
        270: [width - 1 - y, x],
      }[turned] as [number, number];
      return plane?.[fromY * width + fromX] ?? 0;
    });
  return { ...size, grey: turn(grey), chroma: { cb: turn(chroma?.cb), cr: turn(chroma?.cr) } };
}

/** A picture's brightness at another size. */
async function greyOf(jpeg: Uint8Array, { width, height }: { width: number; height: number }) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(await loadImage(jpeg), 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from(
    { length: width * height },
    (_, at) =>
      0.299 * (data[at * 4] ?? 0) +
      0.587 * (data[at * 4 + 1] ?? 0) +
      0.114 * (data[at * 4 + 2] ?? 0),
  );
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  const sum = one.reduce((total, value, at) => total + Math.abs(value - (other[at] ?? 0)), 0);
  return sum / one.length;
}

async function middleOf(jpeg: Buffer): Promise<readonly number[]> {
  const image = await loadImage(jpeg);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(image.width >> 1, image.height >> 1, 1, 1).data];
}
