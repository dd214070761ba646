import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { buildTrainingWorker } from '../testing/training-worker.ts';
import type { BuiltWorker } from '../testing/training-worker.ts';

const lab = fileURLToPath(new URL('../../../../shared/data/fruit-lab/', import.meta.url));
const isThere = existsSync(lab);
if (!isThere) console.warn(`Skipped the lab by the SDK: no photos in ${lab}`);

const fruits = ['apple', 'banana', 'orange'] as const;
const modelName = 'fruit-classifier';
const patient = 240_000;

function photosOf(part: 'train' | 'more', fruit: string): Buffer[] {
  const folder = join(lab, part, fruit);
  return readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(join(folder, file)));
}

describe.skipIf(!isThere)("the lab's steps, in its order", { shuffle: false }, () => {
  let worker: BuiltWorker;
  let engine: RunningEngine;
  let onEnd: () => void = () => undefined;
  let projectId: string;
  const tagIds = new Map<string, string>();
  let iterationId: string;

  beforeAll(async () => {
    worker = await buildTrainingWorker();
    engine = await runEngine({
      trainingWorkerUrl: worker.url,
      onEvent: ({ event }) => {
        if (event === 'training-completed' || event === 'training-failed') onEnd();
      },
    });
  });
  afterAll(async () => {
    await engine.stop();
    worker.remove();
  });

  /** As the lab's program does: it asks until the iteration is completed. */
  async function train(): Promise<string> {
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
    });
    const { id, status } = await engine.training.trainProject(projectId);
    expect(status).toBe('Training');
    await ended;
    const iteration = await engine.training.getIteration(projectId, id!);
    expect(iteration).toMatchObject({ status: 'Completed', trainedAt: expect.any(Date) });
    return id!;
  }

  async function classifyAll(): Promise<void> {
    for (const fruit of fruits) {
      for (const photo of photosOf('more', fruit)) {
        const { predictions = [] } = await engine.prediction.classifyImage(
          projectId,
          modelName,
          photo,
        );
        const likely = predictions.filter(({ probability = 0 }) => probability > 0.5);
        expect(likely.map(({ tagName }) => tagName)).toEqual([fruit]);
      }
    }
  }

  test('a project, its tags and their photos', { timeout: patient }, async () => {
    const { training } = engine;
    const food = (await training.getDomains()).find(({ name }) => name === 'Food');
    const project = await training.createProject('Classify Fruit', {
      domainId: food!.id!,
      classificationType: 'Multiclass',
    });
    projectId = project.id!;
    for (const fruit of fruits) {
      const { id } = await training.createTag(projectId, fruit);
      tagIds.set(fruit, id!);
      const batch = await training.createImagesFromFiles(projectId, {
        images: photosOf('train', fruit).map((contents) => ({ contents, tagIds: [id!] })),
      });
      expect(batch.isBatchSuccessful).toBe(true);
    }
    const { body } = await training.getTaggedImageCount(projectId);
    expect(body).toBe(45);
  });

  test('training, performance, publishing', { timeout: patient }, async () => {
    iterationId = await train();
    const performance = await engine.training.getIterationPerformance(projectId, iterationId, {
      threshold: 0.5,
    });
    for (const value of [performance.precision, performance.recall, performance.averagePrecision]) {
      expect(value).toBeGreaterThan(0.9);
    }
    const { body } = await engine.training.publishIteration(
      projectId,
      iterationId,
      modelName,
      'prediction-resource',
    );
    expect(body).toBe(true);
    await classifyAll();
  });

  test('two more photos of each, and another training', { timeout: patient }, async () => {
    const { training } = engine;
    for (const fruit of fruits) {
      for (const photo of photosOf('more', fruit).slice(0, 2)) {
        await training.createImagesFromData(projectId, photo, { tagIds: [tagIds.get(fruit)!] });
      }
    }
    const second = await train();
    const iterations = await training.getIterations(projectId);
    expect(iterations.map(({ name, publishName }) => [name, publishName])).toEqual([
      ['Iteration 2', null],
      ['Iteration 1', modelName],
    ]);
    expect((await training.getImagePerformanceCount(projectId, second)).body).toBe(51);
    await training.publishIteration(projectId, second, modelName, 'prediction-resource', {
      overwrite: true,
    });
    await classifyAll();
  });
});
