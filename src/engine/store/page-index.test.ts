import { join } from 'node:path';

import Database from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { ImageFilter } from './image-store.ts';
import { createPageIndex } from './page-index.ts';
import type { Page } from './page-index.ts';
import { migrations } from './migrations.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const before = migrations.findIndex((sql) => sql.includes('CREATE TABLE list_span'));
const spanImages = 512;
const many = 3 * spanImages + 100;

function opened(folder: string, now?: () => Date): Store {
  const store = openStore(folder, now && { now });
  onTestFinished(store.close);
  return store;
}

function placesIn(folder: string) {
  const database = new Database(join(folder, 'engine.db'));
  onTestFinished(() => void database.close());
  return createPageIndex(database);
}

function makeShop(store: Store) {
  const { id } = store.projects.create({
    name: 'Shop',
    domainId: 'd',
    classificationType: 'Multilabel',
  });
  return { id, tags: ['apple', 'bread'].map((name) => store.tags.create(id, { name }).id) };
}

/** Images as an upload brings them: each third without a tag, each seventh with two. */
function add(store: Store, projectId: string, tags: readonly string[], from: number, to: number) {
  const places = Array.from({ length: to - from }, (_, index) => from + index);
  return store.images
    .add(
      projectId,
      places.map((place) => ({
        photo: `photo ${place}`,
        width: 4,
        height: 3,
        tagIds: place % 3 === 0 ? [] : place % 7 === 0 ? tags : [tags[place % 2]!],
      })),
    )
    .map((added) => added.id);
}

const pages: readonly Page[] = (['Newest', 'Oldest'] as const).flatMap((order) =>
  [0, spanImages - 1, spanImages, 1_090, many - 5, many * 2].flatMap((skip) =>
    [0, 1, 600].map((take) => ({ order, skip, take })),
  ),
);

function cut<T>(oldestFirst: readonly T[], { order, skip, take }: Page): T[] {
  const ordered = order === 'Oldest' ? oldestFirst : oldestFirst.toReversed();
  return ordered.slice(skip, skip + take);
}

/** Each page of each list of the project is what is cut out of all of its images. */
function expectPages(store: Store, projectId: string, tags: readonly string[]): void {
  const all = store.images.byIds(projectId, store.images.ids(projectId));
  const tagsOf = new Map(all.map((image) => [image.id, image.tags.map(({ tagId }) => tagId)]));
  const filters: readonly ImageFilter[] = [
    {},
    { status: 'Tagged' },
    { status: 'Untagged' },
    ...tags.map((tagId) => ({ tagIds: [tagId] })),
    { tagIds: tags },
    { tagIds: tags.slice(0, 1), status: 'Untagged' },
    { tagIds: [] },
  ];
  for (const { status, tagIds } of filters) {
    const ids = [...tagsOf]
      .filter(
        ([, own]) =>
          (status === undefined || (status === 'Tagged') === own.length > 0) &&
          (tagIds === undefined || tagIds.some((tagId) => own.includes(tagId))),
      )
      .map(([id]) => id);
    const filter = { ...(status && { status }), ...(tagIds && { tagIds }) };
    expect(store.images.count(projectId, filter)).toBe(ids.length);
    for (const page of pages) {
      const listed = store.images.list(projectId, filter, page).map(({ id }) => id);
      expect(listed, JSON.stringify({ filter, page })).toEqual(cut(ids, page));
    }
  }
}

function expectIterationPages(store: Store, id: string, tags: readonly string[]): void {
  const all = store.iterationImages.all(id);
  for (const tagIds of [undefined, ...tags.map((tagId) => [tagId]), tags]) {
    const wanted = all.filter(
      ({ labels }) => !tagIds || labels.some(({ tagId }) => tagIds.includes(tagId)),
    );
    expect(store.iterationImages.count(id, tagIds)).toBe(wanted.length);
    for (const page of pages) {
      const listed = store.iterationImages.list(id, tagIds, page).map(({ imageId }) => imageId);
      expect(listed, JSON.stringify({ tagIds, page })).toEqual(
        cut(
          wanted.map(({ imageId }) => imageId),
          page,
        ),
      );
    }
  }
}

