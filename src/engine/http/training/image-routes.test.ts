import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findDomain } from '../../domain/domains.ts';
import type { Store } from '../../store/store.ts';
import { drawPhoto } from '../../testing/drawn-photos.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;
let apple: string;
let bread: string;
/** In the order in which they came: two apples, one bread, one of both, two of nothing. */
let ids: string[];
let iteration: string;

beforeAll(async () => {
  shop = await runEngine();
  const { training } = shop;
  project = (await training.createProject('Shop')).id!;
  apple = (await training.createTag(project, 'apple')).id!;
  bread = (await training.createTag(project, 'bread')).id!;
  const marks = [[apple], [apple], [bread], [apple, bread], [], []];
  const summary = await training.createImagesFromFiles(project, {
    images: marks.map((tagIds, index) => ({
      contents: drawPhoto('tomato', index + 1, 64, 48),
      tagIds,
    })),
  });
  ids = summary.images!.map(({ image }) => image!.id!);
  iteration = shop.withStore((store) => trained(store, project));
});
afterAll(() => shop.stop());

/** An iteration of what the project holds now, as a training leaves it. */
function trained(store: Store, projectId: string): string {
  const { id } = store.iterations.begin(projectId, { trainingType: 'Regular', reservedHours: 0 });
  store.trainings.takeContents(id);
  store.iterations.complete(id, {
    backboneId: 'b',
    fingerprint: 'f',
    head: Buffer.from('head'),
    report: {},
    trainingMs: 61_000,
  });
  return id;
}

const placesOf = (images: readonly { id?: string }[]): number[] =>
  images.map(({ id }) => ids.indexOf(id ?? ''));

