import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { TrainingAPIModels } from '@azure/cognitiveservices-customvision-training';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { limits } from '../../domain/limits.ts';
import type { ClassificationType } from '../../store/project-store.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import type { TagType } from '../../domain/tag-type.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import type { DrawnThing } from '../../testing/drawn-photos.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';
import { buildTrainingWorker } from '../../testing/training-worker.ts';
import type { BuiltWorker } from '../../testing/training-worker.ts';

let worker: BuiltWorker;
let shop: RunningEngine;
let store: Store;
let ended: (iterationId: string) => Promise<void>;

beforeAll(async () => {
  worker = await buildTrainingWorker();
  const endings = new Map<string, () => void>();
  const over = new Map<string, Promise<void>>();
  ended = (iterationId) => {
    const known = over.get(iterationId);
    if (known) return known;
    const ending = new Promise<void>((resolve) => endings.set(iterationId, resolve));
    over.set(iterationId, ending);
    return ending;
  };
  shop = await runEngine({
    trainingWorkerUrl: worker.url,
    onEvent({ event, iterationId }) {
      if (event !== 'training-completed' && event !== 'training-failed') return;
      void ended(String(iterationId));
      endings.get(String(iterationId))?.();
    },
  });
  store = openStore(shop.dataDir);
});
afterAll(async () => {
  store.close();
  await shop.stop();
  worker.remove();
});

type Contents = Readonly<
  Record<string, { readonly thing: DrawnThing; readonly photos: number; readonly type?: TagType }>
>;

const enough = { thing: 'tomato', photos: 5 } as const;
const plain: Contents = { tomato: enough, milk: { thing: 'carton', photos: 5 } };
let number = 0;

async function project(
  contents: Contents,
  {
    classificationType = 'Multiclass',
    domain = 'food',
  }: { classificationType?: ClassificationType; domain?: string } = {},
): Promise<string> {
  const { id } = store.projects.create({
    name: `Shop ${(number += 1)}`,
    domainId: findDomain(domain)!.id,
    classificationType,
  });
  for (const [name, { thing, photos, type = 'Regular' }] of Object.entries(contents)) {
    const tag = store.tags.create(id, { name, type });
    for (let seed = 1; seed <= photos; seed += 1) {
      const photo = await store.photos.keep(drawPhoto(thing, seed));
      store.images.add(id, [{ photo, width: 320, height: 240, tagIds: [tag.id] }]);
    }
  }
  return id;
}

async function trained(
  projectId: string,
  options?: TrainingAPIModels.TrainingAPIClientTrainProjectOptionalParams,
): Promise<TrainingAPIModels.Iteration> {
  const { id } = await shop.training.trainProject(projectId, options);
  await ended(id!);
  const iteration = store.iterations.get(projectId, id!)!;
  expect(iteration.errorDetails).toBeNull();
  expect(iteration.status).toBe('Completed');
  return { id: iteration.id, name: iteration.name };
}

const nobody = '00000000-0000-4000-8000-000000000000';
const unseen = drawPhoto('carton', 1_000);

