import { beforeEach, expect, test, vi } from 'vitest';
import type { MainToCapture } from '../../../shared/capture-live.ts';
import type { Thumb } from '../../../shared/frame.ts';
import type { CameraStatus, PreviewFrame } from '../camera.ts';
import type { CaptureWindowListener } from '../capture-window.ts';
import { createLiveCamera } from './live.ts';
import type { LiveCamera } from './live.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

let page: CaptureWindowListener;
let sent: MainToCapture[];
let statuses: CameraStatus[];
let thumbs: Thumb[];
let previews: PreviewFrame[];
let nodes: 'open' | 'denied';
let isClosed: boolean;
let camera: LiveCamera;

beforeEach(() => {
  sent = [];
  statuses = [];
  thumbs = [];
  previews = [];
  nodes = 'open';
  isClosed = false;
  camera = createLiveCamera({
    device: 'Tray camera',
    orientation: { turned: 90, mirrored: true },
    probe: async () => nodes,
    window: {
      open: (listener) => {
        page = listener;
      },
      // The page's messages are plain data.
      send: (message) => sent.push(message as MainToCapture),
      close: async () => {
        isClosed = true;
      },
    },
  });
  camera.start({
    status: (status) => statuses.push(status),
    thumb: (thumb) => thumbs.push(thumb),
    preview: (preview) => previews.push(preview),
  });
});

const opened = { kind: 'opened', label: 'Tray camera', width: 640, height: 480 };

function ready(): void {
  page.message({ kind: 'ready' });
  page.message(opened);
}

test('the page is told which camera to open, and says when it is', () => {
  page.message({ kind: 'ready' });
  expect(sent).toEqual([
    {
      kind: 'open',
      device: 'Tray camera',
      width: 640,
      height: 480,
      framesPerSecond: 30,
      orientation: { turned: 90, mirrored: true },
    },
  ]);
  expect(statuses.map((status) => status.kind)).toEqual(['starting']);
  page.message(opened);
  expect(statuses.at(-1)).toEqual({ kind: 'ready', label: 'Tray camera' });
});

test('every thumb and preview taken in is confirmed', () => {
  ready();
  sent = [];
  page.message({ kind: 'thumb', width: 2, height: 1, grey: Uint8Array.of(1, 2), atMs: 5 });
  page.message({ kind: 'preview', jpeg, width: 640, height: 480 });
  expect(thumbs).toMatchObject([{ width: 2, height: 1, atMs: 5 }]);
  expect(previews).toMatchObject([{ width: 640, height: 480 }]);
  expect(sent).toEqual([
    { kind: 'taken', what: 'thumb' },
    { kind: 'taken', what: 'preview' },
  ]);
});

test('a thumb keeps its colours', () => {
  ready();
  const chroma = { cb: Uint8Array.of(100), cr: Uint8Array.of(200) };
  page.message({ kind: 'thumb', width: 1, height: 1, grey: Uint8Array.of(1), chroma, atMs: 5 });
  expect(thumbs).toMatchObject([{ chroma }]);
});

const grey = Uint8Array.of(1);

test.each([
  null,
  'thumb',
  { kind: 'other' },
  { kind: 'thumb', width: 2, height: 2, grey: Uint8Array.of(1), atMs: 0 },
  { kind: 'thumb', width: 4000, height: 1, grey: new Uint8Array(4000), atMs: 0 },
  { kind: 'thumb', width: 1, height: 1, grey: [1], atMs: 0 },
  { kind: 'thumb', width: 1, height: 1, grey: Uint8Array.of(1), atMs: NaN },
  { kind: 'thumb', width: 1, height: 1, grey, chroma: { cb: grey }, atMs: 0 },
  {
    kind: 'thumb',
    width: 1,
    height: 1,
    grey,
    chroma: { cb: grey, cr: new Uint8Array(2) },
    atMs: 0,
  },
  { kind: 'thumb', width: 1, height: 1, grey, chroma: { cb: [1], cr: [1] }, atMs: 0 },
  { kind: 'preview', jpeg: Uint8Array.of(1, 2), width: 1, height: 1 },
  { kind: 'preview', jpeg: 'data', width: 1, height: 1 },
  { kind: 'opened', label: 7, width: 1, height: 1 },
])('%j is not taken in', (message) => {
  ready();
  const before = statuses.length;
  page.message(message);
  expect([thumbs, previews]).toEqual([[], []]);
  expect(statuses).toHaveLength(before);
});

