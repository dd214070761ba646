import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openStore } from './store/store.ts';
import { drawFolders } from './testing/drawn-photos.ts';
import { makeFolder, removeFolder } from './testing/folders.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** Starting Node and the model several times over is slow on a busy machine. */
const patient = 90_000;

const root = fileURLToPath(new URL('../../', import.meta.url));
const photos = makeFolder();
let built = '';

beforeAll(async () => {
  // Inside the project, so that the packages that stay outside the bundle are found.
  mkdirSync(join(root, 'out'), { recursive: true });
  built = mkdtempSync(join(root, 'out', 'engine-cli-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(root, 'src/engine/cli.ts'), outDir: built, emptyOutDir: false },
  });
  await drawFolders(photos, {
    tomato: { thing: 'tomato', photos: 5 },
    milk: { thing: 'carton', photos: 5 },
  });
});
afterAll(() => {
  removeFolder(built);
  removeFolder(photos);
});

function engine(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(built, 'cli.js'), ...args]);
}

async function finish(child: ChildProcessWithoutNullStreams) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

const training = (dataDir: string): string[] => [
  ...['train', '--data', dataDir, '--project', 'Shop', '--from', photos, '--publish', 'live'],
];

async function waitForLine(lines: AsyncIterable<string>, start: string): Promise<string> {
  for await (const line of lines) if (line.startsWith(start)) return line;
  throw new Error(`There was no line that starts with "${start}".`);
}

test(
  'trains with progress and one line at the end, then serves until it is told to stop',
  async () => {
    const dataDir = temporaryFolder();
    const trained = await finish(engine(...training(dataDir)));
    expect(trained.stderr).toMatch(
      /Reading photos: 0%[^]*Looking at photos: 100%[^]*Training: 100%/,
    );
    expect(trained).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{.*\}\n$/) });
    expect(JSON.parse(trained.stdout)).toMatchObject({ kind: 'trained', publishedName: 'live' });

    const child = engine('serve', '--data', dataDir, '--port', '0');
    const closed = once(child, 'close');
    const line = await waitForLine(createInterface(child.stdout), '{');
    const ready = JSON.parse(line) as { endpoint: string };
    expect(ready).toMatchObject({
      kind: 'ready',
      keys: join(dataDir, 'keys.json'),
      projects: [{ name: 'Shop', publishedNames: ['live'] }],
    });
    const keys = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as object;
    for (const key of Object.values(keys)) expect(line).not.toContain(key);
    expect((await fetch(`${ready.endpoint}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  },
  patient,
);

describe('killed while', () => {
  test.each(['Reading photos', 'Looking at photos: 50%', 'Training: 50%'])(
    '"%s", it leaves nothing half-published and can begin again',
    async (stage) => {
      const dataDir = temporaryFolder();
      const child = engine(...training(dataDir));
      const closed = once(child, 'close');
      await waitForLine(createInterface(child.stderr), stage);
      child.kill('SIGKILL');
      expect(await closed).toEqual([null, 'SIGKILL']);

      const store = openStore(dataDir);
      expect(store.projects.summaries().flatMap((project) => project.publishedNames)).toEqual([]);
      store.close();
      const again = await finish(engine(...training(dataDir)));
      expect(again.code).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: false, publishedName: 'live' });
    },
    patient,
  );
});

test('a wrong command line ends with 2 and shows the right one', async () => {
  const { code, stderr, stdout } = await finish(engine('serve', '--port', '0'));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/--data is missing[^]*Usage/);
});

test('what goes wrong ends with 1 and one line that says what', async () => {
  const missing = join(photos, 'missing');
  const { code, stderr } = await finish(
    engine('train', '--data', temporaryFolder(), '--project', 'Shop', '--from', missing),
  );
  expect(code).toBe(1);
  expect(stderr).toBe(`The folder ${missing} cannot be read.\n`);
});