describe('lists', () => {
  test('come newest first, in pages', async () => {
    const { training } = shop;
    expect(placesOf(await training.getImages(project))).toEqual([5, 4, 3, 2, 1, 0]);
    expect(
      placesOf(await training.getImages(project, { orderBy: 'Oldest', take: 2, skip: 1 })),
    ).toEqual([1, 2]);
    expect(placesOf(await training.getImages(project, { take: 0 }))).toEqual([]);
  });

  test('are told apart by what is tagged, and as what', async () => {
    const { training } = shop;
    const of = async (options: Parameters<typeof training.getImages>[1]) =>
      placesOf(await training.getImages(project, { orderBy: 'Oldest', ...options }));
    expect(await of({ taggingStatus: 'All' })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await of({ taggingStatus: 'Tagged' })).toEqual([0, 1, 2, 3]);
    expect(await of({ taggingStatus: 'Untagged' })).toEqual([4, 5]);
    expect(await of({ tagIds: [bread] })).toEqual([2, 3]);
    expect(await of({ tagIds: [apple, bread.toUpperCase()] })).toEqual([0, 1, 2, 3]);
    expect(placesOf(await training.getTaggedImages(project, { tagIds: [bread] }))).toEqual([3, 2]);
    expect(placesOf(await training.getUntaggedImages(project, { take: 1 }))).toEqual([5]);
  });

  test('of an iteration are as they were at its training', async () => {
    const { training } = shop;
    const iterationId = iteration;
    const all = await training.getImages(project, { iterationId });
    expect(placesOf(all)).toEqual([3, 2, 1, 0]);
    expect(all[0]).toMatchObject({
      width: 64,
      height: 48,
      originalImageUri: expect.stringContaining('/pictures/original/'),
      tags: [
        { tagId: expect.any(String), tagName: expect.stringMatching(/apple|bread/) },
        { tagId: expect.any(String), tagName: expect.stringMatching(/apple|bread/) },
      ],
    });
    expect(
      placesOf(await training.getTaggedImages(project, { iterationId, tagIds: [bread] })),
    ).toEqual([3, 2]);
    expect([...(await training.getUntaggedImages(project, { iterationId }))]).toEqual([]);
    expect((await training.getTaggedImageCount(project, { iterationId })).body).toBe(4);
    expect((await training.getUntaggedImageCount(project, { iterationId })).body).toBe(0);
    const byIds = await training.getImagesByIds(project, {
      iterationId,
      imageIds: [ids[4]!, ids[0]!],
    });
    expect(placesOf(byIds)).toEqual([0]);
    expect(
      (await training.getTags(project, { iterationId })).map(({ imageCount }) => imageCount),
    ).toEqual([3, 2]);
    expect(await training.getTag(project, apple, { iterationId })).toMatchObject({
      name: 'apple',
      imageCount: 3,
    });
  });

  test('take ids in the order asked for, without what is not there', async () => {
    const images = await shop.training.getImagesByIds(project, {
      imageIds: [ids[3]!.toUpperCase(), '00000000-0000-4000-8000-000000000000', ids[0]!],
    });
    expect(placesOf(images)).toEqual([3, 0]);
  });

  test.each([
    ['images?take=257', 'BadRequest'],
    ['images?take=-1', 'BadRequest'],
    ['images?skip=x', 'BadRequest'],
    ['images?orderBy=Best', 'BadRequest'],
    ['images?taggingStatus=Some', 'BadRequest'],
    ['images?tagIds=apple', 'BadRequestInvalidIds'],
    [`images?tagIds=${manyIds(21)}`, 'BadRequestExceededBatchSize'],
    [`images/id?imageIds=${manyIds(257)}`, 'BadRequestExceededBatchSize'],
    ['images?$filter=shelf', 'BadRequest'],
    ["images?$filter=shelf eq '1' and", 'BadRequest'],
  ])('asked for by %s are refused', async (query, code) => {
    const answer = await shop.call(`projects/${project}/${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code, message: expect.stringMatching(/\w/) });
  });

  test('of an iteration that is not there', async () => {
    const iterationId = '00000000-0000-4000-8000-000000000000';
    expect(await refusal(shop.training.getImages(project, { iterationId }))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundIteration' },
    });
  });
});

function manyIds(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  ).join(',');
}

describe('counts', () => {
  test('say how many a list would be', async () => {
    const { training } = shop;
    const count = async (options?: Parameters<typeof training.getImageCount>[1]) =>
      (await training.getImageCount(project, options)).body;
    expect(await count()).toBe(6);
    expect(await count({ taggingStatus: 'Tagged' })).toBe(4);
    expect(await count({ taggingStatus: 'Untagged' })).toBe(2);
    expect(await count({ tagIds: [apple] })).toBe(3);
    expect(await count({ tagIds: [apple, bread] })).toBe(4);
    expect(await count({ tagIds: [apple], taggingStatus: 'Untagged' })).toBe(0);
    expect((await training.getTaggedImageCount(project)).body).toBe(4);
    expect((await training.getTaggedImageCount(project, { tagIds: [bread] })).body).toBe(2);
    expect((await training.getUntaggedImageCount(project)).body).toBe(2);
  });
});

describe('metadata', () => {
  test('is set, told and looked for', async () => {
    const { training } = shop;
    const summary = await training.updateImageMetadata(
      project,
      [ids[0]!, ids[1]!.toUpperCase(), '00000000-0000-4000-8000-000000000000'],
      { shelf: '7', lamp: "it's on" },
    );
    expect(summary._response.status).toBe(207);
    expect(summary.isBatchSuccessful).toBe(false);
    expect(summary.images?.map(({ status }) => status)).toEqual(['OK', 'OK', 'ErrorImageNotFound']);
    expect(summary.images?.[0]).toEqual({
      imageId: ids[0],
      status: 'OK',
      metadata: { shelf: '7', lamp: "it's on" },
    });
    const more = await training.updateImageMetadata(project, [ids[1]!], { shelf: '8' });
    expect(more._response.status).toBe(200);
    expect(more.images?.[0]?.metadata).toEqual({ shelf: '8', lamp: "it's on" });

    const named = await training.updateImageMetadata(project, [ids[2]!], { Shelf: '9' });
    expect(named.images?.[0]?.metadata).toMatchObject({ Shelf: '9' });

    const found = async (filter: string) =>
      placesOf(await training.getImages(project, { filter, orderBy: 'Oldest' }));
    expect(await found("shelf eq '7'")).toEqual([0]);
    expect(await found("metadata=shelf eq '7' or shelf eq '8'")).toEqual([0, 1]);
    expect(await found("lamp eq 'it''s on' and shelf ne '7'")).toEqual([1]);
    expect(await found("shelf ne '7'")).toEqual([1, 2, 3, 4, 5]);
    expect((await training.getImageCount(project, { filter: "lamp eq 'it''s on'" })).body).toBe(2);
    const call = training.getImages(project, { filter: "shelf eq '7'", iterationId: iteration });
    expect((await refusal(call)).body.code).toBe('BadRequestNotSupported');
  });

  test('has ten pairs an image', async () => {
    const pairs = (first: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${first + index}`, 'v']));
    await shop.training.updateImageMetadata(project, [ids[5]!], pairs(0, 10));
    const summary = await shop.training.updateImageMetadata(project, [ids[5]!], pairs(10, 1));
    expect(summary.images?.[0]?.status).toBe('ErrorLimitExceed');
    const [image] = await shop.training.getImagesByIds(project, { imageIds: [ids[5]!] });
    expect(image?.metadata).toEqual(pairs(0, 10));
  });
});

