import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';
import { describe, expect, test } from 'vitest';

import { limits } from '../domain/limits.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openDatabase, StoreError } from './database.ts';
import { migrations } from './migrations.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const shop = { name: 'Shop', domainId: 'd', classificationType: 'Multiclass' } as const;
const training = {
  backboneId: 'b',
  fingerprint: 'f',
  head: Uint8Array.of(1, 2),
  report: { ok: 1 },
};
const photo = (name: string) => ({ name, width: 4, height: 3 });

function withStore(
  run: (store: Store, folder: string) => void,
  options: Parameters<typeof openStore>[1] = {},
): void {
  const folder = temporaryFolder();
  const store = openStore(folder, options);
  try {
    run(store, folder);
  } finally {
    store.close();
  }
}

describe('the schema', () => {
  test('is made once and found again', () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    first.projects.create(shop);
    first.close();
    const second = openStore(folder);
    expect(second.projects.named('Shop')?.domainId).toBe('d');
    second.close();
  });

  test('of a newer version is refused by both numbers', () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder);
    database.pragma(`user_version = ${migrations.length + 1}`);
    database.close();
    expect(() => openStore(folder)).toThrow(StoreError);
    expect(() => openStore(folder)).toThrow(
      new RegExp(`schema ${migrations.length + 1}.*newer.*knows ${migrations.length}`),
    );
  });

  test('of an older version is left alone while somebody works with it', () => {
    const folder = temporaryFolder();
    const old = new Database(join(folder, 'engine.db'));
    old.exec(migrations[0]!);
    old.pragma('user_version = 1');
    expect(() => openStore(folder, { isShared: true })).toThrow(/schema 1.*an older version works/);
    expect(old.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 1 });
    old.close();
    openStore(folder).close();
    openStore(folder, { isShared: true }).close();
  });

  test('is left as it was where a migration fails half-way', () => {
    const folder = temporaryFolder();
    const database = new Database(join(folder, 'engine.db'));
    // The last table of the first migration is in its way.
    database.exec('CREATE TABLE feature (other TEXT)');
    database.close();
    expect(() => openStore(folder)).toThrow(/cannot be used/);
    const after = new Database(join(folder, 'engine.db'));
    const tables = after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    expect(tables).toEqual([{ name: 'feature' }]);
    after.close();
  });
});

test('a data folder that cannot be is named', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, 'x');
  expect(() => openStore(join(file, 'data'))).toThrow(/file.data cannot be made/);
});

test('a file that is no database is named', () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'engine.db'), 'no database at all, but some text '.repeat(40));
  expect(() => openStore(folder)).toThrow(/engine\.db cannot be/);
});

test('a database that a failing disk has changed is named, and what to do', () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  for (let number = 0; number < 200; number += 1) {
    store.projects.create({ ...shop, name: `Shop ${number}`, description: 'x'.repeat(500) });
  }
  store.check();
  store.close();
  const path = join(folder, 'engine.db');
  const bytes = readFileSync(path);
  bytes.fill(0x55, bytes.length / 2, bytes.length / 2 + 8_192);
  writeFileSync(path, bytes);
  const damaged = openStore(folder);
  expect(() => damaged.check()).toThrow(/engine\.db cannot be used; it may be damaged.*backup/);
  damaged.close();
});

test('a closed store refuses what comes too late instead of ending the process', () => {
  const store = openStore(temporaryFolder());
  store.close();
  expect(() => store.features.forget(['photo'])).toThrow(StoreError);
});

test('a database that is gone is missed where there are photos', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await store.photos.keep(Buffer.from('photo'));
  store.close();
  for (const name of readdirSync(folder)) {
    if (name.startsWith('engine.db')) rmSync(join(folder, name));
  }
  expect(() => openStore(folder)).toThrow(/engine\.db is missing, but there are photos/);
});

test('projects are found by id in any letter case', () => {
  withStore((store) => {
    const { id } = store.projects.create(shop);
    expect(store.projects.get(id.toUpperCase())?.name).toBe('Shop');
    expect(store.projects.get('none')).toBeUndefined();
  });
});

test('tags that stay keep their ids, the others go', () => {
  withStore((store) => {
    const { id } = store.projects.create(shop);
    const before = store.replaceContents(id, [
      { name: 'apple', type: 'Regular', photos: [photo('1'), photo('2')] },
      { name: 'bread', type: 'Regular', photos: [photo('3')] },
    ]);
    const after = store.replaceContents(id, [
      { name: 'apple', type: 'Negative', photos: [photo('2'), photo('4')] },
      { name: 'cheese', type: 'Regular', photos: [photo('3')] },
    ]);
    expect(after[0]).toEqual({ ...before[0], type: 'Negative' });
    expect(after.map(({ name }) => name)).toEqual(['apple', 'cheese']);
  });
});

test('contents that contradict themselves change nothing', () => {
  withStore((store) => {
    const { id } = store.projects.create(shop);
    const [kept] = store.replaceContents(id, [{ name: 'apple', type: 'Regular', photos: [] }]);
    const twice = [photo('1'), photo('1')];
    expect(() =>
      store.replaceContents(id, [{ name: 'bread', type: 'Regular', photos: twice }]),
    ).toThrow();
    const again = store.replaceContents(id, [{ name: 'apple', type: 'Regular', photos: [] }]);
    expect(again).toEqual([kept]);
  });
});

