import { randomUUID } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { PredictionAPIClient } from '@azure/cognitiveservices-customvision-prediction';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { findDomain } from './domain/domains.ts';
import { startEngine } from './engine.ts';
import type { Engine, EngineOptions } from './engine.ts';
import type { PredictionAnswer } from './http/predict.ts';
import { limits } from './domain/limits.ts';
import type { LogEvent } from '../shared/log.ts';
import { loadFeatureExtractor } from './inference/feature-extractor.ts';
import { defaultModelDir } from './process/model-dir.ts';
import { openStore } from './store/store.ts';
import { drawFolders, drawPhoto } from './testing/drawn-photos.ts';
import { inEachFormat } from './testing/picture-formats.ts';
import { makeFolder, removeFolder } from './testing/folders.ts';
import { inferenceProgram, told, waitersOf } from './testing/inference-program.ts';
import { shippedBackbone } from './testing/shipped-backbone.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { buildPrograms } from './testing/training-worker.ts';
import type { BuiltPrograms } from './testing/training-worker.ts';
import { trainFromFolders } from './training/train-from-folders.ts';
import { augmentationId } from './training/augmentation.ts';

const modelDir = defaultModelDir(import.meta.url);
const dataDir = makeFolder();
const name = 'shop-live';
const unseen = 1_000;
let programs: BuiltPrograms;
let engine: Engine;
let projectId: string;

/** With threads of its own, as it is run by a shop. */
const start = (options: Pick<EngineOptions, 'dataDir'> & Partial<EngineOptions>): Promise<Engine> =>
  startEngine({
    modelDir,
    port: 0,
    inferenceWorkerUrl: pathToFileURL(join(programs.folder, 'inference-worker.js')),
    trainingWorkerUrl: pathToFileURL(join(programs.folder, 'training-worker.js')),
    ...options,
  });

beforeAll(async () => {
  programs = await buildPrograms(['inference-worker', 'training-worker']);
  const folder = makeFolder();
  await drawFolders(folder, {
    tomato: { thing: 'tomato', photos: 8 },
    milk: { thing: 'carton', photos: 8 },
    banana: { thing: 'banana', photos: 8 },
  });
  await trainFromFolders({ dataDir, modelDir, projectName: 'Shop', folder, publishName: name });
  removeFolder(folder);
  engine = await start({ dataDir });
  projectId = engine.projects[0]!.id;
});
afterAll(async () => {
  await engine.close();
  removeFolder(dataDir);
  programs.remove();
});

function client(key = engine.predictionKey): PredictionAPIClient {
  const credentials = new ApiKeyCredentials({ inHeader: { 'Prediction-key': key } });
  return new PredictionAPIClient(credentials, engine.endpoint, { noRetryPolicy: true });
}

interface Refusal {
  readonly statusCode: number;
  readonly body: { readonly code: string; readonly message: string };
}

async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('The call was answered.');
}

const classify = (picture: Buffer) => client().classifyImageWithNoStore(projectId, name, picture);

function post(path: string, init: RequestInit): Promise<Response> {
  return fetch(`${engine.endpoint}${path}`, { method: 'POST', ...init });
}

const prediction = (version: string, rest: string): string =>
  `/customvision/${version}/prediction/${projectId}/classify/iterations/${name}/${rest}`;

const key = (): Record<string, string> => ({ 'Prediction-Key': engine.predictionKey });

