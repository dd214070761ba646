import Database from 'libsql';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { toServiceError } from './to-service-error.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

test('a database that another process writes to is no fault, but to be asked again', () => {
  const path = join(temporaryFolder(), 'engine.db');
  const [writing, waiting] = [new Database(path), new Database(path)];
  onTestFinished(() => {
    writing.close();
    waiting.close();
  });
  writing.exec('CREATE TABLE one (id INTEGER); BEGIN IMMEDIATE');
  let busy: unknown;
  try {
    waiting.exec('INSERT INTO one VALUES (1)');
  } catch (error) {
    busy = error;
  }
  expect(toServiceError(busy)).toMatchObject({ status: 503, retryAfterSeconds: 1 });
});
