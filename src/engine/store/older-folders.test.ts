import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { drawPhoto } from '../testing/drawn-photos.ts';
import { runEngine } from '../testing/running-engine.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { buildTrainingWorker } from '../testing/training-worker.ts';
import type { BuiltWorker } from '../testing/training-worker.ts';
import { unzip } from '../testing/unzip.ts';
import { readHead } from '../training/head-file.ts';
import { migrations } from './migrations.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

/** Their schemas; the first one has a trained head in a form that was given up before long. */
const folders = {
  'schema-1-first': 1,
  'schema-1': 1,
  'schema-2': 2,
  'schema-3': 3,
  'schema-4': 4,
  'schema-5': 5,
} as const;
const served = ['schema-1', 'schema-2', 'schema-3', 'schema-4', 'schema-5'] as const;

/** A data folder as an engine of that day left it. */
async function older(which: keyof typeof folders): Promise<string> {
  const folder = temporaryFolder();
  const zip = readFileSync(new URL(`./older-folders/${which}.zip`, import.meta.url));
  for (const [name, bytes] of await unzip(zip)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

function opened(folder: string): Store {
  const store = openStore(folder);
  onTestFinished(store.close);
  return store;
}

/** What SQLite says of tables, indexes and triggers, in an order of its own. */
function schemaOf(folder: string): unknown {
  const database = new Database(join(folder, 'engine.db'));
  const parts = database
    .prepare(
      "SELECT type, name, tbl_name AS of, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    )
    .all() as { type: string; name: string; of: string; sql: string }[];
  const columns = parts
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, database.prepare(`PRAGMA table_xinfo(${name})`).all()]);
  database.close();
  const words = (sql: string): string =>
    sql.replaceAll('IF NOT EXISTS ', '').replace(/\s+/g, ' ').trim();
  return {
    columns: Object.fromEntries(columns) as unknown,
    rest: parts
      .filter(({ type }) => type !== 'table')
      .map(({ type, name, of, sql }) => `${type} ${name} ${of}: ${words(sql)}`)
      .toSorted(),
  };
}

test('there is a folder of each schema before this one', async () => {
  for (const [which, schema] of Object.entries(folders)) {
    const folder = await older(which as keyof typeof folders);
    const database = new Database(join(folder, 'engine.db'));
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: schema });
    database.close();
  }
  expect(new Set(Object.values(folders)).size).toBe(migrations.length - 1);
});

describe.each(Object.keys(folders) as (keyof typeof folders)[])('the folder %s', (which) => {
  test('is brought to the very schema that a new one has', async () => {
    const [folder, fresh] = [await older(which), temporaryFolder()];
    openStore(folder).close();
    openStore(fresh).close();
    expect(schemaOf(folder)).toEqual(schemaOf(fresh));
  });

  test('keeps what was in it, and its counts hold when it is changed', async () => {
    const folder = await older(which);
    const store = opened(folder);
    store.check();
    const images = folders[which] >= 3 ? 11 : 10;
    const [shop, ...others] = store.projects.list();
    expect(others).toEqual([]);
    expect(shop).toMatchObject({
      name: 'Shop',
      classificationType: 'Multiclass',
      imageCount: images,
      taggedCount: 10,
      status: 'Succeeded',
    });
    const tags = store.tags.list(shop!.id);
    expect(tags.map(({ name, imageCount }) => [name, imageCount])).toEqual([
      ['milk', 5],
      ['tomato', 5],
    ]);
    const page = { order: 'Oldest', take: 50, skip: 0 } as const;
    const listed = store.images.list(shop!.id, {}, page);
    for (const { photo } of listed) await store.photos.read(photo);
    expect(listed).toHaveLength(images);
    const marked = store.images.list(shop!.id, { status: 'Untagged' }, page);
    expect(marked.map(({ metadata }) => metadata)).toEqual(images === 11 ? [{ till: '4' }] : []);
    expect(store.predictions.count(shop!.id)).toBe(1);

    store.images.remove(shop!.id, [
      store.images.list(shop!.id, { tagIds: [tags[0]!.id] }, page)[0]!.id,
    ]);
    store.tags.remove(shop!.id, tags[1]!.id);
    expect(store.projects.get(shop!.id)).toMatchObject({ imageCount: images - 1, taggedCount: 4 });
    expect(store.tags.list(shop!.id)).toMatchObject([{ name: 'milk', imageCount: 4 }]);
    store.projects.remove(shop!.id);
    expect(store.references.inUse('', 100)).toEqual([]);
  });
});

describe('served', () => {
  let worker: BuiltWorker;

  beforeAll(async () => {
    worker = await buildTrainingWorker();
  });
  afterAll(() => worker.remove());

  test.each(served)(
    '%s recognises by what it has published, with the keys it had',
    async (which) => {
      const dataDir = await older(which);
      const keys = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as object;
      const { engine, prediction, stop } = await runEngine({
        dataDir,
        trainingWorkerUrl: worker.url,
      });
      onTestFinished(stop);
      expect(engine).toMatchObject(keys);
      const [shop] = engine.projects;
      expect(shop).toMatchObject({ name: 'Shop', publishedNames: ['live'] });
      const picture = drawPhoto('carton', 1_000, 64, 48);
      // A version with another backbone trains it again by itself before it answers.
      const named = async (): Promise<string | undefined> => {
        const answer = await prediction
          .classifyImage(shop!.id, 'live', picture)
          .catch(() => undefined);
        const [first] = answer?.predictions ?? [];
        return (first?.probability ?? 0) > 0.5 ? first?.tagName : undefined;
      };
      await expect.poll(named, { timeout: 60_000 }).toBe('milk');
    },
    90_000,
  );
});

test('a head of a form that is read no more says what to do', async () => {
  const store = opened(await older('schema-1-first'));
  const [shop] = store.projects.list();
  const { id, backboneId } = store.iterations.published(shop!.id, 'live')!;
  expect(() => readHead(store.iterations.head(id)!, backboneId)).toThrow(
    /format 1, which is too old .*Train the project again/,
  );
});
