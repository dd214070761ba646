import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domains.ts';
import { openStore } from '../../store/store.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;

const iteration = '22222222-0000-4000-8000-000000000000';
const otherIteration = '33333333-0000-4000-8000-000000000000';
const apple = 'aaaaaaaa-0000-4000-8000-000000000000';
const bread = 'bbbbbbbb-0000-4000-8000-000000000000';
const idOf = (place: number): string =>
  `11111111-0000-4000-8000-${String(place).padStart(12, '0')}`;
const timeOf = (place: number): string => new Date(Date.UTC(2026, 0, 1, 0, place)).toISOString();

/** How sure of an apple; the rest is bread. In the order of their time, one minute apart. */
const apples = [0.9, 0.55, 0.2, 0.7, 0.99];

beforeAll(async () => {
  shop = await runEngine();
  project = (await shop.training.createProject('Shop')).id!;
  const store = openStore(shop.dataDir);
  const photo = await store.photos.keep(drawPhoto('tomato', 1, 300, 200));
  apples.forEach((probability, place) =>
    store.predictions.keep({
      id: idOf(place),
      projectId: project,
      iterationId: place === 3 ? otherIteration : iteration,
      photo,
      predictions: [
        { probability, tagId: apple, tagName: 'apple', tagType: 'Regular' },
        { probability: 1 - probability, tagId: bread, tagName: 'bread', tagType: 'Regular' },
      ],
      createdAt: timeOf(place),
    }),
  );
  store.close();
});
afterAll(() => shop.stop());

type Token = Parameters<typeof shop.training.queryPredictions>[1];

async function places(token: Token): Promise<number[]> {
  const { results } = await shop.training.queryPredictions(project, token);
  return (results ?? []).map(({ id }) => Number(id?.slice(-12)));
}

/** Page by page, until there are no more. */
async function pages(token: Token): Promise<number[][]> {
  const { results = [], token: next } = await shop.training.queryPredictions(project, token);
  const page = results.map(({ id }) => Number(id?.slice(-12)));
  return next?.continuation ? [page, ...(await pages(next))] : [page];
}

describe('stored predictions', () => {
  test('are told with all that is known of them', async () => {
    const { results, token } = await shop.training.queryPredictions(project, { maxCount: 1 });
    expect(token).toMatchObject({ session: expect.any(String), maxCount: 1 });
    expect(results).toEqual([
      {
        id: idOf(4),
        project,
        iteration,
        created: new Date(timeOf(4)),
        domain: findDomain('general')!.id,
        originalImageUri: expect.stringContaining('/pictures/original/'),
        resizedImageUri: expect.stringContaining('/pictures/resized/'),
        thumbnailUri: expect.stringContaining('/pictures/thumbnail/'),
        predictions: [
          { probability: 0.99, tagId: apple, tagName: 'apple', tagType: 'Regular' },
          { probability: 1 - 0.99, tagId: bread, tagName: 'bread', tagType: 'Regular' },
        ],
      },
    ]);
    expect((await fetch(results![0]!.thumbnailUri!)).status).toBe(200);
  });

  test('come in pages, in any order, each once', async () => {
    expect(await pages({ maxCount: 2 })).toEqual([[4, 3], [2, 1], [0]]);
    expect(await pages({ maxCount: 5, orderBy: 'Oldest' })).toEqual([[0, 1, 2, 3, 4]]);
    expect(await pages({ maxCount: 3, orderBy: 'Suggested' })).toEqual([
      [1, 3, 2],
      [0, 4],
    ]);
  });

  test('are told apart by time, iteration and probability', async () => {
    expect(
      await places({ startTime: new Date(timeOf(1)), endTime: new Date(timeOf(3)) }),
    ).toEqual([3, 2, 1]);
    expect(await places({ iterationId: otherIteration.toUpperCase() })).toEqual([3]);
    expect(await places({ tags: [{ id: apple, minThreshold: 0.6, maxThreshold: 0.95 }] })).toEqual(
      [3, 0],
    );
    const both = [
      { id: apple, minThreshold: 0.5 },
      { id: bread.toUpperCase(), minThreshold: 0.4 },
    ];
    expect(await places({ tags: both })).toEqual([1]);
    expect(await pages({ tags: [{ id: apple, minThreshold: 0.6 }], maxCount: 2 })).toEqual([
      [4, 3],
      [0],
    ]);
  });

  test.each<[string, string]>([
    ['{"maxCount":257}', 'BadRequestPredictionResultsExceededCount'],
    ['{"maxCount":0}', 'BadRequestPredictionResultsExceededCount'],
    ['{"tags":[{"id":"a"},{"id":"b"},{"id":"c"}]}', 'BadRequestPredictionTagsExceededCount'],
    ['{"startTime":"soon"}', 'BadRequestPredictionInvalidQueryParameters'],
    ['{"iterationId":"7"}', 'BadRequestPredictionInvalidQueryParameters'],
    ['{"continuation":"bm90IG91cnM"}', 'BadRequestPredictionInvalidQueryParameters'],
    [
      '{"continuation":"bm90IG91cnM","orderBy":"Suggested"}',
      'BadRequestPredictionInvalidQueryParameters',
    ],
    ['{"application":"till"}', 'BadRequestNotSupported'],
    ['{"orderBy":"Best"}', 'BadRequest'],
    ['', 'BadRequestRequiredParamIsNull'],
  ])('asked for by %s are refused', async (body, code) => {
    const path = `projects/${project}/predictions/query`;
    const answer = await shop.call(path, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });

  test('are deleted', async () => {
    const { training } = shop;
    const answer = await training.deletePrediction(project, [idOf(0).toUpperCase(), idOf(9)]);
    expect(answer._response.status).toBe(204);
    expect(await places({})).toEqual([4, 3, 2, 1]);
    const none = await shop.call(`projects/${project}/predictions`, { method: 'DELETE' });
    expect(await none.json()).toMatchObject({ code: 'BadRequestPredictionIdsMissing' });
    const ids = Array.from({ length: 65 }, (_, place) => idOf(place)).join(',');
    const many = await shop.call(`projects/${project}/predictions?ids=${ids}`, {
      method: 'DELETE',
    });
    expect(await many.json()).toMatchObject({ code: 'BadRequestPredictionIdsExceededCount' });
    expect(await refusal(training.deletePrediction(project, ['7']))).toBeInstanceOf(Error);
  });
});
