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
import { limits } from '../../domain/limits.ts';
import type { NewImage } from '../../store/image-store.ts';
import { openStore } from '../../store/store.ts';
import { refusal, runEngine } from '../../testing/running-engine.ts';
import type { RunningEngine } from '../../testing/running-engine.ts';

let shop: RunningEngine;
let project: string;

beforeAll(async () => {
  shop = await runEngine();
});
afterAll(() => shop.stop());

beforeEach(async () => {
  project = (await shop.training.createProject('Shop')).id!;
});
afterEach(() => shop.training.deleteProject(project));

const classification = findDomain('general')!.id;
const detection = findDomain('detection')!.id;
const nobody = '00000000-0000-4000-8000-000000000000';

describe('a tag', () => {
  test('is made, read, listed, changed and deleted', async () => {
    const { training } = shop;
    const { _response: _1, ...tag } = await training.createTag(project, 'Ananas & Co, größer?', {
      description: 'sweet',
      type: 'Negative',
    });
    expect(tag).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: 'Ananas & Co, größer?',
      description: 'sweet',
      type: 'Negative',
      imageCount: 0,
    });
    const { _response: _2, ...read } = await training.getTag(project, tag.id!.toUpperCase());
    expect(read).toEqual(tag);
    expect([...(await training.getTags(project))]).toEqual([tag]);
    const changed = await training.updateTag(project, tag.id!, {
      name: 'pineapple',
      description: '',
      type: 'Regular',
    });
    expect(changed).toMatchObject({ id: tag.id, name: 'pineapple', type: 'Regular' });
    expect(changed.description).toBe('');
    await training.deleteTag(project, tag.id!);
    for (const call of [
      training.getTag(project, tag.id!),
      training.deleteTag(project, tag.id!),
      training.updateTag(project, tag.id!, { name: 'x', description: '', type: 'Regular' }),
    ]) {
      expect(await refusal(call)).toMatchObject({ statusCode: 404, body: { code: 'NotFoundTag' } });
    }
  });

  test('keeps no half of a character, which the next one of its name would clash with', async () => {
    const { id } = await shop.training.createTag(project, 'emoji');
    const answer = await shop.call(`projects/${project}/tags/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ name: 'half \ud83c' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BadRequestTagName' });
    await shop.training.updateTag(project, id!, { name: '🍌', description: '', type: 'Regular' });
    await shop.training.deleteTag(project, id!);
  });

  test('that was moved in may keep its name while it is changed', async () => {
    const name = 'milk,\nfresh';
    const { id } = shop.withStore((store) => store.tags.create(project, { name }));
    const changed = await shop.training.updateTag(project, id, {
      name,
      description: 'cold',
      type: 'Regular',
    });
    expect(changed).toMatchObject({ name, description: 'cold' });
    await shop.training.deleteTag(project, id);
  });

  test('is regular where nothing is said', async () => {
    const { id, type, description } = await shop.training.createTag(project, 'plain');
    expect({ type, description }).toEqual({ type: 'Regular', description: '' });
    await shop.training.deleteTag(project, id!);
  });

  test('of a name that is there', async () => {
    const { training } = shop;
    const one = await training.createTag(project, 'one');
    const two = await training.createTag(project, 'two');
    for (const call of [
      training.createTag(project, 'one'),
      training.updateTag(project, two.id!, { name: 'one', description: '', type: 'Regular' }),
    ]) {
      expect(await refusal(call)).toMatchObject({
        statusCode: 400,
        body: { code: 'BadRequestTagNameNotUnique' },
      });
    }
    await training.deleteTag(project, one.id!);
    await training.deleteTag(project, two.id!);
  });

  test.each(['Negative', 'GeneralProduct'] as const)('of the type %s is alone', async (type) => {
    const { training } = shop;
    const first = await training.createTag(project, 'first', { type });
    const second = await training.createTag(project, 'second');
    for (const call of [
      training.createTag(project, 'third', { type }),
      training.updateTag(project, second.id!, { name: 'second', description: '', type }),
    ]) {
      expect(await refusal(call)).toMatchObject({
        statusCode: 400,
        body: { code: `BadRequestMultiple${type}Tag` },
      });
    }
    await training.deleteTag(project, first.id!);
    await training.deleteTag(project, second.id!);
  });

  describe('that becomes the Negative one', () => {
    const asNegative = { name: 'none', description: '', type: 'Negative' } as const;

    async function tagged(domainId: string, tags: (ids: string[]) => Partial<NewImage>) {
      const { training } = shop;
      const { id } = await training.createProject('Becoming', {
        domainId,
        classificationType: 'Multilabel',
      });
      const ids: string[] = [];
      for (const name of ['none', 'other']) ids.push((await training.createTag(id!, name)).id!);
      shop.withStore((store) =>
        store.images.add(id!, [{ photo: 'p', width: 4, height: 3, ...tags(ids) }]),
      );
      onTestFinished(() => training.deleteProject(id!).then(() => undefined));
      return { project: id!, tag: ids[0]! };
    }

    test('takes its images along', async () => {
      const becoming = await tagged(classification, ([none]) => ({ tagIds: [none!] }));
      expect(
        await shop.training.updateTag(becoming.project, becoming.tag, asNegative),
      ).toMatchObject({ type: 'Negative', imageCount: 1 });
    });

    test('shares no image with another', async () => {
      const becoming = await tagged(classification, (ids) => ({ tagIds: ids }));
      const call = shop.training.updateTag(becoming.project, becoming.tag, asNegative);
      expect(await refusal(call)).toMatchObject({
        statusCode: 400,
        body: { code: 'BadRequestNegativeAndRegularTagOnSameImage' },
      });
      const { type } = await shop.training.getTag(becoming.project, becoming.tag);
      expect(type).toBe('Regular');
    });

    test('has no regions', async () => {
      const box = { left: 0, top: 0, width: 1, height: 1 };
      const becoming = await tagged(detection, ([none]) => ({
        regions: [{ ...box, tagId: none! }],
      }));
      const call = shop.training.updateTag(becoming.project, becoming.tag, asNegative);
      expect(await refusal(call)).toMatchObject({
        statusCode: 400,
        body: { code: 'BadRequestTagType' },
      });
    });
  });

  test.each([
    ['no name', '', 'BadRequestRequiredParamIsNull'],
    ['a name of blanks', 'name=%20', 'BadRequestTagName'],
    ['a name of two lines', 'name=a%0Ab', 'BadRequestTagName'],
    ['a name with a NUL', 'name=a%00b', 'BadRequestTagName'],
    ['a name too long', `name=${'n'.repeat(257)}`, 'BadRequestTagName'],
    ['an unknown type', 'name=n&type=Odd', 'BadRequestTagType'],
    ['a description with a NUL', 'name=n&description=a%00b', 'BadRequestTagDescription'],
    [
      'a description too long',
      `name=n&description=${'d'.repeat(4097)}`,
      'BadRequestTagDescription',
    ],
  ])('with %s is refused', async (_, query, code) => {
    const answer = await shop.call(`projects/${project}/tags?${query}`, { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });

  test('of another project is not found', async () => {
    const other = await shop.training.createProject('Other');
    const tag = await shop.training.createTag(other.id!, 'foreign');
    expect(await refusal(shop.training.getTag(project, tag.id!))).toMatchObject({
      statusCode: 404,
    });
    await shop.training.deleteProject(other.id!);
  });

  test('of an iteration that is not there', async () => {
    expect(await refusal(shop.training.getTags(project, { iterationId: nobody }))).toMatchObject({
      statusCode: 404,
      body: { code: 'NotFoundIteration' },
    });
  });
});

test('a tag of many images goes, and they stay', async () => {
  const { training } = shop;
  const { id } = await training.createProject('Many');
  const tag = await training.createTag(id!, 'many');
  const other = await training.createTag(id!, 'other');
  const store = openStore(shop.dataDir);
  store.images.add(
    id!,
    Array.from({ length: 130 }, (_, index) => ({
      photo: String(index),
      width: 1,
      height: 1,
      tagIds: [tag.id!, ...(index < 3 ? [other.id!] : [])],
    })),
  );
  store.close();
  await training.deleteTag(id!, tag.id!);
  expect((await training.getTags(id!)).map(({ name, imageCount }) => [name, imageCount])).toEqual([
    ['other', 3],
  ]);
  expect((await training.getImageCount(id!)).body).toBe(130);
  expect((await training.getUntaggedImageCount(id!)).body).toBe(127);
});

test('tags have their limit', async () => {
  const { id } = await shop.training.createProject('Full');
  const store = openStore(shop.dataDir);
  for (let index = 1; index < limits.tagsPerProject; index += 1) {
    store.tags.create(id!, { name: `t${index}` });
  }
  store.close();
  await shop.training.createTag(id!, 'last');
  expect(await refusal(shop.training.createTag(id!, 'more'))).toMatchObject({
    statusCode: 400,
    body: { code: 'BadRequestExceedTagPerProjectLimit' },
  });
});

test('a path of capitals and a version of the quickstart are understood', async () => {
  const path = `/CustomVision/v3.3/Training/Projects/${project.toUpperCase()}/Tags?Name=quick`;
  const headers = { 'Training-key': shop.engine.trainingKey };
  const answer = await fetch(`${shop.engine.endpoint}${path}`, { method: 'POST', headers });
  expect(await answer.json()).toMatchObject({ name: 'quick', type: 'Regular' });
});
