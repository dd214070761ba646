import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { limits } from '../../domain/limits.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;

beforeAll(async () => {
  shop = await runEngine();
});
afterAll(() => shop.stop());

const food = findDomain('food')!.id;
const detection = findDomain('detection')!.id;
const nobody = '00000000-0000-4000-8000-000000000000';

describe('domains', () => {
  test('are listed as the service names them', async () => {
    const domains = await shop.training.getDomains();
    expect(domains.map(({ name, type }) => `${type}: ${name}`)).toEqual([
      'Classification: General',
      'Classification: Food',
      'Classification: Retail',
      'Classification: General (compact)',
      'ObjectDetection: General',
      'ObjectDetection: General (compact)',
    ]);
    const { _response: _, ...one } = await shop.training.getDomain(food);
    expect(one).toEqual(domains.find(({ id }) => id === food));
    expect(one).toMatchObject({ enabled: true, exportable: true, exportablePlatforms: ['ONNX'] });
  });

  test('an unknown one', async () => {
    expect(await refusal(shop.training.getDomain(nobody))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundDomain' },
    });
  });
});

describe('a project', () => {
  test('is made, read, listed, changed and deleted', async () => {
    const { training } = shop;
    const made = await training.createProject('Classify Fruit', {
      description: 'lab',
      domainId: food.toUpperCase(),
      classificationType: 'Multiclass',
      targetExportPlatforms: ['ONNX', 'CoreML'],
    });
    const { _response: _1, ...project } = made;
    expect(project).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: 'Classify Fruit',
      description: 'lab',
      settings: {
        domainId: food,
        classificationType: 'Multiclass',
        targetExportPlatforms: ['ONNX', 'CoreML'],
        useNegativeSet: true,
        detectionParameters: null,
        imageProcessingSettings: { augmentationMethods: {} },
      },
      created: expect.any(Date),
      lastModified: expect.any(Date),
      thumbnailUri: null,
      drModeEnabled: false,
      status: 'Succeeded',
    });
    const id = project.id!;
    const { _response: _2, ...read } = await training.getProject(id.toUpperCase());
    expect(read).toEqual(project);
    expect(await training.getProjects()).toContainEqual(project);

    const changed = await training.updateProject(id, {
      name: 'Fruit',
      description: '',
      settings: {
        domainId: findDomain('general')!.id,
        classificationType: 'Multilabel',
        imageProcessingSettings: { augmentationMethods: { rotation: false } },
      },
    });
    expect(changed).toMatchObject({
      id,
      name: 'Fruit',
      description: '',
      settings: {
        domainId: findDomain('general')!.id,
        classificationType: 'Multilabel',
        targetExportPlatforms: ['ONNX', 'CoreML'],
        imageProcessingSettings: { augmentationMethods: { rotation: false } },
      },
    });

    await training.deleteProject(id);
    for (const call of [training.getProject(id), training.deleteProject(id)]) {
      expect(await refusal(call)).toMatchObject({
        statusCode: 404,
        body: { code: 'NotFoundProject' },
      });
    }
  });

  test('takes what it is not told from the service', async () => {
    const { id, settings, description } = await shop.training.createProject('Plain');
    expect(description).toBe('');
    expect(settings).toMatchObject({
      domainId: findDomain('general')!.id,
      classificationType: 'Multilabel',
    });
    await shop.training.deleteProject(id!);
  });

  test('of a name that is there', async () => {
    const { training } = shop;
    const one = await training.createProject('One');
    const two = await training.createProject('Two');
    const { name: _, ...rest } = two;
    for (const call of [
      training.createProject('One'),
      training.updateProject(two.id!, { ...rest, name: 'One' }),
    ]) {
      expect(await refusal(call)).toMatchObject({
        statusCode: 400,
        body: { code: 'BadRequestProjectNameNotUnique' },
      });
    }
    await training.updateProject(one.id!, { ...one, description: 'its own name is no fault' });
    await training.deleteProject(one.id!);
    await training.deleteProject(two.id!);
  });

  test.each([
    ['no name', '', 'BadRequestRequiredParamIsNull'],
    ['a name of blanks', 'name=%20%20', 'BadRequestProjectName'],
    ['a name too long', `name=${'n'.repeat(257)}`, 'BadRequestProjectName'],
    [
      'a description too long',
      `name=n&description=${'d'.repeat(4097)}`,
      'BadRequestProjectDescription',
    ],
    ['an unknown domain', `name=n&domainId=${nobody}`, 'BadRequestProjectUnknownDomain'],
    ['an unknown type', 'name=n&classificationType=Many', 'BadRequestProjectUnknownClassification'],
    [
      'an unknown platform',
      'name=n&targetExportPlatforms=ONNX,Toaster',
      'BadRequestProjectUnsupportedExportPlatform',
    ],
  ])('with %s is refused', async (_, query, code) => {
    const answer = await shop.call(`projects?${query}`, { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ code, message: expect.stringMatching(/\w+ .+\.$/) });
  });

  test('does not change between classification and detection', async () => {
    const project = await shop.training.createProject('Boxes', { domainId: detection });
    const call = shop.training.updateProject(project.id!, {
      ...project,
      settings: { domainId: food },
    });
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { code: 'BadRequestProjectUnsupportedDomainTypeChange' },
    });
    await shop.training.deleteProject(project.id!);
  });

  test('does not export into Azure storage', async () => {
    const call = shop.training.createProject('Cloud', {
      options: { exportModelContainerUri: 'https://example.blob.core.windows.net/models' },
    });
    expect((await refusal(call)).body.code).toBe('BadRequestNotSupported');
  });

  test.each(['', '[]', '{"name":7}', '{"settings":"x"}', 'no json'])(
    'is not changed by the body %j',
    async (body) => {
      const { id } = await shop.training.createProject('Unchanged');
      const answer = await shop.call(`projects/${id}`, { method: 'PATCH', body });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: expect.stringMatching(/^BadRequest/) });
      await shop.training.deleteProject(id!);
    },
  );
});

test('a body that would keep all others waiting is refused unread', async () => {
  const { id } = await shop.training.createProject('Wide');
  const body = JSON.stringify({ description: 'x'.repeat(limits.batchTextBytes) });
  const answer = await shop.call(`projects/${id}`, { method: 'PATCH', body });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({
    message: `The request is larger than ${limits.batchTextBytes} bytes.`,
  });
  await shop.training.deleteProject(id!);
});

test('the prediction key is no training key', async () => {
  const answer = await shop.call('projects', {
    headers: { 'Training-Key': shop.engine.predictionKey },
  });
  expect(answer.status).toBe(401);
});
