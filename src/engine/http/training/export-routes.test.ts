import { cpSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest';

import { startEngine } from '../../engine.ts';
import { decodePicture, drawView, plainView } from '../../model/picture.ts';
import { loadFeatureExtractor } from '../../inference/feature-extractor.ts';
import { defaultModelDir } from '../../process/model-dir.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { addRandomIteration } from '../../testing/random-head.ts';
import { shippedBackbone } from '../../testing/shipped-backbone.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { unzip } from '../../testing/unzip.ts';

let shop: RunningEngine;
let store: Store;
let project: string;
let iteration: string;

beforeAll(async () => {
  shop = await runEngine();
  store = openStore(shop.dataDir);
});
afterAll(async () => {
  store.close();
  await shop.stop();
});

beforeEach(async () => {
  const { training } = shop;
  project = (await training.createProject('Shop', { classificationType: 'Multiclass' })).id!;
  for (const name of ['apple', 'bread']) await training.createTag(project, name);
  // No call makes such a name, but a project that was moved in may have it.
  store.tags.create(project, { name: 'milk,\nfresh' });
  iteration = addRandomIteration(store, project, {
    backboneId: shippedBackbone.id,
    publishName: 'p',
  });
});
afterEach(() => shop.training.deleteProject(project));

async function exported(iterationId: string, flavor: 'ONNX12' | null) {
  for (;;) {
    const all = await shop.training.getExports(project, iterationId);
    const found = all.find((each) => each.flavor === flavor);
    if (found?.status !== 'Exporting') return found;
  }
}

describe('an iteration', () => {
  test('becomes a package that a plain ONNX Runtime runs as the engine does', async () => {
    expect([...(await shop.training.getExports(project, iteration))]).toEqual([]);
    const { _response, ...begun } = await shop.training.exportIteration(project, iteration, 'ONNX');
    expect(begun).toEqual({
      platform: 'ONNX',
      status: 'Exporting',
      downloadUri: null,
      flavor: null,
      newerVersionAvailable: false,
    });
    const done = await exported(iteration, null);
    expect(done).toMatchObject({ platform: 'ONNX', status: 'Done', newerVersionAvailable: false });

    const answer = await fetch(done!.downloadUri!);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    const files = await unzip(Buffer.from(await answer.arrayBuffer()));
    expect([...files.keys()]).toEqual([
      'model.onnx',
      'labels.txt',
      'cvexport.manifest',
      'README.md',
    ]);
    expect(files.get('labels.txt')!.toString()).toBe('apple\nbread\nmilk, fresh\n');
    const manifest = JSON.parse(files.get('cvexport.manifest')!.toString()) as Manifest;
    expect(manifest).toMatchObject({ Platform: 'ONNX', Flavor: null, IterationId: iteration });

    const photo = drawPhoto('banana', 77);
    const probabilities = await run(files.get('model.onnx')!, photo, manifest);
    const { predictions } = await shop.prediction.classifyImageWithNoStore(project, 'p', photo);
    for (const { tagId, probability } of predictions!) {
      const place = manifest.Tags.findIndex(({ Id }) => Id === tagId);
      expect(probabilities[place]).toBeCloseTo(probability!, 3);
    }
  });

  test('is exported once for each flavor, and what is done is given again', async () => {
    const begun = await shop.training.exportIteration(project, iteration, 'ONNX', {
      flavor: 'ONNX12',
    });
    expect(begun.flavor).toBe('ONNX12');
    expect(await exported(iteration, 'ONNX12')).toMatchObject({ status: 'Done' });
    const again = await shop.training.exportIteration(project, iteration, 'ONNX', {
      flavor: 'ONNX12',
    });
    expect(again).toMatchObject({ status: 'Done', downloadUri: expect.stringMatching(/^http/) });
  });

  test('is not exported twice at a time', async () => {
    const other = addRandomIteration(store, project, { backboneId: shippedBackbone.id });
    const begin = () => shop.training.exportIteration(project, other, 'ONNX');
    const [first, second] = await Promise.allSettled([begin(), begin()]);
    expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const { reason } = [first, second].find((each) => each.status === 'rejected')!;
    expect(reason).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestExportAlreadyInProgress' },
    });
    expect(await exported(other, null)).toMatchObject({ status: 'Done' });
  });
});

