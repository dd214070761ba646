import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { addRandomIteration } from '../../testing/random-head.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';
import { shippedBackbone } from '../../testing/shipped-backbone.ts';
import { entropyOf } from './suggestion-routes.ts';

const nobody = '00000000-0000-4000-8000-000000000000';
const untaggedPhotos = [1, 2].map((seed) => drawPhoto('tomato', seed, 96, 72));

let shop: RunningEngine;
let project: string;
let iteration: string;
let milk: string;
let untagged: readonly string[];
let tagged: string;

beforeAll(async () => {
  shop = await runEngine();
  const { training } = shop;
  project = (
    await training.createProject('Shop', {
      domainId: findDomain('food')!.id,
      classificationType: 'Multiclass',
    })
  ).id!;
  milk = (await training.createTag(project, 'milk')).id!;
  await training.createTag(project, 'bread');
  const { images } = await training.createImagesFromFiles(project, {
    images: [
      ...untaggedPhotos.map((contents) => ({ contents })),
      { contents: drawPhoto('carton', 3, 96, 72), tagIds: [milk] },
    ],
  });
  const ids = images!.map(({ image }) => image!.id!);
  untagged = ids.slice(0, 2);
  tagged = ids[2]!;
  iteration = shop.withStore((store) =>
    addRandomIteration(store, project, { backboneId: shippedBackbone.id }),
  );
});
afterAll(() => shop.stop());

describe('what untagged images seem to show', () => {
  test('is told of each in the order asked for, as a quick test tells it', async () => {
    const { training } = shop;
    const asked = untagged.toReversed();
    const suggestions = await training.suggestTagsAndRegions(project, iteration, asked);
    expect(suggestions.map(({ id }) => id)).toEqual(asked);
    for (const [place, suggestion] of suggestions.entries()) {
      const quick = await training.quickTestImage(project, untaggedPhotos.toReversed()[place]!, {
        iterationId: iteration,
        store: false,
      });
      const probabilities = quick.predictions!.map(({ probability }) => probability!);
      expect(suggestion).toEqual({
        id: asked[place],
        project,
        iteration,
        created: expect.any(Date) as Date,
        predictions: quick.predictions,
        predictionUncertainty: entropyOf(probabilities),
      });
      expect(probabilities).toHaveLength(2);
      expect(suggestion.predictions![0]!.probability).toBe(Math.max(...probabilities));
    }
    expect(shop.withStore((store) => store.predictions.count(project))).toBe(0);
  });

  test('is asked by the ids of the list of untagged images, and nothing is asked of none', async () => {
    const { training } = shop;
    const listed = (await training.getUntaggedImages(project)).map(({ id }) => id!);
    const suggestions = await training.suggestTagsAndRegions(project, iteration, listed);
    expect(suggestions.map(({ id }) => id)).toEqual(listed);
    expect([...(await training.suggestTagsAndRegions(project, iteration, []))]).toEqual([]);
  });

  test('is told also of a photo that is too large for a prediction', async () => {
    const { training } = shop;
    const bytes = Buffer.concat([drawPhoto('banana', 9, 96, 72), Buffer.alloc(5 * 1024 * 1024)]);
    const { images } = await training.createImagesFromFiles(project, {
      images: [{ contents: bytes }],
    });
    const id = images![0]!.image!.id!;
    const [suggestion] = await training.suggestTagsAndRegions(project, iteration, [id]);
    expect(suggestion).toMatchObject({ id, predictions: [{}, {}] });
    await training.deleteImages(project, { imageIds: [id] });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a tagged image',
      () => shop.training.suggestTagsAndRegions(project, iteration, [untagged[0]!, tagged]),
      'BadRequestInvalidIds',
    ],
    [
      'an image that is not there',
      () => shop.training.suggestTagsAndRegions(project, iteration, [nobody]),
      'BadRequestInvalidIds',
    ],
    [
      'an iteration that is not there',
      () => shop.training.suggestTagsAndRegions(project, nobody, [...untagged]),
      'NotFoundIteration',
    ],
    [
      'an iteration in training',
      () => {
        const { id } = shop.withStore((store) =>
          store.iterations.begin(project, { trainingType: 'Regular', reservedHours: 0 }),
        );
        return shop.training.suggestTagsAndRegions(project, id, [...untagged]);
      },
      'BadRequestIterationIsNotTrained',
    ],
  ])('is not told of %s', async (_, call, code) => {
    expect((await refusal(call())).body.code).toBe(code);
  });

  test.each([
    ['no iteration', `imageIds=${nobody}`, 'BadRequestRequiredParamIsNull'],
    [
      'more images than may be',
      `iterationId=${nobody}&imageIds=${Array.from({ length: 65 }, () => nobody).join(',')}`,
      'BadRequestExceededBatchSize',
    ],
  ])('is not told of %s', async (_, query, code) => {
    const path = `projects/${project}/tagsandregions/suggestions`;
    const given = query.replace(`iterationId=${nobody}`, `iterationId=${iteration}`);
    const answer = await shop.call(`${path}?${given}`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code }]);
  });
});

test.each([
  ['is sure', [1, 0], 0],
  ['is undecided between two', [0.5, 0.5], Math.log(2)],
  ['may be something else', [0.5], Math.log(2)],
  ['shows several things', [1, 1], Math.log(2)],
])('what %s has the entropy of that', (_, probabilities, entropy) => {
  expect(entropyOf(probabilities)).toBeCloseTo(entropy, 10);
});
