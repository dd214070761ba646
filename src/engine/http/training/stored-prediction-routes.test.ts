import { fastify } from 'fastify';
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

import { findDomain } from '../../domain/domains.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { createPathSigner } from '../signed-paths.ts';
import { addStoredPredictionRoutes } from './stored-prediction-routes.ts';

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
});
afterAll(() => shop.stop());

beforeEach(async () => {
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
afterEach(() => shop.training.deleteProject(project));

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
    expect(await places({ startTime: new Date(timeOf(1)), endTime: new Date(timeOf(3)) })).toEqual([
      3, 2, 1,
    ]);
    expect(await places({ iterationId: otherIteration.toUpperCase() })).toEqual([3]);
    expect(await places({ tags: [{ id: apple, minThreshold: 0.6, maxThreshold: 0.95 }] })).toEqual([
      3, 0,
    ]);
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

test('others get their turn while many are looked through, a few at a time', async () => {
  const store = openStore(temporaryFolder());
  onTestFinished(store.close);
  const { id: projectId } = store.projects.create({
    name: 'Shop',
    domainId: findDomain('general')!.id,
    classificationType: 'Multiclass',
  });
  for (let place = 0; place < 100; place += 1) {
    const predictions = [
      { probability: 0.5, tagId: apple, tagName: 'apple', tagType: 'Regular' } as const,
    ];
    store.predictions.keep({
      ...{ id: idOf(place), projectId, iterationId: iteration, photo: 'photo', predictions },
      createdAt: timeOf(place),
    });
  }
  let turn = 0;
  let asked: { readonly turn: number; readonly rows: number }[] = [];
  const watched: Store = {
    ...store,
    predictions: {
      ...store.predictions,
      query(...query) {
        const rows = store.predictions.query(...query);
        asked.push({ turn, rows: rows.length });
        return rows;
      },
    },
  };
  const server = fastify();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  addStoredPredictionRoutes(server, { store: watched, signer: createPathSigner('secret') });
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  for (const token of [
    { orderBy: 'Suggested', maxCount: 1 },
    { orderBy: 'Newest', tags: [{ id: apple, minThreshold: 0.9 }] },
  ]) {
    asked = [];
    await server.inject({
      method: 'POST',
      url: `/projects/${projectId}/predictions/query`,
      headers: { 'Content-Type': 'application/json' },
      payload: JSON.stringify(token),
    });
    expect(asked.reduce((sum, { rows }) => sum + rows, 0)).toBe(100);
    expect(Math.max(...asked.map(({ rows }) => rows))).toBeLessThanOrEqual(50);
    expect(new Set(asked.map((each) => each.turn)).size).toBe(asked.length);
  }
  isOver = true;
});
