import { beforeEach, expect, test, vi } from 'vitest';
import { capture } from '../../../shared/contracts/capture.ts';
import type { Capture } from '../../../shared/contracts/capture.ts';
import { fakePage } from '../../../shared/contracts/testing/fake-page.ts';
import type { FakePage, Sent } from '../../../shared/contracts/testing/fake-page.ts';
import type { Thumb } from '../../../shared/frame.ts';
import type { CameraStatus, PreviewFrame } from '../camera.ts';
import { createLiveCamera } from './live.ts';
import type { LiveCamera } from './live.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

let page: FakePage<Capture>;
let statuses: CameraStatus[];
let thumbs: Thumb[];
let previews: PreviewFrame[];
let nodes: 'open' | 'denied';
let camera: LiveCamera;

beforeEach(() => {
  page = fakePage(capture);
  statuses = [];
  thumbs = [];
  previews = [];
  nodes = 'open';
  camera = createLiveCamera({
    device: 'Tray camera',
    orientation: { turned: 90, mirrored: true },
    probe: async () => nodes,
    window: page.port,
  });
  camera.start({
    status: (status) => statuses.push(status),
    thumb: (thumb) => thumbs.push(thumb),
    preview: (preview) => previews.push(preview),
  });
});

const opened = { label: 'Tray camera', width: 640, height: 480 };

function ready(): void {
  page.say('capture:ready');
  page.say('capture:opened', opened);
}

test('the page is told which camera to open, and says when it is', () => {
  page.say('capture:ready');
  expect(page.sent).toEqual([
    {
      event: 'capture:open',
      payload: {
        device: 'Tray camera',
        width: 640,
        height: 480,
        framesPerSecond: 30,
        orientation: { turned: 90, mirrored: true },
      },
    },
  ]);
  expect(statuses.map((status) => status.kind)).toEqual(['starting']);
  page.say('capture:opened', opened);
  expect(statuses.at(-1)).toEqual({ kind: 'ready', label: 'Tray camera' });
});

test('every thumb and preview taken in is confirmed', () => {
  ready();
  page.forget();
  page.say('capture:thumb', { width: 2, height: 1, grey: Uint8Array.of(1, 2), atMs: 5 });
  page.say('capture:preview', { jpeg, width: 640, height: 480 });
  expect(thumbs).toMatchObject([{ width: 2, height: 1, atMs: 5 }]);
  expect(previews).toMatchObject([{ width: 640, height: 480 }]);
  expect(page.sent).toEqual([
    { event: 'capture:taken', payload: 'thumb' },
    { event: 'capture:taken', payload: 'preview' },
  ]);
});

test('a thumb keeps its colours', () => {
  ready();
  const chroma = { cb: Uint8Array.of(100), cr: Uint8Array.of(200) };
  page.say('capture:thumb', { width: 1, height: 1, grey: Uint8Array.of(1), chroma, atMs: 5 });
  expect(thumbs).toMatchObject([{ chroma }]);
});

const grey = Uint8Array.of(1);

test.each([
  ['capture:thumb', { width: 2, height: 2, grey: Uint8Array.of(1), atMs: 0 }],
  ['capture:thumb', { width: 4000, height: 1, grey: new Uint8Array(4000), atMs: 0 }],
  ['capture:thumb', { width: 1, height: 1, grey: [1], atMs: 0 }],
  ['capture:thumb', { width: 1, height: 1, grey: Uint8Array.of(1), atMs: NaN }],
  ['capture:thumb', { width: 1, height: 1, grey, chroma: { cb: grey }, atMs: 0 }],
  [
    'capture:thumb',
    { width: 1, height: 1, grey, chroma: { cb: grey, cr: new Uint8Array(2) }, atMs: 0 },
  ],
  ['capture:thumb', { width: 1, height: 1, grey, chroma: { cb: [1], cr: [1] }, atMs: 0 }],
  ['capture:preview', { jpeg: Uint8Array.of(1, 2), width: 1, height: 1 }],
  ['capture:preview', { jpeg: 'data', width: 1, height: 1 }],
  ['capture:opened', { label: 7, width: 1, height: 1 }],
] as const)('%s with %j is not taken in', (channel, message) => {
  ready();
  const before = statuses.length;
  expect(page.say(channel, message)).toBe(false);
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
  page.say('capture:lost', { name, message: 'as pretended' });
  await settle();
  expect(statuses.at(-1)).toMatchObject({ kind: 'lost', fault });
  await expect(camera.photo({ maxSide: 100 })).rejects.toMatchObject({ fault });
});

test('the same fault is said once, and coming back is said too', async () => {
  ready();
  for (let time = 0; time < 3; time++) {
    page.say('capture:lost', { name: 'NotFoundError', message: '' });
    await settle();
  }
  page.say('capture:opened', opened);
  expect(statuses.map((status) => status.kind)).toEqual(['starting', 'ready', 'lost', 'ready']);
});

test('a camera that is back before its loss is understood is not called lost', async () => {
  ready();
  page.say('capture:lost', { name: 'EndedError', message: '' });
  page.say('capture:opened', opened);
  await settle();
  expect(statuses.at(-1)).toMatchObject({ kind: 'ready' });
});