describe('pages far into a list', () => {
  test('are those of all images, whatever became of images and tags', () => {
    const random = seededRandom(5);
    let ms = Date.parse('2026-01-01');
    const folder = temporaryFolder();
    const store = opened(folder, () => new Date(ms));
    const { id, tags } = makeShop(store);
    const other = store.projects.create({
      name: 'Other',
      domainId: 'd',
      classificationType: 'Multiclass',
    });
    add(store, other.id, [], 0, 3);
    const ids = add(store, id, tags, 0, many);
    expectPages(store, id, tags);

    const some = (share: number): string[] => ids.filter(() => random() < share);
    store.images.addTags(
      id,
      some(0.3).map((imageId) => ({ imageId, tagId: tags[0]! })),
    );
    store.images.removeTags(id, some(0.2), tags);
    store.images.remove(id, [...some(0.2), ...ids.slice(spanImages, 2 * spanImages)]);
    // A clock that was put back: by the store that runs, and by one that is opened later.
    ms -= 60_000;
    add(store, id, tags, many, many + 20);
    const later = opened(folder, () => new Date(ms));
    add(later, id, tags, many + 20, many + 40);
    expectPages(store, id, tags);

    store.tags.remove(id, tags[1]!);
    expectPages(store, id, tags);
  });

  test('of an iteration are those of what it was trained on', () => {
    const store = opened(temporaryFolder());
    const { id, tags } = makeShop(store);
    const ids = add(store, id, tags, 0, many);
    const begin = () => store.iterations.begin(id, { trainingType: 'Regular', reservedHours: 0 });
    const { id: first } = begin();
    store.trainings.takeContents(first);
    store.images.remove(id, ids.slice(0, spanImages));
    expectIterationPages(store, first, tags);

    const { id: second } = begin();
    store.trainings.takeContents(second);
    store.iterationImages.forget(id, ids.slice(400, 1_000));
    expectIterationPages(store, first, tags);
    expectIterationPages(store, second, tags);
  });

  test('of an iteration with regions count each of its images once', () => {
    const store = opened(temporaryFolder());
    const { id, tags } = makeShop(store);
    const box = { left: 0, top: 0, width: 0.5, height: 0.5, tagId: tags[0]! };
    store.images.add(id, [{ photo: 'p', width: 4, height: 3, regions: [box, box] }]);
    const { id: iteration } = store.iterations.begin(id, {
      trainingType: 'Regular',
      reservedHours: 0,
    });
    store.trainings.takeContents(iteration);
    expect(store.iterationImages.count(iteration, [tags[0]!])).toBe(1);
    expectIterationPages(store, iteration, tags);
  });

  test('are found by stepping over less than a span', () => {
    const folder = temporaryFolder();
    const store = opened(folder);
    const { id, tags } = makeShop(store);
    add(store, id, tags, 0, many);
    const pageIndex = placesIn(folder);
    for (const order of ['Newest', 'Oldest'] as const) {
      for (const list of ['', 'tagged', 'untagged', ...tags]) {
        const length = pageIndex.count(id, list);
        const last = pageIndex.rangeOf(id, list, { order, take: 50, skip: length - 1 });
        expect(last?.skip, `${order} of "${list}"`).toBeLessThan(spanImages);
      }
    }
  });
});

test('nothing is counted of projects and iterations that are gone', () => {
  const folder = temporaryFolder();
  const store = opened(folder);
  const { id, tags } = makeShop(store);
  add(store, id, tags, 0, 30);
  const training = { trainingType: 'Regular', reservedHours: 0 } as const;
  const [first, second] = [
    store.iterations.begin(id, training),
    store.iterations.begin(id, training),
  ];
  for (const { id: iteration } of [first, second]) store.trainings.takeContents(iteration);
  store.iterations.remove(id, first.id);
  const pageIndex = placesIn(folder);
  expect([pageIndex.count(first.id, ''), pageIndex.count(second.id, '')]).toEqual([0, 20]);
  store.projects.remove(id);
  const database = new Database(join(folder, 'engine.db'));
  onTestFinished(() => void database.close());
  for (const table of ['list_count', 'list_span']) {
    expect(database.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
  }
});

test('a large project of an older version is counted when it is opened', () => {
  const folder = temporaryFolder();
  const old = new Database(join(folder, 'engine.db'));
  for (const sql of migrations.slice(0, before)) old.exec(sql);
  old.pragma(`user_version = ${before}`);
  old.exec(`
    INSERT INTO project VALUES ('p', 'Shop', '', 'd', 'Multilabel', 'a', 'a', 0, 0, 0, '{}');
    INSERT INTO tag VALUES ('apple', 'p', 'apple', '', 'Regular', 0);
    INSERT INTO tag VALUES ('bread', 'p', 'bread', '', 'Regular', 0);
    INSERT INTO iteration (id, project_id, number, name, status, backbone_id, fingerprint, report,
      created_at, content_revision)
    VALUES ('i', 'p', 1, 'Iteration 1', 'Training', '', '', 'null', 'a', 1);
  `);
  const image = old.prepare(
    "INSERT INTO image (id, project_id, photo, width, height, created_at) VALUES (?, 'p', ?, 4, 3, ?)",
  );
  const tag = old.prepare(
    'INSERT INTO image_tag (image_id, tag_id, image_created_at) VALUES (?, ?, ?)',
  );
  const taught = old.prepare("INSERT INTO iteration_image VALUES ('i', ?, ?, 4, 3, ?, ?, NULL)");
  old.transaction(() => {
    for (let place = 0; place < many; place += 1) {
      const at = new Date(place).toISOString();
      const [id, photo] = [`image ${(place * 7) % many}`, `photo ${place}`];
      image.run(id, photo, at);
      const tagIds = ['apple', 'bread'].filter((_, index) => place % (index + 3) > 0);
      for (const tagId of tagIds) tag.run(id, tagId, at);
      const labels = [...tagIds, ...tagIds].map((tagId) => ({ tagId }));
      taught.run(id, photo, at, JSON.stringify(labels));
    }
  })();
  old.close();
  const store = opened(folder);
  expectPages(store, 'p', ['apple', 'bread']);
  expectIterationPages(store, 'i', ['apple', 'bread']);
  add(store, 'p', ['apple', 'bread'], many, many + spanImages);
  expectPages(store, 'p', ['apple', 'bread']);
});
