import { join } from 'node:path';

import Database from 'libsql';
import { describe, expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { migrations } from './migrations.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const picture = (photo: string) => ({ photo, width: 4, height: 3 });
const newest = { order: 'Newest', take: 50, skip: 0 } as const;

interface Shop {
  readonly store: Store;
  readonly id: string;
  readonly apple: string;
  readonly bread: string;
}

function withShop(run: (shop: Shop) => void): void {
  const store = openStore(temporaryFolder());
  try {
    const { id } = store.projects.create({
      name: 'Shop',
      domainId: 'd',
      classificationType: 'Multilabel',
    });
    const apple = store.tags.create(id, { name: 'apple' }).id;
    const bread = store.tags.create(id, { name: 'bread', description: 'dark' }).id;
    run({ store, id, apple, bread });
  } finally {
    store.close();
  }
}

function counts({ store, id, apple, bread }: Shop) {
  const { imageCount, taggedCount } = store.projects.get(id)!;
  return {
    images: imageCount,
    tagged: taggedCount,
    apple: store.tags.get(id, apple)?.imageCount,
    bread: store.tags.get(id, bread)?.imageCount,
  };
}

test('counts follow whatever becomes of photos and tags', () => {
  withShop((shop) => {
    const { store, id, apple, bread } = shop;
    const ids = store.images
      .add(id, [
        { ...picture('1'), tagIds: [apple, bread] },
        { ...picture('2'), tagIds: [apple] },
        picture('3'),
      ])
      .map((added) => added.id);
    expect(counts(shop)).toEqual({ images: 3, tagged: 2, apple: 2, bread: 1 });
    store.images.addTags(id, [
      { imageId: ids[2]!, tagId: bread },
      { imageId: ids[2]!, tagId: bread },
    ]);
    expect(counts(shop)).toEqual({ images: 3, tagged: 3, apple: 2, bread: 2 });
    store.images.removeTags(id, [ids[1]!], [apple, bread]);
    expect(counts(shop)).toEqual({ images: 3, tagged: 2, apple: 1, bread: 2 });
    expect(store.images.remove(id, [ids[0]!.toUpperCase(), 'none'])).toEqual(['1']);
    expect(counts(shop)).toEqual({ images: 2, tagged: 1, apple: 0, bread: 1 });
    store.tags.remove(id, bread);
    expect(counts(shop)).toEqual({ images: 2, tagged: 0, apple: 0, bread: undefined });
    expect(store.images.removeAll(id).toSorted()).toEqual(['2', '3']);
    expect(counts(shop)).toEqual({ images: 0, tagged: 0, apple: 0, bread: undefined });
  });
});

test('a photo is kept once in a project', () => {
  withShop(({ store, id, apple, bread }) => {
    const [first] = store.images.add(id, [{ ...picture('1'), tagIds: [apple] }]);
    expect(store.images.add(id, [{ ...picture('1'), tagIds: [bread] }])).toEqual([
      { id: first!.id, isDuplicate: true },
    ]);
    expect(store.images.byIds(id, [first!.id])[0]?.tags.map(({ tagName }) => tagName)).toEqual([
      'apple',
    ]);
  });
});

test('lists come in the order of adding, in pages, by any of the tags', () => {
  withShop(({ store, id, apple, bread }) => {
    store.images.add(id, [
      { ...picture('1'), tagIds: [apple] },
      { ...picture('2'), tagIds: [bread] },
      { ...picture('3'), tagIds: [apple, bread] },
      picture('4'),
    ]);
    const photos = (
      filter: Parameters<typeof store.images.list>[1],
      page: Partial<Parameters<typeof store.images.list>[2]> = {},
    ) => store.images.list(id, filter, { ...newest, ...page }).map(({ photo }) => photo);
    expect(photos({})).toEqual(['4', '3', '2', '1']);
    expect(photos({}, { order: 'Oldest', take: 2, skip: 1 })).toEqual(['2', '3']);
    expect(photos({ status: 'Tagged' })).toEqual(['3', '2', '1']);
    expect(photos({ status: 'Untagged' })).toEqual(['4']);
    expect(photos({ tagIds: [apple] })).toEqual(['3', '1']);
    expect(photos({ tagIds: [apple] }, { order: 'Oldest', skip: 1 })).toEqual(['3']);
    expect(photos({ tagIds: [apple, bread] })).toEqual(['3', '2', '1']);
    expect(photos({ tagIds: [apple], status: 'Untagged' })).toEqual([]);
    expect(store.images.count(id, { tagIds: [apple, bread] })).toBe(3);
    expect(store.images.count(id, { tagIds: [bread] })).toBe(2);
    expect(store.images.count(id, { status: 'Untagged' })).toBe(1);
  });
});

test('tags of another project name nothing here', () => {
  withShop(({ store, id, apple }) => {
    const other = store.projects.create({
      name: 'Other',
      domainId: 'd',
      classificationType: 'Multiclass',
    });
    const [foreign] = store.images.add(other.id, [{ ...picture('1'), tagIds: [apple] }]);
    expect(store.images.byIds(other.id, [foreign!.id])[0]?.tags).toEqual([]);
    expect(store.images.byIds(id, [foreign!.id])).toEqual([]);
    expect(store.images.list(other.id, { tagIds: [apple] }, newest)).toEqual([]);
    expect(store.images.remove(id, [foreign!.id])).toEqual([]);
  });
});

test('metadata is found by what it says and does not say', () => {
  withShop(({ store, id }) => {
    store.images.add(id, [
      { ...picture('1'), metadata: { shelf: '1', lamp: "it's on" } },
      { ...picture('2'), metadata: { shelf: '2' } },
      picture('3'),
    ]);
    const eq = (key: string, value: string) => ({ kind: 'eq', key, value }) as const;
    const photos = (metadata: NonNullable<Parameters<typeof store.images.count>[1]['metadata']>) =>
      store.images.list(id, { metadata }, newest).map(({ photo }) => photo);
    expect(photos(eq('lamp', "it's on"))).toEqual(['1']);
    expect(photos({ kind: 'ne', key: 'shelf', value: '1' })).toEqual(['3', '2']);
    expect(photos({ kind: 'or', all: [eq('shelf', '1'), eq('shelf', '2')] })).toEqual(['2', '1']);
    expect(photos({ kind: 'and', all: [eq('shelf', '1'), eq('lamp', 'off')] })).toEqual([]);
  });
});

test('a region tags its photo for as long as it is there', () => {
  withShop((shop) => {
    const { store, id, apple } = shop;
    const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
    const [image] = store.images.add(id, [
      { ...picture('1'), regions: [{ tagId: apple, ...box }] },
    ]);
    const [second] = store.images.addRegions([{ imageId: image!.id, tagId: apple, ...box }]);
    const [seen] = store.images.byIds(id, [image!.id]);
    expect(seen?.regions).toHaveLength(2);
    expect(seen?.regions[1]).toMatchObject({
      regionId: second,
      tagId: apple,
      tagName: 'apple',
      ...box,
    });
    store.images.removeRegions(id, [second!]);
    expect(counts(shop)).toMatchObject({ tagged: 1, apple: 1 });
    store.images.removeRegions(id, [seen!.regions[0]!.regionId]);
    expect(counts(shop)).toMatchObject({ tagged: 0, apple: 0 });
  });
});

test('what a training would learn from has a revision, what it would not has none', () => {
  withShop(({ store, id, apple }) => {
    const revision = () => store.projects.get(id)!.contentRevision;
    const steps = [
      () => store.images.add(id, [{ ...picture('1'), tagIds: [apple] }]),
      () => store.projects.update(id, { domainId: 'other' }),
      () => store.tags.update(id, apple, { type: 'Negative' }),
      () => store.tags.remove(id, apple),
    ];
    for (const step of steps) {
      const before = revision();
      step();
      expect(revision()).toBeGreaterThan(before);
    }
    const before = revision();
    store.images.add(id, [picture('2')]);
    store.projects.update(id, { name: 'Renamed' });
    expect(revision()).toBe(before);
  });
});

test('an iteration keeps what it was trained on, whatever becomes of the project', () => {
  withShop(({ store, id, apple, bread }) => {
    const [one, two] = store.images.add(id, [
      { ...picture('1'), tagIds: [apple] },
      { ...picture('2'), tagIds: [bread] },
      picture('3'),
    ]);
    const begun = store.iterations.begin(id, { trainingType: 'Advanced', reservedHours: 1 });
    expect(begun).toMatchObject({ name: 'Iteration 1', status: 'Training', tags: [] });
    const taken = store.trainings.takeContents(begun.id)!;
    expect(taken.tags.map(({ name, imageCount }) => [name, imageCount])).toEqual([
      ['apple', 1],
      ['bread', 1],
    ]);
    store.images.removeAll(id);
    expect(store.trainings.takeContents(begun.id)).toEqual(taken);
    expect(store.iterationImages.all(begun.id).map(({ photo, labels }) => [photo, labels])).toEqual(
      [
        ['1', [{ tagId: apple }]],
        ['2', [{ tagId: bread }]],
      ],
    );
    store.iterationImages.validate(begun.id, [
      { imageId: one!.id, bytes: Uint8Array.of(1) },
      { imageId: two!.id, bytes: Uint8Array.of(2) },
    ]);
    const trained = {
      backboneId: 'b',
      fingerprint: 'f',
      head: Uint8Array.of(7),
      report: { ok: true },
      trainingMs: 12.4,
    };
    expect(store.iterations.complete(begun.id, trained)).toBe(true);
    expect(store.iterations.complete(begun.id, trained)).toBe(false);
    expect(store.iterations.get(id, begun.id)).toMatchObject({
      status: 'Completed',
      report: { ok: true },
      trainingMs: 12,
      contentRevision: taken.contentRevision,
    });
    const images = store.iterationImages.list(begun.id, [bread], newest);
    expect(images.map(({ photo, validation }) => [photo, [...(validation ?? [])]])).toEqual([
      ['2', [2]],
    ]);
    expect(store.iterationImages.count(begun.id, undefined)).toBe(2);
    const ids = [one!.id, two!.id].toSorted();
    const validated = store.iterationImages.validated(begun.id, ids[0]!, 9);
    expect(validated.map(({ imageId }) => imageId)).toEqual([ids[1]]);
    expect(validated[0]?.tagIds).toEqual([ids[1] === one!.id ? apple : bread]);
    expect(store.iterations.remove(id, begun.id).toSorted()).toEqual(['1', '2']);
  });
});

test('trainings that a stop cut short are found again, the older first', () => {
  withShop(({ store, id }) => {
    const options = { trainingType: 'Regular', reservedHours: 0 } as const;
    const [first, second, third] = [1, 2, 3].map(() => store.iterations.begin(id, options).id);
    store.iterations.fail(second!, 'no light');
    expect(store.iterations.unfinished().map((each) => each.id)).toEqual([first, third]);
    expect(store.iterations.get(id, second!)).toMatchObject({
      status: 'Failed',
      errorDetails: 'no light',
    });
  });
});

test('a photo goes with the last that refers to it', async () => {
  const store = openStore(temporaryFolder());
  try {
    const { id } = store.projects.create({
      name: 'Shop',
      domainId: 'd',
      classificationType: 'Multiclass',
    });
    const photo = await store.photos.keep(Buffer.from('a photo'));
    store.images.add(id, [picture(photo)]);
    store.predictions.keep({
      id: 'p',
      projectId: id,
      iterationId: 'i',
      photo,
      predictions: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    await store.dropUnused(store.images.removeAll(id));
    expect(String(await store.photos.read(photo))).toBe('a photo');
    await store.dropUnused(store.predictions.remove(id, ['P']));
    await expect(store.photos.read(photo)).rejects.toThrow(/is missing/);
  } finally {
    store.close();
  }
});

test('predictions are paged from either end, by iteration and by time', () => {
  const answer = { probability: 1, tagId: 'a', tagName: 'apple', tagType: 'Regular' } as const;
  withShop(({ store, id }) => {
    for (let day = 1; day <= 4; day += 1) {
      store.predictions.keep({
        id: `p${day}`,
        projectId: id,
        iterationId: day % 2 === 0 ? 'even' : 'odd',
        photo: 'x',
        predictions: [answer],
        createdAt: `2026-01-0${day}T00:00:00.000Z`,
      });
    }
    const ids = (query: Partial<Parameters<typeof store.predictions.query>[1]>) =>
      store.predictions
        .query(id, { order: 'Newest', take: 2, ...query })
        .map((prediction) => prediction.id);
    expect(ids({})).toEqual(['p4', 'p3']);
    expect(ids({ after: { createdAt: '2026-01-03T00:00:00.000Z', id: 'p3' } })).toEqual([
      'p2',
      'p1',
    ]);
    expect(ids({ order: 'Oldest' })).toEqual(['p1', 'p2']);
    expect(ids({ iterationId: 'odd' })).toEqual(['p3', 'p1']);
    expect(ids({ to: '2026-01-02T00:00:00.000Z' })).toEqual(['p2', 'p1']);
    expect(ids({ from: '2026-01-04T00:00:00.000Z' })).toEqual(['p4']);
    expect(store.predictions.get(id, 'P1')?.predictions).toEqual([answer]);
  });
});

test('a folder of the first version is brought up to date with all its counts', () => {
  const folder = temporaryFolder();
  const old = new Database(join(folder, 'engine.db'));
  old.exec(migrations[0]!);
  old.exec(`
    INSERT INTO project VALUES ('p', 'Shop', '', 'd', 'Multiclass', '2025', '2025');
    INSERT INTO tag VALUES ('t', 'p', 'apple', '', 'Regular');
    INSERT INTO image VALUES ('i1', 'p', 'a', 4, 3, '2025-01-01'), ('i2', 'p', 'b', 4, 3, '2025-01-02');
    INSERT INTO image_tag VALUES ('i1', 't');
    INSERT INTO iteration VALUES
      ('n', 'p', 1, 'Iteration 1', 'Completed', 'live', 'b', 'f', '{"ok":1}', x'07', '2025', '2025');
    PRAGMA user_version = 1;
  `);
  old.close();
  const store = openStore(folder);
  try {
    expect(store.projects.get('p')).toMatchObject({ imageCount: 2, taggedCount: 1 });
    expect(store.tags.list('p')).toEqual([
      { id: 't', name: 'apple', description: '', type: 'Regular', imageCount: 1 },
    ]);
    expect(store.images.list('p', { tagIds: ['t'] }, newest).map(({ photo }) => photo)).toEqual([
      'a',
    ]);
    expect(store.iterations.published('p', 'live')?.id).toBe('n');
    expect(store.iterations.get('p', 'n')).toMatchObject({
      domainId: 'd',
      classificationType: 'Multiclass',
      report: { ok: 1 },
    });
    store.tags.remove('p', 't');
    expect(store.projects.get('p')).toMatchObject({ imageCount: 2, taggedCount: 0 });
  } finally {
    store.close();
  }
});

describe('contents that are taken in steps', () => {
  const many = 600;

  function filled({ store, id, apple, bread }: Shop): string {
    store.images.add(
      id,
      Array.from({ length: many }, (_, index) => ({
        ...picture(`${index}`),
        tagIds: [index % 2 === 0 ? apple : bread],
      })),
    );
    return store.iterations.begin(id, { trainingType: 'Regular', reservedHours: 0 }).id;
  }

  const photosOf = (store: Store, iteration: string) =>
    store.iterationImages.all(iteration).map(({ photo }) => photo);

  test('are whole in the end, and others can write in between', () => {
    withShop((shop) => {
      const { store, id, apple } = shop;
      const iteration = filled(shop);
      let steps = 0;
      const taken = store.trainings.takeContents(iteration, () => {
        store.images.add(id, [{ ...picture(`new ${(steps += 1)}`), tagIds: [apple] }]);
      })!;
      expect(steps).toBeGreaterThan(2);
      expect(photosOf(store, iteration)).toEqual(Array.from({ length: many }, (_, at) => `${at}`));
      // What came meanwhile is learnt by the next training, so that is needed.
      expect(store.projects.get(id)!.contentRevision).toBeGreaterThan(taken.contentRevision!);
    });
  });

  test('begin anew where they were broken off, and nothing comes twice', () => {
    withShop((shop) => {
      const { store, id, bread } = shop;
      const iteration = filled(shop);
      let steps = 0;
      const stop = (): void => {
        steps += 1;
        if (steps === 2) throw new Error('killed');
      };
      expect(() => store.trainings.takeContents(iteration, stop)).toThrow('killed');
      expect(photosOf(store, iteration).length).toBeGreaterThan(0);
      expect(store.iterations.get(id, iteration)).toMatchObject({
        contentRevision: null,
        tags: [],
      });
      const gone = store.images.list(id, { tagIds: [bread] }, { ...newest, order: 'Oldest' })[0]!;
      store.images.remove(id, [gone.id]);
      store.trainings.takeContents(iteration);
      expect(photosOf(store, iteration)).toEqual(
        Array.from({ length: many }, (_, at) => `${at}`).filter((photo) => photo !== gone.photo),
      );
    });
  });

  test('know no tag that was deleted meanwhile', () => {
    withShop((shop) => {
      const { store, id, apple, bread } = shop;
      const iteration = filled(shop);
      let steps = 0;
      const taken = store.trainings.takeContents(iteration, () => {
        steps += 1;
        if (steps === 2) store.tags.remove(id, bread);
      })!;
      expect(taken.tags.map((tag) => tag.id)).toEqual([apple]);
      const labels = store.iterationImages.all(iteration).map((image) => image.labels);
      expect(labels).toHaveLength(many / 2);
      expect(labels.every(([label]) => label?.tagId === apple)).toBe(true);
    });
  });

  test('are nothing where the project was deleted meanwhile', () => {
    withShop((shop) => {
      const { store, id } = shop;
      const iteration = filled(shop);
      const taken = store.trainings.takeContents(iteration, () => void store.projects.remove(id));
      expect(taken).toBeUndefined();
      expect(photosOf(store, iteration)).toEqual([]);
    });
  });
});

test('an iteration forgets what it was trained on in parts', () => {
  withShop(({ store, id, apple }) => {
    store.images.add(
      id,
      ['1', '2', '3'].map((photo) => ({ ...picture(photo), tagIds: [apple] })),
    );
    const { id: iteration } = store.iterations.begin(id, {
      trainingType: 'Regular',
      reservedHours: 0,
    });
    store.trainings.takeContents(iteration);
    const parts = [2, 2, 2].map((take) => store.iterationImages.forgetSome(iteration, take));
    expect(parts.map(({ length }) => length)).toEqual([2, 1, 0]);
    expect(parts.flat().toSorted()).toEqual(['1', '2', '3']);
  });
});

test('images of several tags are counted once', () => {
  withShop(({ store, id, apple, bread }) => {
    const other = store.projects.create({
      name: 'O',
      domainId: 'd',
      classificationType: 'Multilabel',
    });
    const theirs = store.tags.create(other.id, { name: 'apple' }).id;
    store.images.add(other.id, [{ ...picture('1'), tagIds: [theirs] }]);
    store.images.add(id, [
      { ...picture('1'), tagIds: [apple, bread] },
      { ...picture('2'), tagIds: [bread] },
      picture('3'),
    ]);
    const count = (tagIds: string[], status?: 'Tagged' | 'Untagged') =>
      store.images.count(id, { tagIds, ...(status && { status }) });
    expect([count([apple, bread]), count([apple]), count([apple, bread], 'Tagged')]).toEqual([
      2, 1, 2,
    ]);
    expect([count([apple, bread], 'Untagged'), count([theirs]), count([])]).toEqual([0, 0, 0]);
  });
});
