import { existsSync, readdirSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { limits } from '../../domain/limits.ts';
import { photoName } from '../../store/photo-files.ts';
import { openStore } from '../../store/store.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;
let apple: string;
let bread: string;
let nothing: string;
let seed = 0;

beforeAll(async () => {
  shop = await runEngine();
  project = (await shop.training.createProject('Shop')).id!;
  apple = (await shop.training.createTag(project, 'apple')).id!;
  bread = (await shop.training.createTag(project, 'bread')).id!;
  nothing = (await shop.training.createTag(project, 'none', { type: 'Negative' })).id!;
});
afterAll(() => shop.stop());

/** One that no other test has sent. */
function photo(width = 64, height = 48): Buffer<ArrayBuffer> {
  seed += 1;
  return drawPhoto('tomato', seed, width, height);
}

const statusesOf = (summary: { images?: { status?: string }[] }): (string | undefined)[] =>
  (summary.images ?? []).map(({ status }) => status);

function files(): string[] {
  const folder = join(shop.dataDir, 'photos');
  // Made with the first photo.
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe('one image as the SDK sends it', () => {
  test('is answered with all that is known of it', async () => {
    const bytes = photo(640, 480);
    const summary = await shop.training.createImagesFromData(project, bytes, {
      tagIds: [apple, bread.toUpperCase()],
    });
    expect(summary._response.status).toBe(200);
    expect(summary.isBatchSuccessful).toBe(true);
    const link = (kind: string) =>
      expect.stringMatching(
        new RegExp(`^${shop.engine.endpoint}/pictures/${kind}/[\\da-f]{64}\\?until=\\d+&mark=`),
      );
    const created = expect.any(Date);
    expect(summary.images).toEqual([
      {
        sourceUrl: '',
        status: 'OK',
        image: {
          id: expect.stringMatching(/^[\da-f-]{36}$/),
          created,
          width: 640,
          height: 480,
          resizedImageUri: link('resized'),
          thumbnailUri: link('thumbnail'),
          originalImageUri: link('original'),
          tags: [
            { tagId: apple, tagName: 'apple', created },
            { tagId: bread, tagName: 'bread', created },
          ],
          regions: [],
          metadata: {},
        },
      },
    ]);
    const original = await fetch(summary.images![0]!.image!.originalImageUri!);
    expect(Buffer.from(await original.arrayBuffer())).toEqual(bytes);
  });

  test('that is there already is named as such, with the image that it is', async () => {
    const bytes = photo();
    const first = await shop.training.createImagesFromData(project, bytes, { tagIds: [apple] });
    const again = await shop.training.createImagesFromData(project, bytes, { tagIds: [bread] });
    expect(again._response.status).toBe(207);
    expect(again.isBatchSuccessful).toBe(false);
    expect(statusesOf(again)).toEqual(['OKDuplicate']);
    expect(again.images?.[0]?.image).toEqual(first.images?.[0]?.image);
  });

  test.each<[string, string, () => Buffer]>([
    ['text', 'ErrorImageFormat', () => Buffer.from('no picture')],
    ['a torn picture', 'ErrorImageFormat', () => photo(320, 240).subarray(0, 2_000)],
    ['a picture whose middle is damaged', 'ErrorImageFormat', damagedPng],
    [
      'more than 6 MB',
      'ErrorImageSize',
      () => Buffer.concat([photo(), Buffer.alloc(limits.trainingPictureBytes)]),
    ],
    ['100 megapixels', 'ErrorImageDimensions', () => hugePng(10_000, 10_000)],
  ])('of %s is refused as %s and leaves nothing behind', async (_, status, bytes) => {
    const before = files();
    const summary = await shop.training.createImagesFromData(project, bytes());
    expect(summary._response.status).toBe(207);
    expect(summary).toMatchObject({
      isBatchSuccessful: false,
      images: [{ status, image: null }],
    });
    expect(files()).toEqual(before);
  });
});

function hugePng(width: number, height: number): Buffer {
  const png = createCanvas(8, 8).toBuffer('image/png');
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

function damagedPng(): Buffer {
  const canvas = createCanvas(64, 64);
  const context = canvas.getContext('2d');
  for (let row = 0; row < 64; row += 1) {
    context.fillStyle = `rgb(${row * 3}, ${255 - row}, ${(row * 37) % 255})`;
    context.fillRect(0, row, 64, 1);
  }
  const png = canvas.toBuffer('image/png');
  return png.fill(0xee, 60, png.byteLength - 30);
}

describe('a batch of files', () => {
  test('gives each its own tags, those of all, metadata and status, in order', async () => {
    const [one, two, three] = [photo(), photo(), photo()];
    const summary = await shop.training.createImagesFromFiles(project, {
      images: [
        { name: 'one.jpg', contents: one, tagIds: [apple] },
        { name: 'bad.jpg', contents: Buffer.from('bad') },
        { name: 'two.jpg', contents: two },
        { name: 'again.jpg', contents: one },
        { name: 'three.jpg', contents: three, tagIds: ['00000000-0000-4000-8000-000000000000'] },
        { name: 'mixed.jpg', contents: photo(), tagIds: [nothing] },
      ],
      tagIds: [bread],
      metadata: { shelf: '7', lamp: 'on' },
    });
    expect(summary._response.status).toBe(207);
    expect(summary.images?.map(({ sourceUrl, status }) => `${sourceUrl} ${status}`)).toEqual([
      'one.jpg OK',
      'bad.jpg ErrorImageFormat',
      'two.jpg OK',
      'again.jpg OKDuplicate',
      'three.jpg ErrorInvalidTag',
      'mixed.jpg ErrorNegativeAndRegularTagOnSameImage',
    ]);
    expect(summary.images?.[0]?.image).toMatchObject({
      tags: [{ tagName: 'apple' }, { tagName: 'bread' }],
      metadata: { shelf: '7', lamp: 'on' },
    });
    expect(summary.images?.[2]?.image?.tags?.map(({ tagName }) => tagName)).toEqual(['bread']);
    expect(summary.images?.[3]?.image?.id).toBe(summary.images?.[0]?.image?.id);
  });

  test('is taken with names in capital letters, as some write them', async () => {
    const answer = await shop.call(`projects/${project}/images/files`, {
      method: 'POST',
      body: JSON.stringify({
        Images: [{ Name: 'a.jpg', Contents: photo().toString('base64'), TagIds: [apple] }],
        Metadata: { Shelf: '7' },
      }),
    });
    expect(answer.status).toBe(200);
    const { images } = (await answer.json()) as { images: { image: unknown }[] };
    expect(images).toMatchObject([
      {
        sourceUrl: 'a.jpg',
        status: 'OK',
        image: { tags: [{ tagName: 'apple' }], metadata: { Shelf: '7' } },
      },
    ]);
  });

  test('of 64 images is taken in whole', async () => {
    const images = Array.from({ length: 64 }, (_, index) => ({
      name: `${index}`,
      contents: photo(32, 24),
    }));
    const summary = await shop.training.createImagesFromFiles(project, { images });
    expect(summary._response.status).toBe(200);
    expect(summary.images?.map(({ sourceUrl }) => sourceUrl)).toEqual(
      images.map(({ name }) => name),
    );
    expect(new Set(statusesOf(summary))).toEqual(new Set(['OK']));
  });

  test.each<[string, string, () => object]>([
    ['no images', 'BadRequestImageBatch', () => ({ images: [] })],
    [
      '65 images',
      'BadRequestExceededBatchSize',
      () => ({ images: Array.from({ length: 65 }, () => ({ contents: 'eA==' })) }),
    ],
    [
      '21 tags',
      'BadRequestExceededBatchSize',
      () => ({
        images: [{ contents: 'eA==' }],
        tagIds: Array.from(
          { length: 21 },
          (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        ),
      }),
    ],
    [
      'a tag id that is none',
      'BadRequestInvalidIds',
      () => ({ images: [{ contents: 'eA==', tagIds: ['apple'] }] }),
    ],
    [
      '11 pairs of metadata',
      'BadRequestExceededBatchSize',
      () => ({
        images: [{ contents: 'eA==' }],
        metadata: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'])),
      }),
    ],
    [
      'a metadata key too long',
      'BadRequestImageMetadataKey',
      () => ({ images: [{ contents: 'eA==' }], metadata: { ['k'.repeat(129)]: 'v' } }),
    ],
    [
      'a metadata value too long',
      'BadRequestImageMetadataValue',
      () => ({ images: [{ contents: 'eA==' }], metadata: { k: 'v'.repeat(257) } }),
    ],
    [
      'regions without detection',
      'BadRequestImageRegions',
      () => ({
        images: [
          {
            contents: 'eA==',
            regions: [{ tagId: apple, left: 0, top: 0, width: 1, height: 1 }],
          },
        ],
      }),
    ],
    ['the wrong form', 'BadRequest', () => ({ images: 'x' })],
  ])('of %s is refused as %s', async (_, code, body) => {
    const answer = await shop.call(`projects/${project}/images/files`, {
      method: 'POST',
      body: JSON.stringify(body()),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });

  test('may come before its tags, without a type, with any escape that JSON knows', async () => {
    const bytes = photo();
    const escaped = bytes
      .toString('base64')
      .replaceAll('/', String.raw`\/`)
      .replaceAll('+', String.raw`\u002B`);
    const body = `{"Images": [ {"Name":"\\"contents\\":","contents" : "${escaped}"} ], "tagIds":["${apple}"]}`;
    const answer = await shop.call(`projects/${project}/Images/Files`, {
      method: 'POST',
      body: Buffer.from(body.replace('"Images"', '"images"').replace('"Name"', '"name"')),
    });
    const summary = (await answer.json()) as {
      images: { image: { originalImageUri: string } }[];
    };
    expect(summary).toMatchObject({
      isBatchSuccessful: true,
      images: [{ sourceUrl: '"contents":', status: 'OK', image: { tags: [{ tagId: apple }] } }],
    });
    const kept = await fetch(summary.images[0]!.image.originalImageUri);
    expect(Buffer.from(await kept.arrayBuffer())).toEqual(bytes);
  });

  test('that breaks off leaves nothing behind', async () => {
    const bytes = photo();
    const body = JSON.stringify({ images: [{ contents: bytes.toString('base64') }] });
    const answer = await shop.call(`projects/${project}/images/files`, {
      method: 'POST',
      body: body.slice(0, -3),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BadRequestImageBatch' });
    expect(files().filter((name) => name.startsWith(photoName(bytes)))).toEqual([]);
  });

  test('has one tag an image where the project is multiclass', async () => {
    const { training } = shop;
    const other = (await training.createProject('Classes', { classificationType: 'Multiclass' }))
      .id!;
    const one = (await training.createTag(other, 'one')).id!;
    const two = (await training.createTag(other, 'two')).id!;
    const summary = await training.createImagesFromFiles(other, {
      images: [
        { contents: photo(), tagIds: [one] },
        { contents: photo(), tagIds: [one, two] },
      ],
    });
    expect(statusesOf(summary)).toEqual(['OK', 'ErrorTagLimitExceed']);
  });

  test('has regions where the project is for detection', async () => {
    const { training } = shop;
    const other = (await training.createProject('Boxes', { domainId: findDomain('detection')!.id }))
      .id!;
    const one = (await training.createTag(other, 'one')).id!;
    const region = { tagId: one, left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
    const summary = await training.createImagesFromFiles(other, {
      images: [{ contents: photo(), regions: [region] }],
    });
    expect(summary.images?.[0]?.image).toMatchObject({
      tags: [{ tagName: 'one' }],
      regions: [{ ...region, tagName: 'one', regionId: expect.any(String) }],
    });
    const call = training.createImagesFromFiles(other, {
      images: [{ contents: photo(), regions: [{ ...region, left: 0.8 }] }],
    });
    expect((await refusal(call)).body.code).toBe('BadRequestImageRegions');
  });
});

describe('images as a browser or curl send them', () => {
  const path = () => `projects/${project}/images?tagIds=${apple}`;

  test('several in a form', async () => {
    const form = new FormData();
    form.append('imageData', new Blob([photo()]), 'a.jpg');
    form.append('imageData', new Blob([Buffer.alloc(limits.trainingPictureBytes + 9)]), 'b.jpg');
    form.append('imageData', new Blob([photo(), '\r\n--']), 'c.jpg');
    const answer = await shop.call(path(), { method: 'POST', body: form });
    expect(answer.status).toBe(207);
    const summary = (await answer.json()) as { images: { sourceUrl: string; status: string }[] };
    expect(summary.images.map(({ sourceUrl, status }) => `${sourceUrl} ${status}`)).toEqual([
      'a.jpg OK',
      'b.jpg ErrorImageSize',
      'c.jpg OK',
    ]);
  });

  test('as bare bytes', async () => {
    const answer = await shop.call(path(), {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: photo(),
    });
    expect(await answer.json()).toMatchObject({ isBatchSuccessful: true });
  });

  test('as a form of the Python SDK, without file name and type', async () => {
    const answer = await shop.call(path(), {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=----b' },
      body: Buffer.concat([
        Buffer.from('------b\r\nContent-Disposition: form-data; name="imageData"\r\n\r\n'),
        photo(),
        Buffer.from('\r\n------b--\r\n'),
      ]),
    });
    expect(await answer.json()).toMatchObject({ images: [{ status: 'OK' }] });
  });

  test.each<[string, number, string, RequestInit]>([
    ['nothing', 400, 'BadRequestImageStream', {}],
    [
      'a form without an end',
      400,
      'BadRequestImageStream',
      { headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b\r\n\r\nabc' },
    ],
    [
      'a form without a boundary',
      400,
      'BadRequestImageStream',
      { headers: { 'content-type': 'multipart/form-data' }, body: '--b--' },
    ],
    [
      'an empty form',
      400,
      'BadRequestImageBatch',
      { headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b--\r\n' },
    ],
    [
      'JSON where a picture belongs',
      415,
      'UnsupportedMediaType',
      { headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
  ])('%s is refused with %d', async (_, status, code, init) => {
    const answer = await shop.call(path(), { method: 'POST', ...init });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });
});

describe('images from URLs', () => {
  test('are not fetched unless that was allowed', async () => {
    const call = shop.training.createImagesFromUrls(project, {
      images: [{ url: 'http://127.0.0.1:9/x.jpg' }],
    });
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { message: expect.stringContaining('--allow-url-fetch') },
    });
  });

  test('are fetched where it was', async () => {
    const large = Buffer.alloc(limits.trainingPictureBytes + 1);
    const web = createServer((asked, answer) => {
      if (asked.url === '/photo.jpg') answer.end(photo());
      else if (asked.url === '/large') answer.end(large);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      web.listen(0, '127.0.0.1', resolve);
    });
    const other = await runEngine({ allowUrlFetch: true });
    onTestFinished(async () => {
      web.closeAllConnections();
      web.close();
      await other.stop();
    });
    const { id } = await other.training.createProject('Shop');
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const urls = [`${origin}/photo.jpg`, `${origin}/none.jpg`, `${origin}/large`, 'file:///x'];
    const summary = await other.training.createImagesFromUrls(id!, {
      images: urls.map((url) => ({ url })),
    });
    expect(summary.images?.map(({ sourceUrl }) => sourceUrl)).toEqual(urls);
    expect(statusesOf(summary)).toEqual(['OK', 'ErrorSource', 'ErrorImageSize', 'ErrorSource']);
  });

  test('from a host that is slow keep nobody else waiting', async () => {
    const web = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      web.listen(0, '127.0.0.1', resolve);
    });
    const other = await runEngine({ allowUrlFetch: true });
    const { id } = await other.training.createProject('Shop');
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/slow.jpg`;
    const places = limits.runningUrlUploads + limits.waitingUrlUploads;
    const batches = Array.from({ length: places + 1 }, () =>
      other.call(`projects/${id}/images/urls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ images: [{ url }] }),
      }),
    );
    const refused = await Promise.race(batches);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(statusesOf(await other.training.createImagesFromData(id!, photo()))).toEqual(['OK']);

    web.close();
    web.closeAllConnections();
    const answers = (await Promise.all(batches)).map(({ status }) => status);
    expect(answers.toSorted()).toEqual([...Array.from({ length: places }, () => 207), 429]);
    await other.stop();
  });
});

test('stored predictions become training images', async () => {
  const store = openStore(shop.dataDir);
  const kept = await store.photos.keep(photo(80, 60));
  const id = '11111111-0000-4000-8000-000000000000';
  store.predictions.keep({
    id,
    projectId: project,
    iterationId: '22222222-0000-4000-8000-000000000000',
    photo: kept,
    predictions: [],
    createdAt: new Date().toISOString(),
  });
  store.close();
  const summary = await shop.training.createImagesFromPredictions(project, {
    images: [{ id, tagIds: [apple] }, { id: '33333333-0000-4000-8000-000000000000' }],
  });
  expect(summary.images).toMatchObject([
    { sourceUrl: id, status: 'OK', image: { width: 80, height: 60, tags: [{ tagId: apple }] } },
    { status: 'ErrorSource', image: null },
  ]);
});

test('what finds no place is told when to come again', async () => {
  const { hostname, port } = new URL(shop.engine.endpoint);
  const path = `/customvision/v3.3/training/projects/${project}/images`;
  const headers = { 'Training-Key': shop.engine.trainingKey, 'Content-Length': 100_000 };
  // They begin their bodies and never end them. One more than there are places, so that the first
  // answer is the refusal of one of them, and says that all places are taken.
  const places = limits.runningUploads + limits.waitingUploads;
  let answered = (_status: number | undefined): void => undefined;
  const first = new Promise<number | undefined>((resolve) => {
    answered = resolve;
  });
  const holding = Array.from({ length: places + 1 }, () => {
    const held = httpRequest({ hostname, port, path, method: 'POST', headers });
    held.on('error', () => undefined);
    held.on('response', ({ statusCode }) => answered(statusCode));
    held.write('x');
    return held;
  });
  onTestFinished(() => holding.forEach((held) => held.destroy()));
  expect(await first).toBe(429);
  const bytes = photo();
  const refused = await shop.call(`projects/${project}/images`, { method: 'POST', body: bytes });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe(String(limits.retryAfterSeconds));
  for (const held of holding) held.destroy();
  await expect
    .poll(
      async () =>
        (await shop.call(`projects/${project}/images`, { method: 'POST', body: bytes })).status,
    )
    .not.toBe(429);
});

test('a client that goes away in the middle leaves nothing behind', async () => {
  const before = files();
  const { hostname, port } = new URL(shop.engine.endpoint);
  const path = `/customvision/v3.3/training/projects/${project}/images/files`;
  const contents = photo(320, 240).toString('base64');
  const sent = httpRequest({
    hostname,
    port,
    path,
    method: 'POST',
    headers: { 'Training-Key': shop.engine.trainingKey, 'Transfer-Encoding': 'chunked' },
  });
  sent.on('error', () => undefined);
  sent.write(`{"images":[{"contents":"${contents}"},`);
  await expect.poll(() => files().length).toBeGreaterThan(before.length);
  sent.destroy();
  await expect.poll(() => files()).toEqual(before);
});

test('a thumbnail is small, upright and a JPEG', async () => {
  const canvas = createCanvas(1_000, 400);
  canvas.getContext('2d').fillRect(0, 0, 500, 400);
  const summary = await shop.training.createImagesFromData(project, canvas.toBuffer('image/png'));
  const { thumbnailUri, originalImageUri, resizedImageUri } = summary.images![0]!.image!;
  const answers = await Promise.all(
    [thumbnailUri!, resizedImageUri!, originalImageUri!].map((uri) => fetch(uri)),
  );
  expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([
    'image/jpeg',
    'image/png',
    'image/png',
  ]);
  const small = await loadImage(await answers[0]!.arrayBuffer());
  expect([small.width, small.height]).toEqual([256, 102]);
});
