import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PredictionAPIClient } from '@azure/cognitiveservices-customvision-prediction';
import { TrainingAPIClient } from '@azure/cognitiveservices-customvision-training';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { measureTag } from '../src/engine/evaluation/measure.ts';
import type { JudgedPhoto } from '../src/engine/evaluation/measure.ts';
import { findDomain } from '../src/engine/domain/domains.ts';
import { startEngine } from '../src/engine/engine.ts';
import type { Engine } from '../src/engine/engine.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import type { TrayPictures } from '../src/main/batch-render/tray-pictures.ts';
import { demoProducts } from '../src/shared/demo-products.ts';
import { builtWorkers } from './built-programs.ts';
import { figure, spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { renderedFolder } from './rendered.ts';

const publishedName = 'bench';
const overlap = 0.5;
const pollMs = 250;

/**
 * Detection as a shop uses it: whole trays with tagged regions uploaded through the SDK, trained,
 * published, and other trays in other light looked at over HTTP, one after another.
 */
export async function benchDetect(): Promise<readonly Figure[]> {
  const folder = await renderedFolder('trays');
  const trays = JSON.parse(await readFile(join(folder, 'trays.json'), 'utf8')) as TrayPictures;
  const dataDir = await mkdtemp(join(tmpdir(), 'freshlane-detect-'));
  const engine = await startEngine({
    dataDir,
    modelDir: defaultModelDir(import.meta.url),
    ...builtWorkers,
    port: 0,
  });
  try {
    const taught = trays.filter(({ use }) => use === 'train');
    const { projectId, trainingMs, heldOut } = await teach(engine, folder, taught);
    const tested = trays.filter(({ use }) => use === 'test');
    const { photos, tookMs } = await detectAll(engine, projectId, folder, tested);
    return [
      ...precisions(photos, `${tested.length} trays, taught ${taught.length} others`),
      figure('detect mAP held out', heldOut * 100, '%', 'by cross-validation on what was taught'),
      figure('detect training', trainingMs, 'ms', `${taught.length} pictures, 640x480`),
      ...spread('detect', 'ms', 'one client over HTTP, JPEG of 640x480', tookMs),
    ];
  } finally {
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const tagNames = demoProducts.map(({ id }) => id as string);

function precisions(photos: readonly JudgedPhoto[], note: string): readonly Figure[] {
  const measures = tagNames.map((name, tag) => ({
    name,
    ...measureTag(photos, tag, { threshold: 0.5, overlap }),
  }));
  const total = (of: 'hits' | 'taken' | 'there'): number =>
    measures.reduce((sum, { folds }) => sum + (folds[0]?.[of] ?? 0), 0);
  const share = (name: string, value: number, more = note): Figure =>
    figure(`detect ${name}`, value * 100, '%', more);
  return [
    share(
      'mAP at 0.5',
      measures.reduce((sum, { averagePrecision }) => sum + averagePrecision, 0) / measures.length,
    ),
    share('precision', total('hits') / total('taken'), 'probability of 0.5 and more'),
    share('recall', total('hits') / total('there'), 'probability of 0.5 and more'),
    ...measures.map(({ name, averagePrecision, truths }) =>
      share(`AP of ${name}`, averagePrecision, `${truths} of them`),
    ),
  ];
}

function clientsOf({ endpoint, trainingKey, predictionKey }: Engine) {
  const key = (name: string, value: string) =>
    new ApiKeyCredentials({ inHeader: { [name]: value } });
  const options = { noRetryPolicy: true };
  return {
    training: new TrainingAPIClient(key('Training-key', trainingKey), endpoint, options),
    prediction: new PredictionAPIClient(key('Prediction-key', predictionKey), endpoint, options),
  };
}

async function teach(engine: Engine, folder: string, trays: TrayPictures) {
  const { training } = clientsOf(engine);
  const { id: projectId = '' } = await training.createProject('Trays', {
    domainId: findDomain('detection')?.id ?? '',
  });
  const tagIds = new Map<string, string>();
  for (const name of tagNames) {
    tagIds.set(name, (await training.createTag(projectId, name)).id ?? '');
  }
  const atOnce = 32;
  for (let start = 0; start < trays.length; start += atOnce) {
    const images = await Promise.all(
      trays.slice(start, start + atOnce).map(async ({ file, things }) => ({
        name: file,
        contents: await readFile(join(folder, file)),
        regions: things.map(({ thingId, region: { left, top, width, height } }) => ({
          tagId: tagIds.get(thingId) ?? '',
          left,
          top,
          width,
          height,
        })),
      })),
    );
    const summary = await training.createImagesFromFiles(projectId, { images });
    if (!summary.isBatchSuccessful) throw new Error(JSON.stringify(summary.images));
  }
  const startedMs = performance.now();
  let iteration = await training.trainProject(projectId);
  while (iteration.status === 'Training') {
    await wait(pollMs);
    iteration = await training.getIteration(projectId, iteration.id ?? '');
  }
  const trainingMs = performance.now() - startedMs;
  if (iteration.status !== 'Completed') throw new Error(iteration.trainingErrorDetails);
  const { averagePrecision = 0 } = await training.getIterationPerformance(
    projectId,
    iteration.id ?? '',
    { threshold: 0.5, overlapThreshold: overlap },
  );
  await training.publishIteration(projectId, iteration.id ?? '', publishedName, 'bench');
  return { projectId, trainingMs, heldOut: averagePrecision };
}

async function detectAll(engine: Engine, projectId: string, folder: string, trays: TrayPictures) {
  const { prediction } = clientsOf(engine);
  const photos: JudgedPhoto[] = [];
  const tookMs: number[] = [];
  for (const { file, things } of trays) {
    const picture = await readFile(join(folder, file));
    const startedMs = performance.now();
    const { predictions = [] } = await prediction.detectImageWithNoStore(
      projectId,
      publishedName,
      picture,
    );
    tookMs.push(performance.now() - startedMs);
    photos.push({
      fold: 0,
      truths: things.map(({ thingId, region }) => ({
        tag: tagNames.indexOf(thingId),
        box: region,
      })),
      detections: predictions.flatMap(({ tagName = '', probability = 0, boundingBox }) =>
        boundingBox ? [{ tag: tagNames.indexOf(tagName), probability, box: boundingBox }] : [],
      ),
    });
  }
  return { photos, tookMs };
}