describe('a published name', () => {
  test('moves to the newer iteration, and back', () => {
    withStore((store) => {
      const { id } = store.projects.create(shop);
      const first = store.trainings.add(id, { ...training, publishedName: 'live' });
      const second = store.trainings.add(id, { ...training, publishedName: 'live' });
      expect(store.iterations.published(id, 'live')?.id).toBe(second.id);
      store.iterations.publish(id, first.id, 'live');
      expect(store.iterations.published(id, 'live')?.id).toBe(first.id);
      expect(store.projects.summaries()).toEqual([{ id, name: 'Shop', publishedNames: ['live'] }]);
    });
  });

  test('is not given where it was not asked for', () => {
    withStore((store) => {
      const { id } = store.projects.create(shop);
      expect(store.trainings.add(id, training).publishedName).toBeNull();
      expect(store.iterations.published(id, 'live')).toBeUndefined();
    });
  });

  test('stays where it was when the new iteration cannot be added', () => {
    withStore((store, folder) => {
      const { id } = store.projects.create(shop);
      const first = store.trainings.add(id, { ...training, publishedName: 'live' });
      const other = openDatabase(folder);
      other.exec(
        'CREATE TRIGGER full BEFORE UPDATE OF published_name ON iteration ' +
          "WHEN NEW.published_name = 'live' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      );
      other.close();
      expect(() => store.trainings.add(id, { ...training, publishedName: 'live' })).toThrow(
        /disk full/,
      );
      expect(store.iterations.published(id, 'live')?.id).toBe(first.id);
      expect(store.iterations.list(id)).toHaveLength(1);
    });
  });

  test('is seen by an engine that was running before', () => {
    withStore((running, folder) => {
      const { id } = running.projects.create(shop);
      const trainer = openStore(folder);
      const added = trainer.trainings.add(id, { ...training, publishedName: 'live' });
      trainer.close();
      expect(running.iterations.published(id, 'live')?.id).toBe(added.id);
      expect([...(running.iterations.head(added.id) ?? [])]).toEqual([1, 2]);
    });
  });
});

describe('what is published is trained again', () => {
  const headMark = Uint8Array.of(7, 7);
  const published = { ...training, head: Uint8Array.of(7, 7, 1), publishedName: 'live' };

  function withShop(run: (store: Store, add: (head?: Uint8Array) => string) => void): void {
    withStore((store) => {
      const { id } = store.projects.create(shop);
      const tag = store.tags.create(id, { name: 'apple' });
      store.images.add(id, [{ photo: 'p', width: 4, height: 3, tagIds: [tag.id] }]);
      run(store, (head = published.head) => store.trainings.add(id, { ...published, head }).id);
    });
  }
  const beginAgain = (store: Store, backboneId: string): string[] =>
    store.trainings.retrainForBackbone({ backboneId, headMark }).map(({ former }) => former.id);

  test('where its head is of an older form, but not where it is of this one', () => {
    withShop((store, add) => {
      add();
      expect(beginAgain(store, 'b')).toEqual([]);
      const older = add(Uint8Array.of(7, 6, 1));
      expect(beginAgain(store, 'b')).toEqual([older]);
      expect(beginAgain(store, 'b')).toEqual([]);
    });
  });

  test('once for each backbone where that fails', () => {
    withShop((store, add) => {
      const first = add();
      expect(beginAgain(store, 'next')).toEqual([first]);
      const [successor] = store.iterations.unfinished();
      store.iterations.fail(successor!.id, 'It is too dark.');
      expect(beginAgain(store, 'next')).toEqual([]);
      expect(beginAgain(store, 'third')).toEqual([first]);
    });
  });
});

test('old iterations make room, published ones never', () => {
  withStore((store) => {
    const { id } = store.projects.create(shop);
    const first = store.trainings.add(id, { ...training, publishedName: 'live' });
    for (let count = 0; count < limits.iterationsPerProject + 3; count += 1) {
      store.trainings.add(id, training);
    }
    const kept = store.iterations.list(id);
    expect(kept).toHaveLength(limits.iterationsPerProject + 1);
    expect(kept.at(-1)?.id).toBe(first.id);
  });
});

test('old predictions make room, and tell whose photos they were', () => {
  withStore(
    (store) => {
      const { id } = store.projects.create(shop);
      store.replaceContents(id, [{ name: 'apple', type: 'Regular', photos: [photo('taught')] }]);
      const seen = ['only-here', 'taught', 'again', 'again', 'new', 'new', 'new'];
      const dropped = seen.map((name, index) =>
        store.predictions.keep({
          id: `prediction-${index}`,
          projectId: id,
          iterationId: 'i',
          photo: name,
          predictions: [],
          createdAt: new Date(index * 1000).toISOString(),
        }),
      );
      expect(dropped).toEqual([[], [], [], ['only-here'], ['taught'], ['again'], ['again']]);
      expect(store.predictions.count(id)).toBe(3);
    },
    { storedPredictions: 3 },
  );
});

test('features come back, if there are as many views as needed', () => {
  withStore((store) => {
    const key = { photo: 'p', backboneId: 'b', augmentationId: 'r' };
    const views = [Float32Array.of(1, 0.5), Float32Array.of(2, 0.25)];
    expect(store.features.get(key, 2)).toEqual([]);
    expect(store.features.has(key, 1)).toBe(false);
    store.features.keep(key, views);
    expect(store.features.get(key, 2)).toEqual(views);
    expect(store.features.get(key, 3)).toEqual([]);
    expect(store.features.has(key, 2)).toBe(true);
    expect(store.features.has(key, 3)).toBe(false);
    expect(store.features.get({ ...key, backboneId: 'other' }, 2)).toEqual([]);
  });
});
