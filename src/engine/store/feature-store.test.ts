import Database from 'libsql';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openDatabase } from './database.ts';
import { createFeatureStore } from './feature-store.ts';

test('what else is written is on the disk at once, even after features that could not be kept', () => {
  const folder = temporaryFolder();
  const database = openDatabase(folder);
  database.pragma('busy_timeout = 0');
  const other = new Database(join(folder, 'engine.db'));
  onTestFinished(() => {
    other.close();
    database.close();
  });
  const features = createFeatureStore(database);
  const key = { photo: 'p', backboneId: 'b', augmentationId: 'r' };
  other.exec('BEGIN IMMEDIATE');
  expect(() => features.keep(key, [Float32Array.of(1)])).toThrow(/locked/);
  other.exec('ROLLBACK');
  const full = 2;
  expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: full });
  features.keep(key, [Float32Array.of(1)]);
  expect(features.has(key, 1)).toBe(true);
});
