import type { TrainingAPIModels } from '@azure/cognitiveservices-customvision-training';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { overlapOf } from '../../shared/overlap.ts';
import { findDomain } from '../domain/domains.ts';
import { importFromService } from '../import/import-from-service.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { hasDetector } from '../testing/detector.ts';
import { drawPhoto, drawTray } from '../testing/drawn-photos.ts';
import type { DrawnThing } from '../testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { refusal, runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { buildTrainingWorker } from '../testing/training-worker.ts';
import type { BuiltWorker } from '../testing/training-worker.ts';

const things: readonly DrawnThing[] = ['tomato', 'carton'];
const photos = 15;

interface Project {
  readonly id: string;
  readonly tagIds: readonly string[];
  readonly imageIds: readonly string[];
}

async function taught({ training }: RunningEngine): Promise<Project> {
  const { id = '' } = await training.createProject('Trays', {
    domainId: findDomain('detection')!.id,
  });
  const tagIds: string[] = [];
  for (const thing of things) tagIds.push((await training.createTag(id, thing)).id ?? '');
  const images = Array.from({ length: photos }, (_, index) => {
    const { jpeg, boxes } = drawTray(things, index + 1);
    const regions = boxes.map((box, place) => ({ tagId: tagIds[place]!, ...box }));
    return { name: `${index}.jpg`, contents: jpeg, regions };
  });
  const summary = await training.createImagesFromFiles(id, { images });
  expect(summary.isBatchSuccessful).toBe(true);
  return { id, tagIds, imageIds: summary.images!.map(({ image }) => image!.id!) };
}

let worker: BuiltWorker;
beforeAll(async () => {
  worker = await buildTrainingWorker();
});
afterAll(() => worker.remove());

