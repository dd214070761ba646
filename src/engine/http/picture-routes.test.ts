import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { drawPhoto } from '../testing/drawn-photos.ts';
import { refusal, runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { createPathSigner } from './signed-paths.ts';

let shop: RunningEngine;
let project: string;

beforeAll(async () => {
  shop = await runEngine();
});
afterAll(() => shop.stop());

beforeEach(async () => {
  project = (await shop.training.createProject('Shop')).id!;
});
afterEach(() => shop.training.deleteProject(project));

async function upload(bytes: Buffer) {
  const summary = await shop.training.createImagesFromData(project, bytes);
  return summary.images![0]!.image!;
}

test('a link gives the picture as it was sent, without a key, for a browser to keep', async () => {
  const bytes = drawPhoto('banana', 1, 640, 480);
  const { originalImageUri } = await upload(bytes);
  const answer = await fetch(originalImageUri!);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=86400, immutable',
  });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  const headers = { 'If-None-Match': answer.headers.get('etag')! };
  expect((await fetch(originalImageUri!, { headers })).status).toBe(304);
});

test('a smaller copy is made once, of the right size, and white where nothing is', async () => {
  const canvas = createCanvas(1_600, 1_200);
  const context = canvas.getContext('2d');
  context.fillStyle = 'red';
  context.fillRect(0, 0, 800, 1_200);
  const { thumbnailUri, resizedImageUri } = await upload(canvas.toBuffer('image/png'));
  const [thumbnail, again, resized] = await Promise.all(
    [thumbnailUri!, thumbnailUri!, resizedImageUri!].map(async (uri) => {
      const answer = await fetch(uri);
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      return Buffer.from(await answer.arrayBuffer());
    }),
  );
  expect(again).toEqual(thumbnail);
  const small = await loadImage(thumbnail!);
  expect([small.width, small.height]).toEqual([256, 192]);
  const middle = await loadImage(resized!);
  expect([middle.width, middle.height]).toEqual([1_024, 768]);
  const drawn = createCanvas(256, 192).getContext('2d');
  drawn.drawImage(small, 0, 0);
  const [left, right] = [drawn.getImageData(40, 90, 1, 1), drawn.getImageData(220, 90, 1, 1)];
  expect(left.data[0]).toBeGreaterThan(240);
  expect(left.data[1]).toBeLessThan(20);
  expect(Math.min(...right.data)).toBeGreaterThan(240);
});

test('a project shows its newest picture', async () => {
  await upload(drawPhoto('star', 5, 64, 48));
  const newest = await upload(drawPhoto('star', 6, 64, 48));
  expect((await shop.training.getProject(project)).thumbnailUri).toBe(newest.thumbnailUri);
});

test('links lead to the address by which the client came', async () => {
  await upload(drawPhoto('star', 7, 64, 48));
  const { port } = new URL(shop.engine.endpoint);
  const answer = await fetch(
    `http://localhost:${port}/customvision/v3.3/training/projects/${project}`,
    { headers: { 'Training-Key': shop.engine.trainingKey } },
  );
  const { thumbnailUri } = (await answer.json()) as { thumbnailUri: string };
  expect(thumbnailUri.startsWith(`http://localhost:${port}/pictures/thumbnail/`)).toBe(true);
});

test('links lead to the proxy that does the TLS in front', async () => {
  await upload(drawPhoto('star', 8, 64, 48));
  const answer = await shop.call(`projects/${project}`, {
    headers: { 'X-Forwarded-Proto': 'https' },
  });
  const { thumbnailUri } = (await answer.json()) as { thumbnailUri: string };
  const { host } = new URL(shop.engine.endpoint);
  expect(thumbnailUri.startsWith(`https://${host}/pictures/thumbnail/`)).toBe(true);
});

test('a link that is not ours, is for another picture or is over leads nowhere', async () => {
  const one = new URL((await upload(drawPhoto('tomato', 7, 64, 48))).originalImageUri!);
  const other = new URL((await upload(drawPhoto('tomato', 8, 64, 48))).originalImageUri!);
  const status = async (path: string, search = one.search): Promise<number> =>
    (await fetch(`${one.origin}${path}${search}`)).status;
  expect(await status(one.pathname)).toBe(200);
  expect(await status(one.pathname, other.search)).toBe(403);
  expect(await status(one.pathname.replace('original', 'resized'))).toBe(403);
  expect(await status(one.pathname, '')).toBe(401);
  expect(await status(one.pathname, `${one.search}x`)).toBe(403);
  const longer = one.search.replace(/until=(\d+)/, (_, until) => `until=${Number(until) + 1}`);
  expect(await status(one.pathname, longer)).toBe(403);
  for (const path of [
    '/pictures/original/..%2F..%2Fkeys.json',
    '/pictures/original/../../keys.json',
    '/pictures/secret/' + 'a'.repeat(64),
  ]) {
    expect(await status(path)).toBe(404);
  }
});

test('a link ends with its day', () => {
  const dayMs = 86_400_000;
  let now = Date.UTC(2026, 0, 1, 12);
  const signer = createPathSigner('secret', () => now);
  const query = new URLSearchParams(signer.sign('/p').split('?')[1]);
  const isValid = () => signer.isValid('/p', query.get('until')!, query.get('mark')!);
  now += dayMs;
  expect(isValid()).toBe(true);
  now += dayMs;
  expect(isValid()).toBe(false);
  now = Date.UTC(2026, 0, 1, 23);
  expect(signer.sign('/p')).toContain(query.get('until')!);
});

test('with the key a picture of the project comes by the path of its link', async () => {
  const bytes = drawPhoto('tomato', 9, 64, 48);
  const { originalImageUri } = await upload(bytes);
  const answer = await shop.training.getArtifact(project, originalImageUri!);
  const chunks: Buffer[] = [];
  for await (const chunk of answer.readableStreamBody!) chunks.push(Buffer.from(chunk));
  expect(Buffer.concat(chunks)).toEqual(bytes);

  const other = (await shop.training.createProject('Other')).id!;
  for (const path of [originalImageUri!, '../keys.json', '/pictures/original/x']) {
    const foreign = await shop.call(`projects/${other}/artifacts?path=${encodeURIComponent(path)}`);
    expect(foreign.status).toBe(400);
    expect(await foreign.json()).toMatchObject({ code: 'BadRequestInvalidArtifactUri' });
  }
});

test('what was deleted is gone by its link too', async () => {
  const image = await upload(drawPhoto('tomato', 10, 64, 48));
  await shop.training.deleteImages(project, { imageIds: [image.id!] });
  const answer = await fetch(image.originalImageUri!);
  expect(answer.status).toBe(404);
  // Uploaded again it has the same link, and a browser must not show the refusal instead.
  expect(answer.headers.get('cache-control')).toBeNull();
  expect(answer.headers.get('etag')).toBeNull();
  expect(
    (await refusal(shop.training.getArtifact(project, image.originalImageUri!))).statusCode,
  ).toBe(400);
});
