import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

import { defaultDetectorDir } from './model-dir.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

test.each([
  ['in the project, where the set-up makes it', '.runtime/models', 'out/main/chunks/engine.js'],
  ['beside the archive of the packed app', 'models', 'app.asar/out/main/engine-utility.js'],
])('the detector is found %s', (_, place, entry) => {
  const root = temporaryFolder();
  const entryUrl = pathToFileURL(join(root, entry)).href;
  mkdirSync(join(root, place), { recursive: true });
  expect(defaultDetectorDir(entryUrl)).not.toBe(join(root, place));
  writeFileSync(join(root, place, 'detector.json'), '{}');
  expect(defaultDetectorDir(entryUrl)).toBe(join(root, place));
});
