import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { keptKeys } from './keys.ts';

test('keys are made once, differ, and are for their owner alone', () => {
  const folder = temporaryFolder();
  const keys = keptKeys(folder);
  expect(keptKeys(folder)).toEqual(keys);
  expect(keys.predictionKey).not.toBe(keys.trainingKey);
  expect(keys.predictionKey.length).toBeGreaterThanOrEqual(32);
  expect(readdirSync(folder)).toEqual(['keys.json']);
  if (process.platform !== 'win32') {
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  }
});

test.each(['', '{}', '{"predictionKey":"short","trainingKey":"short"}'])(
  'a damaged file (%j) is named and not overwritten',
  (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'keys.json'), text);
    expect(() => keptKeys(folder)).toThrow(/keys\.json is damaged/);
  },
);