test('photos come back to those who asked for them, in any order', async () => {
  ready();
  page.forget();
  const region = { left: 0, top: 0, width: 0.5, height: 0.5 };
  const first = camera.photo({ region, maxSide: 320 });
  const second = camera.photo({ maxSide: 640 });
  const ids = page.sent.map(requestIdOf);
  expect(page.sent).toMatchObject([
    { event: 'capture:take-photo', payload: { region, maxSide: 320 } },
    { event: 'capture:take-photo', payload: { region: null, maxSide: 640 } },
  ]);
  const answer = { jpeg, height: 1, atMs: 9 };
  page.say('capture:photo', { ...answer, requestId: ids[1], width: 640 });
  page.say('capture:photo', { ...answer, requestId: ids[0], width: 320 });
  await expect(first).resolves.toMatchObject({ width: 320, atMs: 9 });
  await expect(second).resolves.toMatchObject({ width: 640 });
});

test('a photo fails with the page, with the camera, and at its deadline', async () => {
  ready();
  const failed = camera.photo({ maxSide: 1 });
  const requestId = lastRequestId();
  page.say('capture:photo-failed', { requestId, message: 'no canvas' });
  await expect(failed).rejects.toMatchObject({ fault: 'broken-picture' });

  const cut = camera.photo({ maxSide: 1 });
  page.say('capture:lost', { name: 'EndedError', message: '' });
  await expect(cut).rejects.toMatchObject({ fault: 'no-camera' });

  page.say('capture:opened', opened);
  const orphaned = camera.photo({ maxSide: 1 });
  page.die('crashed');
  await expect(orphaned).rejects.toMatchObject({ fault: 'timeout' });

  page.say('capture:ready');
  page.say('capture:opened', opened);
  vi.useFakeTimers();
  const late = camera.photo({ maxSide: 1 });
  const refused = expect(late).rejects.toMatchObject({ fault: 'timeout' });
  vi.advanceTimersByTime(1500);
  await refused;
  vi.useRealTimers();
});

test('a photo of before the camera was lost answers nobody after', async () => {
  ready();
  const cut = expect(camera.photo({ maxSide: 1 })).rejects.toMatchObject({ fault: 'no-camera' });
  const before = lastRequestId();
  page.say('capture:lost', { name: 'EndedError', message: '' });
  await cut;
  page.say('capture:opened', opened);
  const after = camera.photo({ maxSide: 1 });
  const answer = { jpeg, height: 1, atMs: 9 };
  page.say('capture:photo', { ...answer, requestId: before, width: 320 });
  page.say('capture:photo', { ...answer, requestId: lastRequestId(), width: 640 });
  await expect(after).resolves.toMatchObject({ width: 640 });
});

const release = { kind: 'release', goals: ['exposure', 'focus'], mainsHz: 50 } as const;

function requestIdOf(sent: Sent | undefined): number {
  return (sent?.payload as { requestId?: number } | undefined)?.requestId ?? -1;
}

function lastRequestId(): number {
  return requestIdOf(page.sent.at(-1));
}

test('the page tunes the camera, and what it says of that comes back', async () => {
  ready();
  const tuned = camera.tune(release);
  expect(page.sent.at(-1)).toMatchObject({ event: 'capture:tune', payload: { step: release } });
  const outcome = {
    set: [{ goal: 'exposure', value: 'automatic' }],
    refused: [{ goal: 'focus', reason: 'refused', detail: 'OverconstrainedError' }],
  };
  page.say('capture:tuned', { requestId: lastRequestId(), ...outcome });
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
  page.say('capture:tuned', { requestId: lastRequestId(), ...outcome });
  page.die('crashed');
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
  page.die('crashed');
  expect(statuses.at(-1)).toMatchObject({ kind: 'lost', fault: 'timeout' });
  page.forget();
  page.say('capture:ready');
  expect(page.sent).toMatchObject([{ event: 'capture:open', payload: { device: 'Tray camera' } }]);
});

test('a page that never starts is lost', async () => {
  await camera.stop();
  vi.useFakeTimers();
  const slow = createLiveCamera({
    device: null,
    window: fakePage(capture).port,
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
  expect(page.sent.at(-1)).toMatchObject({
    event: 'capture:open',
    payload: { device: 'Lid camera' },
  });
});

test('the list of cameras is told at once and at every change', () => {
  const lists: unknown[] = [];
  page.say('capture:devices', [{ id: 'a', label: 'A' }]);
  const end = camera.onDevices((devices) => lists.push(devices.map((device) => device.id)));
  page.say('capture:devices', []);
  end();
  page.say('capture:devices', [{ id: 'b', label: 'B' }]);
  expect(lists).toEqual([['a'], []]);
});

test('after stopping nothing is heard any more', async () => {
  ready();
  const open = camera.photo({ maxSide: 1 });
  const refused = expect(open).rejects.toMatchObject({ name: 'CameraError' });
  await camera.stop();
  await refused;
  expect(page.isClosed()).toBe(true);
  page.say('capture:thumb', { width: 1, height: 1, grey: Uint8Array.of(1), atMs: 5 });
  page.say('capture:lost', { name: 'EndedError', message: '' });
  await settle();
  expect(thumbs).toEqual([]);
  expect(statuses.at(-1)).toMatchObject({ kind: 'ready' });
});
