import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { PredictionAPIClient } from '@azure/cognitiveservices-customvision-prediction';
import { TrainingAPIClient } from '@azure/cognitiveservices-customvision-training';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { findDomain } from '../src/engine/domain/domains.ts';
import { startEngine } from '../src/engine/engine.ts';
import type { Engine } from '../src/engine/engine.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { makeFolder, removeFolder } from '../src/engine/testing/folders.ts';
import { builtWorkers } from './built-programs.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const data = fileURLToPath(new URL('../../shared/data/grocery/', import.meta.url));
const photosABatch = 32;
const publishedName = 'few-shot';
const top = 4;

interface Photo {
  readonly product: string;
  readonly file: string;
}

/**
 * A shop's first hour: 24 products of 16 photos each are uploaded, trained and published by the
 * official clients; then photos of a second visit are asked for.
 */
export async function benchFewShot(): Promise<readonly Figure[]> {
  if (!existsSync(join(data, 'few-shot.json'))) {
    process.stderr.write(`Skipped few-shot: no photos in ${data}\n`);
    return [];
  }
  const dataDir = makeFolder();
  const engine = await startEngine({
    dataDir,
    modelDir: defaultModelDir(import.meta.url),
    port: 0,
    ...builtWorkers,
  });
  try {
    return await benchWith(engine);
  } finally {
    await engine.close();
    removeFolder(dataDir);
  }
}

async function benchWith(engine: Engine): Promise<readonly Figure[]> {
  const options = { noRetryPolicy: true };
  const training = new TrainingAPIClient(
    new ApiKeyCredentials({ inHeader: { 'Training-key': engine.trainingKey } }),
    engine.endpoint,
    options,
  );
  const prediction = new PredictionAPIClient(
    new ApiKeyCredentials({ inHeader: { 'Prediction-key': engine.predictionKey } }),
    engine.endpoint,
    options,
  );
  const products = JSON.parse(await readFile(join(data, 'few-shot.json'), 'utf8')) as Record<
    string,
    string[]
  >;

  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const project = await training.createProject('Few-shot', {
    domainId: findDomain('retail')!.id,
    classificationType: 'Multiclass',
  });
  const projectId = project.id!;
  const photos: (Photo & { readonly tagId: string })[] = [];
  for (const [product, files] of Object.entries(products)) {
    const tag = await training.createTag(projectId, product);
    photos.push(
      ...files.map((file) => ({
        product,
        file: join(data, 'train', product, file),
        tagId: tag.id!,
      })),
    );
  }
  for (let at = 0; at < photos.length; at += photosABatch) {
    const images = await Promise.all(
      photos.slice(at, at + photosABatch).map(async ({ file, tagId }) => ({
        name: file,
        contents: await readFile(file),
        tagIds: [tagId],
      })),
    );
    await training.createImagesFromFiles(projectId, { images });
  }
  const uploadedMs = performance.now();
  const iterationId = await train(training, projectId);
  const trainedMs = performance.now();
  await training.publishIteration(projectId, iterationId, publishedName, 'bench');
  const endedMs = performance.now();
  const cpu = process.cpuUsage(cpuBefore);

  const score = await check(prediction, projectId, Object.keys(products));
  const { recall } = await training.getIterationPerformance(projectId, iterationId);
  const note = `${Object.keys(products).length} products, ${photos.length} photos, official SDK`;
  return [
    figure('few-shot total', endedMs - startedMs, 'ms', `${note}: upload, train, publish`),
    figure(
      'few-shot processor time',
      (cpu.user + cpu.system) / 1000,
      'ms',
      `${note}; what all of it would take on a core of its own`,
    ),
    figure('few-shot upload', uploadedMs - startedMs, 'ms', note),
    figure('few-shot training', trainedMs - uploadedMs, 'ms', note),
    figure('few-shot top-1', score.first, '%', `${score.photos} photos of a second visit`),
    figure(`few-shot top-${top}`, score.among, '%', `${score.photos} photos of a second visit`),
    figure('few-shot recall', (recall ?? 0) * 100, '%', 'held out, at 50%, as performance tells'),
  ];
}

async function train(training: TrainingAPIClient, projectId: string): Promise<string> {
  const { id } = await training.trainProject(projectId);
  for (;;) {
    const iteration = await training.getIteration(projectId, id!);
    if (iteration.status === 'Completed') return id!;
    if (iteration.status !== 'Training') throw new Error('The training failed.');
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
}

async function check(
  prediction: PredictionAPIClient,
  projectId: string,
  products: readonly string[],
): Promise<{ photos: number; first: number; among: number }> {
  let [photos, first, among] = [0, 0, 0];
  for (const product of products) {
    const folder = join(data, 'check', product);
    const files = existsSync(folder) ? await readdir(folder) : [];
    for (const file of files) {
      const { predictions = [] } = await prediction.classifyImageWithNoStore(
        projectId,
        publishedName,
        await readFile(join(folder, file)),
      );
      const place = predictions.findIndex(({ tagName }) => tagName === product);
      photos += 1;
      if (place === 0) first += 1;
      if (place >= 0 && place < top) among += 1;
    }
  }
  return { photos, first: (first / photos) * 100, among: (among / photos) * 100 };
}