describe('deleting', () => {
  async function fresh(): Promise<{ other: string; images: string[]; iterationId: string }> {
    const { training } = shop;
    const other = (await training.createProject(`Other ${Math.random()}`)).id!;
    const tag = (await training.createTag(other, 'tag')).id!;
    const summary = await training.createImagesFromFiles(other, {
      images: [11, 12].map((seed) => ({ contents: drawPhoto('banana', seed, 64, 48) })),
      tagIds: [tag],
    });
    const images = summary.images!.map(({ image }) => image!.id!);
    return { other, images, iterationId: shop.withStore((store) => trained(store, other)) };
  }

  test('some leaves an iteration what it was trained on', async () => {
    const { training } = shop;
    const { other, images, iterationId } = await fresh();
    const [uri] = (await training.getImages(other, { iterationId, orderBy: 'Oldest' })).map(
      ({ originalImageUri }) => originalImageUri!,
    );
    const answer = await training.deleteImages(other, { imageIds: [images[0]!.toUpperCase()] });
    expect(answer._response.status).toBe(204);
    expect((await training.getImageCount(other)).body).toBe(1);
    expect((await training.getImageCount(other, { iterationId })).body).toBe(2);
    expect((await fetch(uri!)).status).toBe(200);
    await training.deleteProject(other);
  });

  test('everywhere leaves nothing', async () => {
    const { training } = shop;
    const { other, images, iterationId } = await fresh();
    const answer = await training.deleteImages(other, { imageIds: images, allIterations: true });
    expect(answer._response.status).toBe(202);
    expect((await training.getImageCount(other, { iterationId })).body).toBe(0);
    await training.deleteProject(other);
  });

  test('all', async () => {
    const { training } = shop;
    const { other, images, iterationId } = await fresh();
    const answer = await training.deleteImages(other, { allImages: true });
    expect(answer._response.status).toBe(202);
    expect((await training.getImageCount(other)).body).toBe(0);
    expect((await training.getTags(other)).map(({ imageCount }) => imageCount)).toEqual([0]);
    expect((await training.getImageCount(other, { iterationId })).body).toBe(2);
    // What is gone may be asked to go again, as after a lost answer.
    await training.deleteImages(other, { imageIds: images });
    await training.deleteProject(other);
  });

  test.each(['', '?imageIds=x', `?allImages=true&imageIds=${manyIds(1)}`, '?allImages=maybe'])(
    'by %j is refused',
    async (query) => {
      const path = `projects/${project}/images${query}`;
      const answer = await shop.call(path, { method: 'DELETE' });
      expect(answer.status).toBe(400);
      expect((await shop.training.getImageCount(project)).body).toBe(6);
    },
  );
});

