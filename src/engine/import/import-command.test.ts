import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openStore } from '../store/store.ts';
import { buildCli } from '../testing/built-cli.ts';
import type { BuiltCli } from '../testing/built-cli.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { buildTrainingWorker } from '../testing/training-worker.ts';
import type { BuiltWorker } from '../testing/training-worker.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

/** Starting Node and the model several times over is slow on a busy machine. */
const patient = 240_000;
const things = ['tomato', 'carton', 'banana'] as const;
const photosEach = 8;
const photos = things.length * photosEach;

let cli: BuiltCli;
let worker: BuiltWorker;
let shop: RunningEngine;
let project: string;

beforeAll(async () => {
  [cli, worker] = await Promise.all([buildCli(), buildTrainingWorker()]);
  let completed = (): void => undefined;
  const trained = new Promise<void>((resolve) => {
    completed = resolve;
  });
  shop = await runEngine({
    trainingWorkerUrl: worker.url,
    onEvent: ({ event }) => (event === 'training-completed' ? completed() : undefined),
  });
  const { training } = shop;
  project = (await training.createProject('Shop', { classificationType: 'Multiclass' })).id!;
  for (const thing of things) {
    const tag = await training.createTag(project, thing);
    await training.createImagesFromFiles(project, {
      images: Array.from({ length: photosEach }, (_, index) => ({
        name: `${thing}-${index}`,
        contents: drawPhoto(thing, index + 1, 160, 120),
      })),
      tagIds: [tag.id!],
    });
  }
  const { id } = await training.trainProject(project);
  await trained;
  await training.publishIteration(project, id!, 'live', 'here');
}, patient);
afterAll(async () => {
  cli.remove();
  worker.remove();
  await shop.stop();
});

const command = (dataDir: string, ...more: readonly string[]): string[] => [
  ...['import', '--data', dataDir, '--from', shop.engine.endpoint],
  ...['--training-key', shop.engine.trainingKey, '--project', project, ...more],
];

test(
  'killed in the midst of its photos it goes on where it was, trains, compares and publishes',
  async () => {
    const dataDir = temporaryFolder();
    const killed = await cli.runDyingAt('Copying photos: 50%', ...command(dataDir));
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: '' });

    const broken = openStore(dataDir);
    const [part] = broken.projects.list();
    broken.close();
    expect(part).toMatchObject({ name: 'Shop', status: 'Importing' });
    expect(part!.imageCount).toBeGreaterThan(0);
    expect(part!.imageCount).toBeLessThan(photos);

    const again = await cli.run(...command(dataDir, '--publish', 'live'));
    expect(again.stderr).toMatch(
      /Copying photos: 100% \(24\)\n[^]*Looking at photos: 100%[^]*Training: 100%/,
    );
    expect(again.stderr).toMatch(
      /same 24 photos[^]*tag +photos +old +new +old +new\n[^]*tomato +8 +\S+% +\S+%[^]*all tags +24 /,
    );
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      kind: 'imported',
      projectName: 'Shop',
      images: photos,
      copied: photos - part!.imageCount,
      skipped: 0,
      publishedName: 'live',
      untrainedBecause: null,
      comparison: { kind: 'photo by photo', comparison: { photos } },
    });

    const store = openStore(dataDir);
    const [whole] = store.projects.list();
    expect(whole).toMatchObject({ imageCount: photos, taggedCount: photos, status: 'Succeeded' });
    expect(store.tags.list(whole!.id).map(({ imageCount }) => imageCount)).toEqual([8, 8, 8]);
    expect(store.iterations.published(whole!.id, 'live')).toBeDefined();
    store.close();

    const third = await cli.run(...command(dataDir));
    expect(third.stderr).not.toMatch(/Looking at photos/);
    expect(JSON.parse(third.stdout)).toMatchObject({ copied: 0, images: photos });
  },
  patient,
);

test('a wrong key ends with 1 and one line that says what', async () => {
  const { code, stderr } = await cli.run(
    ...['import', '--data', temporaryFolder(), '--from', shop.engine.endpoint],
    ...['--training-key', 'wrong', '--project', project],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\S+ does not accept the training key.*\n$/);
});

test(
  'a project goes by a file from one data folder to another',
  async () => {
    const file = join(temporaryFolder(), 'shop.zip');
    const written = await cli.run(
      ...['export', '--data', shop.dataDir, '--project', 'Shop', '--to', file],
    );
    expect(written.code).toBe(0);
    expect(written.stderr).toMatch(/Copying photos: 100% \(24\)/);
    expect(JSON.parse(written.stdout)).toEqual({
      kind: 'exported',
      file,
      images: 24,
      iterations: 1,
    });
    const there = temporaryFolder();
    const brought = await cli.run('import', '--data', there, '--from-file', file, '--name', 'New');
    expect(JSON.parse(brought.stdout)).toMatchObject({
      kind: 'imported',
      projectName: 'New',
      images: 24,
      iterations: 1,
    });
  },
  patient,
);

test('an export of what is not there names what is', async () => {
  const { code, stderr } = await cli.run(
    ...['export', '--data', shop.dataDir, '--project', 'Nope', '--to', 'never.zip'],
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/There is no project "Nope" in .* It has "Shop"\.\n$/);
});