test.each([
  ['NotFoundError', 'open', 'no-camera'],
  ['NotFoundError', 'denied', 'no-permission'],
  ['OverconstrainedError', 'open', 'no-camera'],
  ['EndedError', 'open', 'no-camera'],
  ['NotAllowedError', 'open', 'no-permission'],
  ['NotReadableError', 'open', 'busy'],
  ['NotReadableError', 'denied', 'no-permission'],
  ['AbortError', 'open', 'busy'],
  ['TimeoutError', 'denied', 'timeout'],
  ['EncodingError', 'open', 'broken-picture'],
  ['SomethingNew', 'open', 'broken-picture'],
] as const)('%s with its nodes %s is %s', async (name, how, fault) => {
  nodes = how;
  ready();
  page.message({ kind: 'lost', name, message: 'as pretended' });
  await settle();
  expect(statuses.at(-1)).toMatchObject({ kind: 'lost', fault });
  await expect(camera.photo({ maxSide: 100 })).rejects.toMatchObject({ fault });
});

test('the same fault is said once, and coming back is said too', async () => {
  ready();
  for (let time = 0; time < 3; time++) {
    page.message({ kind: 'lost', name: 'NotFoundError', message: '' });
    await settle();
  }
  page.message(opened);
  expect(statuses.map((status) => status.kind)).toEqual(['starting', 'ready', 'lost', 'ready']);
});

test('a camera that is back before its loss is understood is not called lost', async () => {
  ready();
  page.message({ kind: 'lost', name: 'EndedError', message: '' });
  page.message(opened);
  await settle();
  expect(statuses.at(-1)).toMatchObject({ kind: 'ready' });
});

test('photos come back to those who asked for them, in any order', async () => {
  ready();
  sent = [];
  const region = { left: 0, top: 0, width: 0.5, height: 0.5 };
  const first = camera.photo({ region, maxSide: 320 });
  const second = camera.photo({ maxSide: 640 });
  const ids = sent.map((message) => (message.kind === 'photo' ? message.requestId : -1));
  expect(sent).toMatchObject([
    { kind: 'photo', region, maxSide: 320 },
    { kind: 'photo', region: null, maxSide: 640 },
  ]);
  const answer = { kind: 'photo', jpeg, height: 1, atMs: 9 };
  page.message({ ...answer, requestId: ids[1], width: 640 });
  page.message({ ...answer, requestId: ids[0], width: 320 });
  await expect(first).resolves.toMatchObject({ width: 320, atMs: 9 });
  await expect(second).resolves.toMatchObject({ width: 640 });
});

test('a photo fails with the page, with the camera, and at its deadline', async () => {
  ready();
  const failed = camera.photo({ maxSide: 1 });
  const asked = sent.at(-1);
  const requestId = asked?.kind === 'photo' ? asked.requestId : -1;
  page.message({ kind: 'photoFailed', requestId, message: 'no canvas' });
  await expect(failed).rejects.toMatchObject({ fault: 'broken-picture' });

  const cut = camera.photo({ maxSide: 1 });
  page.message({ kind: 'lost', name: 'EndedError', message: '' });
  await expect(cut).rejects.toMatchObject({ fault: 'no-camera' });

  page.message(opened);
  const orphaned = camera.photo({ maxSide: 1 });
  page.gone('crashed');
  await expect(orphaned).rejects.toMatchObject({ fault: 'timeout' });

  page.message({ kind: 'ready' });
  page.message(opened);
  vi.useFakeTimers();
  const late = camera.photo({ maxSide: 1 });
  const refused = expect(late).rejects.toMatchObject({ fault: 'timeout' });
  vi.advanceTimersByTime(1500);
  await refused;
  vi.useRealTimers();
});