describe('with the official SDK', () => {
  test('a picture is classified, and nothing of it is kept', async () => {
    const before = photosKept();
    const answer = await classify(drawPhoto('tomato', unseen));
    expect(answer.project).toBe(projectId);
    expect(answer.created).toBeInstanceOf(Date);
    const { predictions = [] } = answer;
    expect(predictions.map((each) => each.tagName)).toHaveLength(3);
    expect(predictions[0]).toMatchObject({ tagName: 'tomato', tagType: 'Regular' });
    expect(predictions[0]?.probability).toBeGreaterThan(0.5);
    expect(predictions[0]?.probability).toBeGreaterThan(predictions[1]?.probability ?? 1);
    expect(photosKept()).toBe(before);
  });

  test('a picture is the same in each format, and turned as its EXIF says', async () => {
    const upright = drawPhoto('carton', unseen);
    for (const [format, picture] of Object.entries(await inEachFormat(upright))) {
      const { predictions } = await classify(picture);
      expect(predictions?.[0], format).toMatchObject({ tagName: 'milk' });
      expect(predictions?.[0]?.probability, format).toBeGreaterThan(0.5);
    }
  });

  test('without nostore picture and prediction are kept', async () => {
    const before = photosKept();
    const store = openStore(dataDir);
    const count = store.predictions.count(projectId);
    const answer = await client().classifyImage(projectId, name, drawPhoto('carton', unseen));
    expect(answer.predictions?.[0]?.tagName).toBe('milk');
    expect(photosKept()).toBe(before + 1);
    expect(store.predictions.count(projectId)).toBe(count + 1);
    store.close();
  });

  test('who asks for a picture’s embedding gets it beside the service’s own answer', async () => {
    const asked = { 'Freshlane-Embedding': 'wanted' };
    const ask = async (
      drawn: ReturnType<typeof drawPhoto>,
      headers: Record<string, string> = asked,
    ) => {
      const answer = await post(prediction('v3.1', 'image/nostore'), {
        headers: { ...key(), 'content-type': 'application/octet-stream', ...headers },
        body: drawn,
      });
      const text = answer.headers.get('freshlane-embedding');
      return { body: await answer.json(), text, vector: [...Buffer.from(text ?? '', 'base64')] };
    };
    const first = await ask(drawPhoto('tomato', unseen));
    const turned = await ask(drawPhoto('tomato', unseen + 1));
    const another = await ask(drawPhoto('carton', unseen));
    const signed = (bytes: readonly number[]) => [...Int8Array.from(bytes)];
    const cosine = (one: readonly number[], other: readonly number[]): number => {
      const dot = (a: readonly number[], b: readonly number[]) =>
        a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
      return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
    };
    const near = cosine(signed(first.vector), signed(turned.vector));
    expect(first.vector).toHaveLength(shippedBackbone.featureCount);
    expect(first.text?.length).toBeLessThan(2_000);
    expect(near).toBeGreaterThan(cosine(signed(first.vector), signed(another.vector)));
    expect(near).toBeGreaterThan(0.8);

    const unasked = await ask(drawPhoto('tomato', unseen), {});
    expect(unasked.text).toBeNull();
    expect(Object.keys(unasked.body)).toEqual(Object.keys(first.body));
  });

  test('a thing of no tag is nothing with certainty', async () => {
    for (let seed = unseen; seed < unseen + 8; seed += 1) {
      const answer = await classify(drawPhoto('star', seed));
      expect(answer.predictions?.[0]?.probability).toBeLessThan(0.5);
    }
  });

  test('a wrong key', async () => {
    const call = client('wrong').classifyImageWithNoStore(projectId, name, drawPhoto('tomato', 1));
    expect(await refusal(call)).toMatchObject({
      statusCode: 401,
      body: { message: expect.stringContaining('Access denied due to invalid subscription key') },
    });
  });

  test('the training key is no prediction key', async () => {
    const call = client(engine.trainingKey).classifyImage(projectId, name, drawPhoto('tomato', 1));
    expect(await refusal(call)).toMatchObject({
      statusCode: 401,
      body: { message: expect.stringContaining('this is the training key') },
    });
  });

  test('a wrong project', async () => {
    const other = '00000000-0000-4000-8000-000000000000';
    const call = client().classifyImageWithNoStore(other, name, drawPhoto('tomato', 1));
    expect(await refusal(call)).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundProject' },
    });
  });

  test('a wrong published name', async () => {
    const call = client().classifyImageWithNoStore(projectId, 'other', drawPhoto('tomato', 1));
    expect(await refusal(call)).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundIteration', message: 'Invalid iteration' },
    });
  });

  test('detection on a project for classification', async () => {
    const call = client().detectImageWithNoStore(projectId, name, drawPhoto('tomato', 1));
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { message: 'Invalid project type for operation.' },
    });
  });

  test.each<[string, string, () => Buffer]>([
    ['0 bytes', 'BadRequestImageStream', () => Buffer.alloc(0)],
    ['text', 'BadRequestImageFormat', () => Buffer.from('not a picture')],
    ['a torn picture', 'BadRequestImageFormat', () => drawPhoto('tomato', 1).subarray(0, 3_000)],
    [
      'more than 4 MB',
      'BadRequestImageSizeBytes',
      () => Buffer.concat([drawPhoto('tomato', 1), Buffer.alloc(limits.predictionPictureBytes)]),
    ],
    ['100 megapixels', 'BadRequestImageDimensions', () => hugePng(10_000, 10_000)],
    ['a ratio over 25:1', 'BadRequestImageDimensions', () => hugePng(5_200, 200)],
  ])('%s are refused as %s', async (_, code, picture) => {
    const answer = await refusal(classify(picture()));
    expect(answer).toMatchObject({ statusCode: 400, body: { code } });
  });

  test('a URL is not fetched unless that was allowed', async () => {
    const call = client().classifyImageUrlWithNoStore(projectId, name, {
      url: 'http://127.0.0.1:9/x.jpg',
    });
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestImageUrl', message: expect.stringContaining('--allow-url-fetch') },
    });
  });
});

