import { loadImage } from '@napi-rs/canvas';
import { afterEach, expect, test, vi } from 'vitest';
import type { EndpointSettings } from '../settings/recognition-settings.ts';
import { defaultThresholds } from '../settings/recognition-settings.ts';
import { probePicture } from './probe-picture.ts';
import { openRecogniser } from './recogniser.ts';
import type { RecognitionHealth } from './recogniser.ts';
import {
  answerWith,
  openScriptedServer,
  refuseWith,
  replyWith,
} from '../../simulators/custom-vision/scripted-server.ts';
import type { Script } from '../../simulators/custom-vision/scripted-server.ts';

const picture = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
const banana = answerWith({ banana: 0.9, apple: 0.1 });
const silence: Script = () => {};

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(script: Script) {
  const server = await openScriptedServer(script);
  closers.push(() => server.close());
  return server;
}

function endpointAt(predictionEndpoint: string): EndpointSettings {
  return {
    predictionEndpoint,
    predictionKey: 'a-key',
    projectId: '6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
    modelName: 'fruit-classifier',
  };
}

function open(first: string, second: string | null, deadlineMs: number) {
  const recogniser = openRecogniser({
    first: endpointAt(first),
    second: second === null ? null : endpointAt(second),
    keepPictures: false,
    deadlineMs,
    thresholds: defaultThresholds,
  });
  closers.push(() => recogniser.close());
  return recogniser;
}

/** Long where an answer is awaited, short where none comes. */
const long = 30_000;
const short = 150;

/** From here on a deadline comes when the test says so; what the sockets wait for comes by itself. */
function holdTime(): { pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  closers.push(() => void vi.useRealTimers());
  return { pass: (ms) => void vi.advanceTimersByTime(ms) };
}

test('a server that tells the picture’s embedding', async () => {
  const server = await serve((request, response) => {
    const bytes = Buffer.from(Int8Array.of(127, -3).buffer);
    response.setHeader('Freshlane-Embedding', bytes.toString('base64'));
    banana(request, response);
  });
  expect(await open(server.endpoint, null, long).recognise(picture)).toMatchObject({
    kind: 'recognised',
    embedding: Float32Array.of(127, -3),
  });
});

test('a server that takes the picture and is silent', async () => {
  const server = await serve(silence);
  expect(await open(server.endpoint, null, short).recognise(picture)).toMatchObject({
    kind: 'unavailable',
    fault: 'deadline',
    message: `PredictionEndpoint ${server.endpoint} did not answer within ${short} ms.`,
  });
});

test('a server that answers byte by byte and would go on for ever', async () => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = (): void => {
      if (!response.destroyed) response.write(' ', () => setTimeout(drip, 5));
    };
    drip();
  });
  expect(await open(server.endpoint, null, short).recognise(picture)).toMatchObject({
    kind: 'unavailable',
    fault: 'deadline',
  });
});

test('a reply after the deadline is dropped, and the next item gets its own', async () => {
  let answerLate = (): void => {};
  const server = await serve(silence);
  const asked = new Promise<void>((resolve) =>
    server.play((request, response) => {
      answerLate = () => answerWith({ late: 1 })(request, response);
      resolve();
    }),
  );
  const time = holdTime();
  const recogniser = open(server.endpoint, null, long);
  const late = recogniser.recognise(picture);
  await asked;
  time.pass(long);
  expect(await late).toMatchObject({ fault: 'deadline' });
  server.play(banana);
  const next = recogniser.recognise(picture);
  answerLate();
  expect(await next).toMatchObject({ predictions: [{ tagName: 'banana' }, { tagName: 'apple' }] });
});

test('a kept connection that the server closes as the next item comes', async () => {
  const server = await serve(banana);
  const recogniser = open(server.endpoint, null, long);
  await recogniser.recognise(picture);
  server.play((_request, response) => {
    server.play(banana);
    response.socket?.resetAndDestroy();
  });
  expect(await recogniser.recognise(picture)).toMatchObject({ kind: 'recognised', via: 'first' });
  expect(server.requests).toHaveLength(3);
});

test.each<[string, Script]>([
  ['500', replyWith(500, 'oops')],
  ['429 with a Retry-After that fits', refuseWith(429, '429', 'x', { 'retry-after': '0' })],
])('%s once, then an answer', async (_name, script) => {
  const server = await serve((request, response) => {
    server.play(banana);
    script(request, response);
  });
  expect(await open(server.endpoint, null, long).recognise(picture)).toMatchObject({
    kind: 'recognised',
  });
  expect(server.requests).toHaveLength(2);
});

test('the second endpoint answers where the first is silent', async () => {
  const first = await serve(silence);
  const asked = new Promise<void>((resolve) => first.play(() => resolve()));
  const second = await serve(banana);
  const time = holdTime();
  const recogniser = open(first.endpoint, second.endpoint, long);
  const answer = recogniser.recognise(picture);
  await asked;
  time.pass(long / 2);
  expect(await answer).toMatchObject({ kind: 'recognised', via: 'second' });
});

test.each<[string, Script]>([
  ['refuses the key', refuseWith(401, '401', 'Access denied')],
  ['is no Custom Vision', replyWith(404, '<html>', { 'content-type': 'text/html' })],
  ['breaks off', (_request, response) => void response.socket?.destroy()],
])('the second endpoint answers where the first %s', async (_name, script) => {
  const first = await serve(script);
  const second = await serve(banana);
  const recogniser = open(first.endpoint, second.endpoint, long);
  expect(await recogniser.recognise(picture)).toMatchObject({
    kind: 'recognised',
    via: 'second',
    predictions: [{ tagName: 'banana' }, { tagName: 'apple' }],
  });
});

test('an endpoint that comes back is found by a probe', async () => {
  const server = await serve(refuseWith(404, 'NotFoundIteration', 'Invalid iteration'));
  const recogniser = open(server.endpoint, null, long);
  const changes: RecognitionHealth['via'][] = [];
  const isBack = new Promise<void>((resolve) => {
    recogniser.onHealth(({ via }) => {
      changes.push(via);
      if (via === 'first') resolve();
    });
  });
  expect(await recogniser.warm()).toMatchObject({
    via: 'none',
    first: { fault: 'wrong-model-name' },
  });
  server.play(banana);
  await isBack;
  expect(changes).toEqual(['none', 'first']);
  expect(server.requests.at(-1)?.path).toMatch(/\/nostore$/);
});

test('warming up opens the connection that the first item then takes', async () => {
  const server = await serve(banana);
  const recogniser = open(server.endpoint, null, long);
  await recogniser.warm();
  await recogniser.recognise(picture);
  expect(server.connectionCount).toBe(1);
});

test('closing ends a call that is under way', async () => {
  const server = await openScriptedServer(silence);
  const recogniser = open(server.endpoint, null, long);
  const asked = new Promise<void>((resolve) => server.play(() => resolve()));
  const waiting = recogniser.recognise(picture);
  await asked;
  recogniser.close();
  await server.close();
  expect(await waiting).toMatchObject({ kind: 'unavailable' });
});

test('the probe shows a picture that decodes', async () => {
  const image = await loadImage(Buffer.from(probePicture));
  expect([image.width, image.height]).toEqual([64, 64]);
});