interface Manifest {
  readonly Input: { readonly Name: string; readonly Width: number; readonly Height: number };
  readonly Output: { readonly Name: string };
  readonly Tags: readonly { readonly Id: string }[];
}

async function run(model: Buffer, photo: Buffer, { Input, Output }: Manifest): Promise<number[]> {
  const { Width: width, Height: height } = Input;
  const rgba = drawView(await decodePicture(photo), plainView, width, height);
  const pixels = new Float32Array(3 * width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    pixels[at] = rgba[(at % (width * height)) * 4 + Math.floor(at / (width * height))]!;
  }
  const session = await InferenceSession.create(model);
  const tensor = new Tensor('float32', pixels, [1, 3, height, width]);
  const results = await session.run({ [Input.Name]: tensor });
  await session.release();
  return [...(results[Output.Name]!.data as Float32Array)];
}

describe('refused', () => {
  test.each(['TensorFlow', 'CoreML', 'DockerFile', 'nonsense'])(
    'is the platform %s',
    async (name) => {
      const answer = await shop.call(
        `projects/${project}/iterations/${iteration}/export?platform=${name}`,
        {
          method: 'POST',
        },
      );
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'ErrorExporterInvalidPlatform' });
    },
  );

  test('is a flavor of another platform', async () => {
    const call = shop.training.exportIteration(project, iteration, 'ONNX', { flavor: 'ARM' });
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { code: 'ErrorExporterInvalidPlatform' },
    });
  });

  test('is an iteration in training, one of another backbone, and one that is not there', async () => {
    const options = { trainingType: 'Regular', reservedHours: 0 } as const;
    const training = store.iterations.begin(project, options).id;
    const foreign = addRandomIteration(store, project, { backboneId: 'older-model' });
    for (const [id, code] of [
      [training, 'BadRequestExportWhileTraining'],
      [foreign, 'BadRequestExportValidationFailed'],
      [project, 'NotFoundIteration'],
    ] as const) {
      const { body } = await refusal(shop.training.exportIteration(project, id, 'ONNX'));
      expect(body.code).toBe(code);
    }
    store.iterations.fail(training, 'for this test');
  });

  test.each(['', '?until=9999999999999&mark=AAAA'])('is a download with %j', async (query) => {
    const path = `/exports/${iteration}/ONNX.zip`;
    const answer = await fetch(`${shop.engine.endpoint}${path}${query}`);
    expect(answer.status).toBe(404);
  });
});

test('what was exported goes with its iteration, or with its project', async () => {
  const { training } = shop;
  const other = (await training.createProject('Other', { classificationType: 'Multiclass' })).id!;
  for (const name of ['apple', 'bread']) await training.createTag(other, name);
  const there = () => readdirSync(join(shop.dataDir, 'exports'));
  const begin = async (projectId: string): Promise<string> => {
    const id = addRandomIteration(store, projectId, { backboneId: shippedBackbone.id });
    await training.exportIteration(projectId, id, 'ONNX');
    return id;
  };
  const first = await begin(other);
  await training.deleteIteration(other, first);
  expect(there()).not.toContain(first);
  const second = await begin(other);
  await training.deleteProject(other);
  expect(there()).not.toContain(second);
});

test('an engine that starts takes away what was half done, and exports of what is gone', async () => {
  // A folder has one engine at a time.
  const dataDir = temporaryFolder();
  cpSync(shop.dataDir, dataDir, { recursive: true, filter: (path) => !path.endsWith('.lock') });
  const kept = join(dataDir, 'exports', iteration);
  const gone = join(dataDir, 'exports', project);
  for (const folder of [kept, gone]) await mkdir(folder, { recursive: true });
  await writeFile(join(kept, 'ONNX10.zip.1.part'), 'half');
  await writeFile(join(gone, 'ONNX.zip'), 'gone');
  const modelDir = defaultModelDir(import.meta.url);
  const other = await startEngine({
    dataDir,
    modelDir,
    port: 0,
    openFeatureExtractor: loadFeatureExtractor,
  });
  onTestFinished(() => other.close());
  expect(readdirSync(join(dataDir, 'exports'))).not.toContain(project);
  expect(readdirSync(kept)).not.toContain('ONNX10.zip.1.part');
});