const release = { kind: 'release', goals: ['exposure', 'focus'], mainsHz: 50 } as const;

function lastRequestId(): number {
  const asked = sent.at(-1);
  return asked !== undefined && 'requestId' in asked ? asked.requestId : -1;
}

test('the page tunes the camera, and what it says of that comes back', async () => {
  ready();
  const tuned = camera.tune(release);
  expect(sent.at(-1)).toMatchObject({ kind: 'tune', step: release });
  const outcome = {
    set: [{ goal: 'exposure', value: 'automatic' }],
    refused: [{ goal: 'focus', reason: 'refused', detail: 'OverconstrainedError' }],
  };
  page.message({ kind: 'tuned', requestId: lastRequestId(), ...outcome });
  await expect(tuned).resolves.toEqual(outcome);
});

test.each([
  { set: [{ goal: 'zoom', value: 'automatic' }], refused: [] },
  { set: [], refused: [{ goal: 'focus', reason: 'because' }] },
  { set: Array.from({ length: 40 }, () => ({ goal: 'focus', value: 'held' })), refused: [] },
])('what it says is not taken in if it is %j', async (outcome) => {
  ready();
  const tuned = camera.tune(release);
  const cut = expect(tuned).rejects.toMatchObject({ fault: 'timeout' });
  page.message({ kind: 'tuned', requestId: lastRequestId(), ...outcome });
  page.gone('crashed');
  await cut;
});

test('a camera that is not open cannot be tuned, and one that hangs not for ever', async () => {
  await expect(camera.tune(release)).rejects.toMatchObject({ fault: 'timeout' });
  ready();
  vi.useFakeTimers();
  const late = expect(camera.tune(release)).rejects.toMatchObject({ fault: 'timeout' });
  vi.advanceTimersByTime(5_000);
  await late;
  vi.useRealTimers();
});

test('a page that died is told again what to open', () => {
  ready();
  page.gone('crashed');
  expect(statuses.at(-1)).toMatchObject({ kind: 'lost', fault: 'timeout' });
  sent = [];
  page.message({ kind: 'ready' });
  expect(sent).toMatchObject([{ kind: 'open', device: 'Tray camera' }]);
});

test('a page that never starts is lost', async () => {
  await camera.stop();
  vi.useFakeTimers();
  const slow = createLiveCamera({
    device: null,
    window: { open: () => undefined, send: () => undefined, close: async () => undefined },
  });
  const heard: CameraStatus[] = [];
  slow.start({
    status: (status) => heard.push(status),
    thumb: () => undefined,
    preview: () => undefined,
  });
  vi.advanceTimersByTime(15_000);
  expect(heard.at(-1)).toMatchObject({ kind: 'lost', fault: 'timeout' });
  vi.useRealTimers();
});

test('another camera is opened in place of the first', () => {
  ready();
  camera.choose('Lid camera');
  expect(sent.at(-1)).toMatchObject({ kind: 'open', device: 'Lid camera' });
});

test('the list of cameras is told at once and at every change', () => {
  const lists: unknown[] = [];
  page.message({ kind: 'devices', devices: [{ id: 'a', label: 'A' }] });
  const end = camera.onDevices((devices) => lists.push(devices.map((device) => device.id)));
  page.message({ kind: 'devices', devices: [] });
  end();
  page.message({ kind: 'devices', devices: [{ id: 'b', label: 'B' }] });
  expect(lists).toEqual([['a'], []]);
});

test('after stopping nothing is heard any more', async () => {
  ready();
  const open = camera.photo({ maxSide: 1 });
  const refused = expect(open).rejects.toMatchObject({ name: 'CameraError' });
  await camera.stop();
  await refused;
  expect(isClosed).toBe(true);
  page.message({ kind: 'thumb', width: 1, height: 1, grey: Uint8Array.of(1), atMs: 5 });
  page.message({ kind: 'lost', name: 'EndedError', message: '' });
  await settle();
  expect(thumbs).toEqual([]);
  expect(statuses.at(-1)).toMatchObject({ kind: 'ready' });
});
