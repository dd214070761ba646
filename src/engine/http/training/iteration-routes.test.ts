import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;

beforeAll(async () => {
  shop = await runEngine();
  const domainId = findDomain('food')!.id;
  project = (await shop.training.createProject('Shop', { domainId })).id!;
});
afterAll(() => shop.stop());

function begun(): string {
  return shop.withStore(
    ({ iterations }) =>
      iterations.begin(project, { trainingType: 'Advanced', reservedHours: 2 }).id,
  );
}

function completed(): string {
  const id = begun();
  shop.withStore(({ iterations }) =>
    iterations.complete(id, {
      backboneId: 'b',
      fingerprint: 'f',
      head: Buffer.from('head'),
      report: {},
      trainingMs: 61_000,
    }),
  );
  return id;
}

describe('an iteration', () => {
  test('is told with all that is known of it', async () => {
    const id = completed();
    const { _response: _, ...iteration } = await shop.training.getIteration(
      project,
      id.toUpperCase(),
    );
    expect(iteration).toEqual({
      id,
      name: expect.stringMatching(/^Iteration \d+$/),
      status: 'Completed',
      created: expect.any(Date),
      lastModified: expect.any(Date),
      trainedAt: expect.any(Date),
      projectId: project,
      exportable: true,
      exportableTo: ['ONNX'],
      domainId: findDomain('food')!.id,
      classificationType: 'Multilabel',
      trainingType: 'Advanced',
      reservedBudgetInHours: 2,
      trainingTimeInMinutes: 2,
      publishName: null,
      originalPublishResourceId: null,
      customBaseModelInfo: null,
      trainingErrorDetails: null,
    });
    const list = await shop.training.getIterations(project);
    expect(list.find((each) => each.id === id)).toEqual(iteration);
    expect(list[0]?.id).toBe(id);
  });

  test('that failed says why', async () => {
    const id = begun();
    shop.withStore(({ iterations }) => iterations.fail(id, 'The lamp was off.'));
    expect(await shop.training.getIteration(project, id)).toMatchObject({
      status: 'Failed',
      exportable: false,
      exportableTo: [],
      trainingErrorDetails: 'The lamp was off.',
    });
  });

  test('is renamed, but not to a name that is there', async () => {
    const { training } = shop;
    const [one, two] = [completed(), completed()];
    expect((await training.updateIteration(project, one, { name: 'spring' })).name).toBe('spring');
    expect((await training.getIteration(project, one)).name).toBe('spring');
    const call = training.updateIteration(project, two, { name: 'spring' });
    expect((await refusal(call)).body.code).toBe('BadRequestIterationNameNotUnique');
    const blank = training.updateIteration(project, two, { name: ' ' });
    expect((await refusal(blank)).body.code).toBe('BadRequestIterationName');
  });

  test('is deleted unless it is published or being trained', async () => {
    const { training } = shop;
    const id = completed();
    await training.publishIteration(project, id, 'to-go', '/subscriptions/1');
    expect(await refusal(training.deleteIteration(project, id))).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestIterationIsPublished' },
    });
    await training.unpublishIteration(project, id);
    await training.deleteIteration(project, id);
    expect(await refusal(training.getIteration(project, id))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundIteration' },
    });
    const call = training.deleteIteration(project, begun());
    expect((await refusal(call)).body.code).toBe('BadRequestTrainingAlreadyInProgress');
  });

  test('of another project is not found', async () => {
    const other = (await shop.training.createProject('Other')).id!;
    const call = shop.training.getIteration(other, completed());
    expect((await refusal(call)).statusCode).toBe(404);
  });
});

describe('publishing', () => {
  test('gives a name, once, and takes it away again', async () => {
    const { training } = shop;
    const id = completed();
    const answer = await training.publishIteration(project, id, 'live-1.0_b', '/resource');
    expect(answer.body).toBe(true);
    expect(await training.getIteration(project, id)).toMatchObject({
      publishName: 'live-1.0_b',
      originalPublishResourceId: '/resource',
    });
    const again = training.publishIteration(project, id, 'other', '/resource');
    expect(await refusal(again)).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestIterationIsPublished' },
    });
    expect((await training.unpublishIteration(project, id))._response.status).toBe(204);
    expect(await refusal(training.unpublishIteration(project, id))).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestIterationNotPublished' },
    });
  });

  test('under a name that another has needs the word overwrite', async () => {
    const { training } = shop;
    const [old, next] = [completed(), completed()];
    await training.publishIteration(project, old, 'shop-live', 'r');
    const call = training.publishIteration(project, next, 'shop-live', 'r');
    expect((await refusal(call)).body.code).toBe('BadRequestInvalidPublishName');
    await training.publishIteration(project, next, 'shop-live', 'r', { overwrite: true });
    expect((await training.getIteration(project, next)).publishName).toBe('shop-live');
    expect((await training.getIteration(project, old)).publishName).toBeNull();
  });

  test.each(['a b', 'a/b', 'ä', '', 'x'.repeat(129)])('as %j is refused', async (name) => {
    const query = `publishName=${encodeURIComponent(name)}&predictionId=r`;
    const path = `projects/${project}/iterations/${completed()}/publish?${query}`;
    const answer = await shop.call(path, { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: name === '' ? 'BadRequestRequiredParamIsNull' : 'BadRequestInvalidPublishName',
    });
  });

  test('waits for the training', async () => {
    const call = shop.training.publishIteration(project, begun(), 'early', 'r');
    expect((await refusal(call)).body.code).toBe('BadRequestIterationIsNotTrained');
  });
});