describe.skipIf(!hasDetector())('a project that detects objects', () => {
  let shop: RunningEngine;
  let project: Project;
  let iteration: TrainingAPIModels.Iteration;

  beforeAll(async () => {
    let ended: (event: string) => void = () => undefined;
    const over = new Promise<string>((resolve) => {
      ended = resolve;
    });
    shop = await runEngine({
      trainingWorkerUrl: worker.url,
      onEvent({ event, ...rest }) {
        if (event === 'training-completed') ended(event);
        if (event === 'training-failed') ended(JSON.stringify(rest));
      },
    });
    project = await taught(shop);
    iteration = await shop.training.trainProject(project.id);
    expect(await over).toBe('training-completed');
    await shop.training.publishIteration(project.id, iteration.id!, 'trays', 'shop');
  }, 240_000);
  afterAll(() => shop.stop());

  const tray = drawTray(things, 1_000);

  function expectAllFound(
    predictions: readonly {
      readonly tagName?: string;
      readonly tagId?: string;
      readonly probability?: number;
      readonly boundingBox?: { left: number; top: number; width: number; height: number };
    }[] = [],
    tagIds = project.tagIds,
  ): void {
    const probabilities = predictions.map(({ probability = 0 }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    for (const [place, thing] of things.entries()) {
      const best = predictions.find(({ tagName }) => tagName === thing);
      expect(best).toMatchObject({ tagId: tagIds[place], tagType: 'Regular' });
      expect(best?.probability).toBeGreaterThan(0.5);
      expect(overlapOf(best!.boundingBox!, tray.boxes[place]!)).toBeGreaterThan(0.6);
    }
  }

  test('finds what it was taught in a picture that it never saw', async () => {
    const { _response: _, ...answer } = await shop.prediction.detectImage(
      project.id,
      'trays',
      tray.jpeg,
    );
    expect(answer).toMatchObject({ project: project.id, iteration: iteration.id });
    expectAllFound(answer.predictions);
    const [stored] =
      (await shop.training.queryPredictions(project.id, { orderBy: 'Newest', maxCount: 1 }))
        .results ?? [];
    expect(stored?.predictions?.[0]?.boundingBox).toEqual(answer.predictions?.[0]?.boundingBox);
  });

  test('says the same in a quick test', async () => {
    const { predictions } = await shop.training.quickTestImage(project.id, tray.jpeg);
    expectAllFound(predictions);
  });

  test('suggests tags with their regions for an untagged image', async () => {
    const summary = await shop.training.createImagesFromFiles(project.id, {
      images: [{ contents: tray.jpeg }],
    });
    const id = summary.images![0]!.image!.id!;
    const [suggestion] = await shop.training.suggestTagsAndRegions(project.id, iteration.id!, [id]);
    expect(suggestion).toMatchObject({ id, project: project.id, iteration: iteration.id });
    expectAllFound(suggestion?.predictions);
    await shop.training.deleteImages(project.id, { imageIds: [id] });
  });

  test('tells its performance by boxes that overlap', async () => {
    const measure = (threshold: number, overlapThreshold: number) =>
      shop.training.getIterationPerformance(project.id, iteration.id!, {
        threshold,
        overlapThreshold,
      });
    const { _response: _, ...all } = await measure(0.3, 0.3);
    expect(all.perTagPerformance?.map(({ id, name }) => ({ id, name }))).toEqual(
      [...things].sort().map((name) => ({ id: project.tagIds[things.indexOf(name)], name })),
    );
    for (const each of [all, ...(all.perTagPerformance ?? [])]) {
      expect(each.recall).toBeGreaterThan(0.6);
      expect(each.averagePrecision).toBeGreaterThan(0.6);
      expect(each.averagePrecision).toBeLessThanOrEqual(1);
    }
    const exact = await measure(0.3, 1);
    expect(exact.averagePrecision).toBeLessThan(0.1);
    const sure = await measure(1, 0.3);
    expect(sure.recall).toBeLessThan(all.recall!);
  });

  test('tells what it found in each photo while that was held out', async () => {
    const images = await shop.training.getImagePerformances(project.id, iteration.id!, {
      take: 256,
    });
    expect(images).toHaveLength(photos);
    for (const { regions, predictions } of images) {
      expect(regions).toHaveLength(things.length);
      expect(predictions?.every(({ boundingBox }) => boundingBox !== undefined)).toBe(true);
    }
  });

  test('proposes regions where things lie', async () => {
    const { boxes } = drawTray(things, 1);
    const answer = await shop.training.getImageRegionProposals(project.id, project.imageIds[0]!);
    expect(answer).toMatchObject({ projectId: project.id, imageId: project.imageIds[0] });
    for (const box of boxes) {
      const overlaps = (answer.proposals ?? []).map(({ boundingBox }) =>
        overlapOf(boundingBox!, box),
      );
      expect(Math.max(...overlaps)).toBeGreaterThan(0.6);
    }
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await refusal(shop.training.getImageRegionProposals(project.id, nobody))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundImage' },
    });
  });

  test('does not classify, nor does a project that classifies detect', async () => {
    const wrong = { statusCode: 400, body: { message: 'Invalid project type for operation.' } };
    const picture = drawPhoto('tomato', 1);
    expect(
      await refusal(shop.prediction.classifyImage(project.id, 'trays', picture)),
    ).toMatchObject(wrong);
    const { id = '' } = await shop.training.createProject('Single things');
    expect(await refusal(shop.prediction.detectImage(id, 'any', picture))).toMatchObject(wrong);
    expect(
      await refusal(shop.training.getImageRegionProposals(id, project.imageIds[0]!)),
    ).toMatchObject(wrong);
  });

  test('is exported to no platform, and why is said', async () => {
    expect(
      await refusal(shop.training.exportIteration(project.id, iteration.id!, 'ONNX')),
    ).toMatchObject({
      statusCode: 400,
      body: {
        code: 'ErrorExporterInvalidPlatform',
        message: expect.stringContaining('does not export iterations that detect objects'),
      },
    });
    expect([...(await shop.training.getExports(project.id, iteration.id!))]).toEqual([]);
  });

  test('moves to another engine, which is trained, compared and detects', async () => {
    const dataDir = makeFolder();
    try {
      const moved = await importFromService({
        dataDir,
        modelDir: defaultModelDir(import.meta.url),
        endpoint: shop.engine.endpoint,
        trainingKey: shop.engine.trainingKey,
        projectId: project.id,
        publishName: 'moved',
        onProgress: () => undefined,
      });
      expect(moved).toMatchObject({
        projectName: 'Trays',
        images: photos,
        skipped: 0,
        publishedName: 'moved',
        untrainedBecause: null,
        comparison: {
          kind: 'photo by photo',
          old: { name: 'Iteration 1' },
          comparison: { threshold: 0.5, photos },
        },
      });
      const { comparison } = moved.comparison as Extract<
        typeof moved.comparison,
        { kind: 'photo by photo' }
      >;
      const told = await shop.training.getIterationPerformance(project.id, iteration.id!, {
        threshold: 0.5,
        overlapThreshold: 0.3,
      });
      for (const row of comparison.tags) {
        // The same photos, regions and folds on both sides: what differs would be the move's doing.
        const old = told.perTagPerformance?.find(({ name }) => name === row.name);
        expect(row.photos).toBe(photos);
        expect(row.old.recall).toBeCloseTo(old!.recall!, 5);
        expect(row.old.precision).toBeCloseTo(old!.precision!, 5);
        expect(row.now.recall).toBeGreaterThan(0.6);
      }

      const other = await runEngine({ dataDir });
      try {
        const [{ id } = { id: '' }] = other.engine.projects;
        const image = { order: 'Oldest', take: 1, skip: 0 } as const;
        const [first] = other.withStore((store) => store.images.list(id, {}, image));
        expect(first?.regions.map(({ tagName }) => tagName).toSorted()).toEqual(things.toSorted());
        const { predictions } = await other.prediction.detectImageWithNoStore(
          id,
          'moved',
          tray.jpeg,
        );
        const tags = await other.training.getTags(id);
        expectAllFound(
          predictions,
          things.map((thing) => tags.find(({ name }) => name === thing)!.id!),
        );
      } finally {
        await other.stop();
      }
    } finally {
      removeFolder(dataDir);
    }
  }, 120_000);

  test('need not be trained twice on the same', async () => {
    expect(await refusal(shop.training.trainProject(project.id))).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestTrainingNotNeeded' },
    });
  });
});

test('an engine without a detector serves everything else, and says so', async () => {
  const detectorDir = makeFolder();
  const shop = await runEngine({ detectorDir, trainingWorkerUrl: worker.url });
  try {
    const { id, imageIds } = await taught(shop);
    const notOffered = { statusCode: 501, body: { code: 'BadRequestNotSupported' } };
    expect(await refusal(shop.training.trainProject(id))).toMatchObject(notOffered);
    expect(await refusal(shop.training.getImageRegionProposals(id, imageIds[0]!))).toMatchObject(
      notOffered,
    );
  } finally {
    await shop.stop();
    removeFolder(detectorDir);
  }
});