/** A folder has one engine at a time. */
function copyOfData(): string {
  const folder = temporaryFolder();
  cpSync(dataDir, folder, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  return folder;
}

function photosKept(): number {
  return readdirSync(join(dataDir, 'photos'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  ).length;
}

function hugePng(width: number, height: number): Buffer {
  const png = createCanvas(8, 8).toBuffer('image/png');
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

test('an answer says how long the engine worked on it', async () => {
  const answer = await post(prediction('v3.1', 'image/nostore'), {
    headers: key(),
    body: drawPhoto('banana', unseen),
  });
  expect(answer.headers.get('server-timing')).toMatch(/^total;dur=\d+\.\d$/);
});

describe('the path', () => {
  test.each([
    ['v3.0', prediction],
    ['v3.1', prediction],
    ['v3.4-preview', prediction],
    ['V3.3-Preview', prediction],
  ])('takes version %s', async (version, path) => {
    const body = drawPhoto('banana', unseen);
    const answer = await post(path(version, 'image/nostore'), { headers: key(), body });
    expect(await answer.json()).toMatchObject({ predictions: [{ tagName: 'banana' }, {}, {}] });
  });

  test('takes any letter case, but the published name as it is', async () => {
    const body = drawPhoto('banana', unseen);
    const loud = `/CustomVision/v3.3/Prediction/${projectId.toUpperCase()}/Classify/Iterations`;
    const right = await post(`${loud}/${name}/Image/NoStore`, { headers: key(), body });
    expect(right.status).toBe(200);
    const wrong = await post(`${loud}/${name.toUpperCase()}/Image`, { headers: key(), body });
    expect(await wrong.json()).toMatchObject({ code: 'NotFoundIteration' });
  });

  test.each(['/customvision/v2.1/prediction/x/classify/iterations/y/image', '/', '/customvision'])(
    'of %s is nothing',
    async (path) => {
      const answer = await post(path, { headers: key(), body: 'x' });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'NotFound' });
    },
  );
});

describe('the body', () => {
  test('may be a form of a browser', async () => {
    const body = new FormData();
    body.append('imageData', new Blob([drawPhoto('tomato', unseen)]), 'tray.jpg');
    const answer = await post(prediction('v3.1', 'image/nostore'), { headers: key(), body });
    expect(await answer.json()).toMatchObject({ predictions: [{ tagName: 'tomato' }, {}, {}] });
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
      'JSON where a picture belongs',
      415,
      'UnsupportedMediaType',
      { headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
    ['far too much', 413, 'BadRequestImageSizeBytes', { body: Buffer.alloc(limits.bodyBytes + 1) }],
  ])('of %s is refused with %d', async (_, status, code, { headers, ...init }) => {
    const answer = await post(prediction('v3.1', 'image'), {
      headers: { ...key(), ...(headers as Record<string, string> | undefined) },
      ...init,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  test.each(['', 'no json', '{"url":7}', '{"url":"file:///etc/passwd"}', '[]'])(
    'of %j names no URL',
    async (body) => {
      const answer = await post(prediction('v3.1', 'url'), {
        headers: { ...key(), 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        code: 'BadRequestImageUrl',
        message: expect.stringContaining('{"url"'),
      });
    },
  );
});

test('health needs no key and tells no secret', async () => {
  const answer = await fetch(`${engine.endpoint}/healthz`);
  expect(await answer.json()).toEqual({
    status: 'ok',
    backbone: 'freshlane-groceries-1',
    reasons: [],
  });
});

test('many pictures at once are all answered', async () => {
  const picture = drawPhoto('banana', unseen + 1);
  const answers = await Promise.all(Array.from({ length: 12 }, () => classify(picture)));
  expect(new Set(answers.map((each) => each.predictions?.[0]?.tagName))).toEqual(
    new Set(['banana']),
  );
});

describe('the threads that look at pictures', () => {
  const jpeg = drawPhoto('banana', unseen);

  async function withoutModel() {
    const faults: unknown[] = [];
    const modelDir = randomUUID();
    const waiters = waitersOf(modelDir);
    onTestFinished(waiters.close);
    const other = await start({
      dataDir: copyOfData(),
      modelDir,
      detectorDir: temporaryFolder(),
      inferenceWorkerUrl: inferenceProgram({
        backboneId: shippedBackbone.id,
        featureCount: shippedBackbone.featureCount,
      }),
      limits: { runningPredictions: 1, waitingPredictions: 2 },
      onFault: (fault) => faults.push(fault),
    });
    onTestFinished(other.close);
    const ask = (what: keyof typeof told): Promise<Response> =>
      fetch(`${other.endpoint}${prediction('v3.1', 'image/nostore')}`, {
        method: 'POST',
        headers: key(),
        body: Buffer.concat([jpeg, Uint8Array.of(told[what])]),
      });
    return { other, ask, waiters, faults };
  }

  test('one that ends fails its own picture alone, and is replaced', async () => {
    const { ask, faults } = await withoutModel();
    const [lost, next] = await Promise.all([ask('end'), ask('look')]);
    expect(lost.status).toBe(500);
    expect(await lost.json()).toMatchObject({ code: 'ErrorUnknown' });
    expect(next.status).toBe(200);
    expect(String(faults)).toMatch(/thread/);
  });

  test('what finds no place to wait is put off, and a stop answers all that waits', async () => {
    const { other, ask, waiters } = await withoutModel();
    const waiting = async (): Promise<string> =>
      /^freshlane_predictions_waiting (.+)$/m.exec(
        await (await fetch(`${other.endpoint}/metrics`)).text(),
      )?.[1] ?? '';
    const asked = [ask('wait')];
    await waiters.arrived(1);
    asked.push(ask('look'), ask('look'));
    await expect.poll(waiting, { timeout: 15_000 }).toBe('2');
    const refused = await ask('look');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('Retry-After')).toBe('1');
    const closing = other.close();
    waiters.letGo();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await closing;
  });
});

const pictureInUrl = (): string =>
  `data:image/jpeg;base64,${drawPhoto('tomato', 1, 32, 24).toString('base64')}`;

describe('an engine that may fetch', () => {
  async function fetching(serve: Parameters<typeof createServer>[1]) {
    const pictures = createServer(serve);
    await new Promise<void>((resolve) => {
      pictures.listen(0, '127.0.0.1', resolve);
    });
    const other = await start({
      dataDir: copyOfData(),
      allowUrlFetch: true,
      openFeatureExtractor: loadFeatureExtractor,
    });
    onTestFinished(async () => {
      pictures.closeAllConnections();
      pictures.close();
      await other.close();
    });
    const url = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}/start`;
    return fetch(`${other.endpoint}${prediction('v3.1', 'url/nostore')}`, {
      method: 'POST',
      headers: key(),
      body: JSON.stringify({ url }),
    });
  }

  test('follows a redirect to a picture', async () => {
    const answer = await fetching((request, response) => {
      if (request.url === '/start') response.writeHead(302, { location: '/photo' }).end();
      else response.end(drawPhoto('tomato', unseen));
    });
    expect(await answer.json()).toMatchObject({ predictions: [{ tagName: 'tomato' }, {}, {}] });
  });

  test.each<[string, Parameters<typeof createServer>[1], string]>([
    ['a missing page', (_, response) => response.writeHead(404).end(), 'BadRequestImageUrl'],
    [
      'redirects without end',
      (_, response) => response.writeHead(302, { location: '/start' }).end(),
      'BadRequestImageUrl',
    ],
    [
      'a redirect out of the web',
      (_, response) => response.writeHead(302, { location: pictureInUrl() }).end(),
      'BadRequestImageUrl',
    ],
    [
      'more than 4 MB',
      (_, response) => response.end(Buffer.alloc(limits.predictionPictureBytes + 100_000)),
      'BadRequestImageSizeBytes',
    ],
  ])('refuses %s', async (_, serve, code) => {
    const answer = await fetching(serve);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });
});

describe('starting', () => {
  test('keeps its keys, takes given ones, and names what it serves', async () => {
    const own = await start({
      dataDir: copyOfData(),
      predictionKey: 'given-by-hand-and-long',
    });
    expect(own.predictionKey).toBe('given-by-hand-and-long');
    expect(own.trainingKey).toBe(engine.trainingKey);
    expect(own.projects).toEqual([{ id: projectId, name: 'Shop', publishedNames: [name] }]);
    await own.close();
    await own.close();
  });

  test('on a folder in use is refused by its name', async () => {
    await expect(start({ dataDir })).rejects.toThrow(
      `${dataDir} is in use by an engine, process ${process.pid}`,
    );
  });

  test('at a port in use is refused by its number', async () => {
    const port = Number(new URL(engine.endpoint).port);
    await expect(start({ dataDir: temporaryFolder(), port })).rejects.toThrow(
      new RegExp(`127\\.0\\.0\\.1:${port} is already in use`),
    );
  });

  test('without a model is refused by its path', async () => {
    const empty = temporaryFolder();
    await expect(start({ dataDir: empty, modelDir: empty })).rejects.toThrow(/backbone\.json/);
  });

  test('on another backbone trains again what is published, and says so meanwhile', async () => {
    const folder = copyOfData();
    const newModel = temporaryFolder();
    cpSync(modelDir, newModel, { recursive: true });
    const description = JSON.parse(readFileSync(join(newModel, 'backbone.json'), 'utf8')) as {
      id: string;
    };
    const newId = `${description.id}-next`;
    writeFileSync(join(newModel, 'backbone.json'), JSON.stringify({ ...description, id: newId }));
    const store = openStore(folder);
    onTestFinished(() => store.close());
    const before = store.iterations.list(projectId)[0]!;

    const faults: unknown[] = [];
    const events: LogEvent[] = [];
    const heard = new EventTarget();
    const trained = new Promise<unknown>((resolve, reject) => {
      heard.addEventListener('training-completed', resolve, { once: true });
      heard.addEventListener('training-failed', () => reject(new Error(JSON.stringify(events))));
    });
    const other = await start({
      dataDir: folder,
      modelDir: newModel,
      onFault: (fault) => faults.push(fault),
      onEvent: (event) => {
        events.push(event);
        heard.dispatchEvent(new Event(event.event));
      },
    });
    onTestFinished(other.close);
    const ask = () =>
      fetch(
        `${other.endpoint}/customvision/v3.1/prediction/${projectId}/classify/iterations/${name}/image`,
        {
          method: 'POST',
          headers: { 'Prediction-Key': other.predictionKey },
          body: drawPhoto('tomato', unseen),
        },
      );
    const early = await ask();
    expect(early.status).toBe(503);
    expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await early.json()).toMatchObject({ message: expect.stringContaining('trained again') });
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'training-again',
        formerIterationId: before.id,
        trainedOn: description.id,
        engineRuns: newId,
      }),
    );

    await trained;
    const later = await ask();
    expect(later.status).toBe(200);
    const { iteration, predictions } = (await later.json()) as PredictionAnswer;
    expect(iteration).not.toBe(before.id);
    expect(predictions[0]).toMatchObject({ tagName: 'tomato' });
    expect(
      store.iterations
        .list(projectId)
        .map(({ id, backboneId, publishedName }) => ({ id, backboneId, publishedName })),
    ).toEqual([
      { id: iteration, backboneId: newId, publishedName: name },
      { id: before.id, backboneId: description.id, publishedName: null },
    ]);
    const [photo] = store.iterationImages.all(before.id).map((image) => image.photo);
    const key = { photo: photo!, augmentationId };
    expect(store.features.has({ ...key, backboneId: newId }, 1)).toBe(true);
    expect(store.features.has({ ...key, backboneId: description.id }, 1)).toBe(false);
    expect(faults).toEqual([]);
  }, 240_000);

  test('with a head of another backbone and no photos says what to do', async () => {
    const folder = temporaryFolder();
    const store = openStore(folder);
    const project = store.projects.create({
      name: 'Old',
      domainId: findDomain('general')!.id,
      classificationType: 'Multiclass',
    });
    const oldId = shippedBackbone.id.replace(/.$/, '0');
    const head = publishedHead().toString('latin1').replace(shippedBackbone.id, oldId);
    store.trainings.add(project.id, {
      backboneId: 'older-model',
      fingerprint: 'f',
      head: Buffer.from(head, 'latin1'),
      report: {},
      publishedName: 'live',
    });
    store.close();
    const faults: unknown[] = [];
    const other = await start({
      dataDir: folder,
      onFault: (fault) => faults.push(fault),
    });
    expect(String(faults[0])).toMatch(new RegExp(`"${oldId}".*Train the project again`));
    const answer = await fetch(
      `${other.endpoint}/customvision/v3.1/prediction/${project.id}/classify/iterations/live/image`,
      {
        method: 'POST',
        headers: { 'Prediction-Key': other.predictionKey },
        body: drawPhoto('tomato', 1),
      },
    );
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(oldId) });
    await other.close();
  });
});

function publishedHead(): Buffer {
  const store = openStore(dataDir);
  const head = store.iterations.head(store.iterations.published(projectId, name)?.id ?? '');
  store.close();
  return Buffer.from(head ?? []);
}