describe('a project that is trained', () => {
  let projectId: string;
  let iteration: TrainingAPIModels.Iteration;

  beforeAll(async () => {
    projectId = await project({ ...plain, banana: { thing: 'banana', photos: 7 } });
    const { _response: _, ...begun } = await shop.training.trainProject(projectId);
    expect(begun).toMatchObject({
      name: 'Iteration 1',
      status: 'Training',
      projectId,
      domainId: findDomain('food')!.id,
      classificationType: 'Multiclass',
      trainingType: 'Regular',
      reservedBudgetInHours: 0,
      exportable: false,
    });
    expect(begun.trainedAt).toBeNull();
    expect(
      await refusal(shop.training.trainProject(projectId, { forceTrain: true })),
    ).toMatchObject({ statusCode: 400, body: { code: 'BadRequestTrainingAlreadyInProgress' } });
    expect(
      await refusal(shop.training.getIterationPerformance(projectId, begun.id!)),
    ).toMatchObject({ body: { code: 'BadRequestIterationIsNotTrained' } });
    await ended(begun.id!);
    iteration = begun;
  });

  test('tells its performance, by tag and in all', async () => {
    const { _response: _, ...all } = await shop.training.getIterationPerformance(
      projectId,
      iteration.id!,
      { threshold: 0.3 },
    );
    expect(all.perTagPerformance?.map(({ name }) => name)).toEqual(['banana', 'milk', 'tomato']);
    for (const each of [all, ...(all.perTagPerformance ?? [])]) {
      for (const value of [each.precision, each.recall, each.averagePrecision]) {
        expect(value).toBeGreaterThan(0.5);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(each.precisionStdDeviation).toBeGreaterThanOrEqual(0);
      expect(each.recallStdDeviation).toBeLessThan(0.5);
    }
    const sure = await shop.training.getIterationPerformance(projectId, iteration.id!, {
      threshold: 1,
      overlapThreshold: 0.5,
    });
    expect(sure.recall).toBeLessThan(all.recall!);
    expect(sure.averagePrecision).toBe(all.averagePrecision);
  });

  test('tells of each image what it was taken for', async () => {
    const { training } = shop;
    const id = iteration.id!;
    const [banana] = await training.getTags(projectId);
    const tagIds = [banana!.id!];
    expect((await training.getImagePerformanceCount(projectId, id)).body).toBe(17);
    expect((await training.getImagePerformanceCount(projectId, id, { tagIds })).body).toBe(7);

    const newest = await training.getImagePerformances(projectId, id, { tagIds, take: 4 });
    const rest = await training.getImagePerformances(projectId, id, { tagIds, skip: 4 });
    const oldest = await training.getImagePerformances(projectId, id, {
      tagIds,
      orderBy: 'Oldest',
    });
    expect([newest.length, rest.length]).toEqual([4, 3]);
    expect(oldest.map((image) => image.id)).toEqual(
      [...newest, ...rest].map((image) => image.id).toReversed(),
    );
    const right = oldest.filter(({ predictions }) => predictions?.[0]?.tagName === 'banana');
    expect(right.length).toBeGreaterThan(4);
    const [image] = oldest;
    expect(image).toMatchObject({
      width: 320,
      height: 240,
      created: expect.any(Date),
      tags: [{ tagId: banana!.id, tagName: 'banana', created: expect.any(Date) }],
      regions: [],
    });
    expect(image!.predictions).toHaveLength(3);
    for (const uri of [image!.imageUri, image!.thumbnailUri]) expect(uri).toMatch(/^http/);
  });

  test('is tried with a picture before it is published', async () => {
    const { _response: _, ...answer } = await shop.training.quickTestImage(projectId, unseen, {
      store: false,
    });
    expect(answer).toMatchObject({
      project: projectId,
      iteration: iteration.id,
      created: expect.any(Date),
    });
    expect(answer.predictions?.[0]).toMatchObject({ tagName: 'milk', tagType: 'Regular' });
    expect(store.predictions.count(projectId)).toBe(0);

    await shop.training.quickTestImage(projectId, unseen, { iterationId: iteration.id! });
    expect(store.predictions.count(projectId)).toBe(1);
    expect(
      await refusal(shop.training.quickTestImageUrl(projectId, { url: 'http://127.0.0.1:9/x' })),
    ).toMatchObject({ body: { code: 'BadRequestImageUrl' } });
  });
});

test('what is trained is not trained again until something changed, or it must be', async () => {
  const projectId = await project(plain);
  await trained(projectId);
  expect(await refusal(shop.training.trainProject(projectId))).toMatchObject({
    statusCode: 400,
    body: {
      code: 'BadRequestTrainingNotNeeded',
      message: 'Nothing changed since last training',
    },
  });
  const forced = await trained(projectId, { forceTrain: true });
  expect(forced.name).toBe('Iteration 2');
  const advanced = await trained(projectId, {
    trainingType: 'Advanced',
    reservedBudgetInHours: 1,
  });
  expect(advanced.name).toBe('Iteration 3');
  const [milk] = store.tags.list(projectId);
  const photo = await store.photos.keep(unseen);
  store.images.add(projectId, [{ photo, width: 320, height: 240, tagIds: [milk!.id] }]);
  const more = await trained(projectId);
  expect((await shop.training.getImagePerformanceCount(projectId, more.id!)).body).toBe(11);
});

test('several tags of one picture', async () => {
  const projectId = await project(plain, { classificationType: 'Multilabel' });
  const red = store.tags.create(projectId, { name: 'red' });
  const [, tomato] = store.tags.list(projectId).filter(({ name }) => name !== 'red');
  const page = { order: 'Newest', take: 50, skip: 0 } as const;
  const tomatoes = store.images.list(projectId, { tagIds: [tomato!.id] }, page);
  store.images.addTags(
    projectId,
    tomatoes.map(({ id: imageId }) => ({ imageId, tagId: red.id })),
  );
  const { id } = await trained(projectId);
  const answer = await shop.training.quickTestImage(projectId, drawPhoto('tomato', 1_000));
  const found = answer.predictions?.filter(({ probability = 0 }) => probability > 0.5);
  expect(found?.map(({ tagName }) => tagName).toSorted()).toEqual(['red', 'tomato']);
  const performance = await shop.training.getIterationPerformance(projectId, id!);
  expect(performance.recall).toBeGreaterThan(0.6);
});

test('projects wait for one another', async () => {
  const ids = [await project(plain), await project(plain)];
  const begun = await Promise.all(ids.map((id) => shop.training.trainProject(id)));
  for (const { id } of begun) await ended(id!);
  const times = begun.map(({ id }, place) => store.iterations.get(ids[place]!, id!)!);
  expect(times.map(({ status }) => status)).toEqual(['Completed', 'Completed']);
});

test('a photo that was lost fails the training by its name', async () => {
  const projectId = await project(plain);
  const page = { order: 'Oldest', take: 1, skip: 0 } as const;
  const [image] = store.images.list(projectId, {}, page);
  store.features.forget([image!.photo]);
  rmSync(join(shop.dataDir, 'photos', image!.photo.slice(0, 2), image!.photo));
  const { id } = await shop.training.trainProject(projectId);
  await ended(id!);
  expect(store.iterations.get(projectId, id!)).toMatchObject({
    status: 'Failed',
    errorDetails: expect.stringContaining(`image ${image!.id} ("tomato")`),
  });
  await store.photos.keep(drawPhoto('tomato', 1));
  await trained(projectId);
});

describe('refused', () => {
  const few = { thing: 'banana', photos: 2 } as const;
  test.each<[string, Contents, Parameters<typeof project>[1], string, RegExp]>([
    [
      'one tag alone',
      { tomato: enough },
      {},
      'BadRequestMultiClassClassificationTrainingValidationFailed',
      /at least 2 tags.*only "tomato"/,
    ],
    [
      'too few photos',
      { ...plain, banana: few, cup: { thing: 'star', photos: 0 } },
      { classificationType: 'Multilabel' },
      'BadRequestMultiLabelClassificationTrainingValidationFailed',
      /at least 5 images.*"banana" \(2\), "cup" \(0\)\.$/,
    ],
    [
      'too few photos for detection',
      plain,
      { domain: 'detection' },
      'BadRequestDetectionTrainingValidationFailed',
      /at least 15 images.*"milk" \(5\), "tomato" \(5\)/,
    ],
    [
      'a Negative tag for detection',
      { ...plain, nothing: { ...few, type: 'Negative' } },
      { domain: 'detection' },
      'BadRequestDetectionTrainingNotAllowNegativeTag',
      /"nothing"/,
    ],
  ])('%s', async (_, contents, options, code, message) => {
    const projectId = await project(contents, options);
    expect(await refusal(shop.training.trainProject(projectId))).toMatchObject({
      statusCode: 400,
      body: { code, message: expect.stringMatching(message) },
    });
    expect(store.iterations.list(projectId)).toEqual([]);
  });

  test('a photo of two tags that exclude one another', async () => {
    const projectId = await project(plain);
    const [image] = store.images.list(projectId, {}, { order: 'Oldest', take: 1, skip: 0 });
    const [milk] = store.tags.list(projectId);
    store.images.addTags(projectId, [{ imageId: image!.id, tagId: milk!.id }]);
    expect((await refusal(shop.training.trainProject(projectId))).body).toMatchObject({
      code: 'BadRequestMultiClassClassificationTrainingValidationFailed',
      message: expect.stringMatching(/An image has more than one tag/),
    });
  });

  test('a project that is being imported, until that is over', async () => {
    const projectId = await project(plain);
    store.imports.begin(projectId, 'service:elsewhere');
    const forced = shop.training.trainProject(projectId, { forceTrain: true });
    expect(await refusal(forced)).toMatchObject({
      statusCode: 400,
      body: {
        code: 'BadRequestTrainingValidationFailed',
        message: 'The project is being imported. Wait until its status is Succeeded.',
      },
    });
    expect(store.iterations.list(projectId)).toEqual([]);
    store.imports.end(projectId, 'Failed');
    await trained(projectId);
  });

  test('more iterations than a project may have', async () => {
    const projectId = await project(plain);
    for (let count = 0; count < limits.iterationsPerProject; count += 1) {
      const { id } = store.iterations.begin(projectId, {
        trainingType: 'Regular',
        reservedHours: 0,
      });
      store.iterations.fail(id, 'on purpose');
    }
    expect((await refusal(shop.training.trainProject(projectId))).body.code).toBe(
      'BadRequestExceedIterationPerProjectLimit',
    );
  });

  test.each<[TrainingAPIModels.TrainingAPIClientTrainProjectOptionalParams, string]>([
    [{ trainingType: 'Advanced' }, 'BadRequestReservedBudgetInHoursNotEnoughForAdvancedTraining'],
    [{ reservedBudgetInHours: 97 }, 'BadRequest'],
    [{ notificationEmailAddress: 'a@example.org' }, 'BadRequestNotSupported'],
  ])('%j', async (options, code) => {
    const projectId = await project(plain);
    expect((await refusal(shop.training.trainProject(projectId, options))).body.code).toBe(code);
  });

  test.each([
    { selectedTags: ['x'] },
    { customBaseModelInfo: { projectId: nobody, iterationId: nobody } },
  ])('a body with %j', async (body) => {
    const projectId = await project(plain);
    const answer = await shop.call(`projects/${projectId}/train`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BadRequestNotSupported' });
  });

  test('what needs a trained iteration, without one', async () => {
    const projectId = await project(plain);
    expect(await refusal(shop.training.quickTestImage(projectId, unseen))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundProjectDefaultIteration' },
    });
    const { id } = store.trainings.add(projectId, {
      backboneId: 'b',
      fingerprint: 'f',
      head: Uint8Array.of(1),
      report: {},
    });
    expect(await refusal(shop.training.getIterationPerformance(projectId, id))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundIterationPerformance' },
    });
    const threshold = shop.training.getIterationPerformance(projectId, id, { threshold: 2 });
    expect((await refusal(threshold)).body.message).toMatch(/threshold must be a number/);
  });
});
