import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { describe, expect, test } from 'vitest';

import config from '../../../electron.vite.config.ts';
import { builtWorker, defaultDetectorDir } from './model-dir.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

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

describe.each(['inference-worker', 'training-worker'] as const)('the program %s', (name) => {
  test('is built with the app', () => {
    const source = fileURLToPath(new URL(`../${name}.ts`, import.meta.url));
    expect(existsSync(source)).toBe(true);
    expect(config).toMatchObject({
      main: { build: { rollupOptions: { input: { [name]: source } } } },
    });
  });

  test.each(['engine-utility.js', 'chunks/engine-1a2b.js'])('is found from %s', (module) => {
    const folder = join(temporaryFolder(), 'app.asar', 'out', 'main');
    mkdirSync(join(folder, 'chunks'), { recursive: true });
    writeFileSync(join(folder, `${name}.js`), '');
    const moduleUrl = pathToFileURL(join(folder, module)).href;
    expect(builtWorker(moduleUrl, name)).toEqual(pathToFileURL(join(folder, `${name}.js`)));
  });
});