describe('tags of images', () => {
  test('are set and removed', async () => {
    const { training } = shop;
    const [first, , , , plain] = ids;
    const summary = await training.createImageTags(project, {
      tags: [
        { imageId: plain!.toUpperCase(), tagId: bread },
        { imageId: plain!, tagId: bread.toUpperCase() },
        { imageId: first!, tagId: apple },
      ],
    });
    expect(summary).toMatchObject({
      created: [{ imageId: plain, tagId: bread }],
      duplicated: [
        { imageId: plain, tagId: bread },
        { imageId: first, tagId: apple },
      ],
      exceeded: [],
    });
    expect((await training.getTag(project, bread)).imageCount).toBe(3);
    const answer = await training.deleteImageTags(
      project,
      [plain!.toUpperCase()],
      [bread.toUpperCase()],
    );
    expect(answer._response.status).toBe(204);
    expect((await training.getTag(project, bread)).imageCount).toBe(2);
    expect((await training.getUntaggedImageCount(project)).body).toBe(2);
  });

  test('are one an image where the project is multiclass', async () => {
    const { training } = shop;
    const other = (await training.createProject('Classes', { classificationType: 'Multiclass' }))
      .id!;
    const [one, two] = [
      (await training.createTag(other, 'one')).id!,
      (await training.createTag(other, 'two')).id!,
    ];
    const summary = await training.createImagesFromData(other, drawPhoto('star', 1, 64, 48), {
      tagIds: [one],
    });
    const imageId = summary.images![0]!.image!.id!;
    expect(
      await training.createImageTags(other, { tags: [{ imageId, tagId: two }] }),
    ).toMatchObject({ created: [], duplicated: [], exceeded: [{ imageId, tagId: two }] });
    await training.deleteProject(other);
  });

  test('negative and regular do not go together', async () => {
    const { training } = shop;
    const nothing = (await training.createTag(project, 'none', { type: 'Negative' })).id!;
    const call = training.createImageTags(project, {
      tags: [{ imageId: ids[0]!, tagId: nothing }],
    });
    expect((await refusal(call)).body.code).toBe('BadRequestNegativeAndRegularTagOnSameImage');
    await training.deleteTag(project, nothing);
  });

  test.each<[string, string, () => unknown]>([
    ['an unknown image', 'BadRequestInvalidIds', () => [{ imageId: apple, tagId: apple }]],
    ['an unknown tag', 'BadRequestInvalidIds', () => [{ imageId: ids[0], tagId: ids[0] }]],
    ['what is no id', 'BadRequestInvalidIds', () => [{ imageId: '7', tagId: apple }]],
    ['what is no list', 'BadRequest', () => 'tags'],
    [
      'too many',
      'BadRequestExceededBatchSize',
      () => Array.from({ length: 129 }, () => ({ imageId: ids[0], tagId: apple })),
    ],
  ])('of %s are refused', async (_, code, tags) => {
    const answer = await shop.call(`projects/${project}/images/tags`, {
      method: 'POST',
      body: JSON.stringify({ tags: tags() }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });
});

describe('regions', () => {
  test('are set and removed in a project for detection', async () => {
    const { training } = shop;
    const other = (await training.createProject('Boxes', { domainId: findDomain('detection')!.id }))
      .id!;
    const tagId = (await training.createTag(other, 'one')).id!;
    const uploaded = await training.createImagesFromData(other, drawPhoto('star', 2, 64, 48));
    const imageId = uploaded.images![0]!.image!.id!;
    const region = { imageId, tagId, left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
    const summary = await training.createImageRegions(other, {
      regions: [region, region, { ...region, left: 0.5, width: 0.5 }],
    });
    expect(summary.created).toEqual([
      { ...region, regionId: expect.any(String), tagName: 'one', created: expect.any(Date) },
      {
        ...region,
        left: 0.5,
        width: 0.5,
        regionId: expect.any(String),
        tagName: 'one',
        created: expect.any(Date),
      },
    ]);
    expect(summary.duplicated).toEqual([region]);
    expect(summary.exceeded).toEqual([]);
    const [image] = await training.getTaggedImages(other, { tagIds: [tagId] });
    expect(image?.regions?.map(({ regionId }) => regionId)).toEqual(
      summary.created?.map(({ regionId }) => regionId),
    );

    const iterationId = shop.withStore((store) => trained(store, other));
    const [then] = await training.getImages(other, { iterationId });
    expect(then?.regions).toMatchObject([
      { regionId: summary.created![0]!.regionId, tagName: 'one', left: 0.1, height: 0.4 },
      { left: 0.5 },
    ]);

    for (const { regionId } of summary.created ?? []) {
      const answer = await training.deleteImageRegions(other, [regionId!.toUpperCase()]);
      expect(answer._response.status).toBe(204);
    }
    expect((await training.getTaggedImageCount(other)).body).toBe(0);

    for (const wrong of [{ left: -0.1 }, { width: 0 }, { height: 0.9 }, { top: 2 }]) {
      const call = training.createImageRegions(other, { regions: [{ ...region, ...wrong }] });
      expect((await refusal(call)).body.code).toBe('BadRequestImageRegions');
    }
    await training.deleteProject(other);
  });

  test('are nothing for a project for classification', async () => {
    const region = { imageId: ids[0]!, tagId: apple, left: 0, top: 0, width: 1, height: 1 };
    const call = shop.training.createImageRegions(project, { regions: [region] });
    expect(await refusal(call)).toMatchObject({
      statusCode: 400,
      body: { message: 'Invalid project type for operation.' },
    });
  });
});

describe('what is not offered says so', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['QuerySuggestedImages', () => shop.training.querySuggestedImages(project, iteration, {})],
    [
      'QuerySuggestedImageCount',
      () => shop.training.querySuggestedImageCount(project, iteration, {}),
    ],
  ])('%s', async (name, call) => {
    expect(await refusal(call())).toMatchObject({
      statusCode: 501,
      body: { code: 'BadRequestNotSupported', message: expect.stringContaining(name) },
    });
  });
});
