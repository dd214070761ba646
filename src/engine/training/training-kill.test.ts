import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { findDomain } from '../domain/domains.ts';
import { openStore } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { buildPrograms } from '../testing/training-worker.ts';
import type { BuiltPrograms } from '../testing/training-worker.ts';

let programs: BuiltPrograms;

beforeAll(async () => {
  programs = await buildPrograms(['cli', 'inference-worker', 'training-worker']);
});
afterAll(() => programs.remove());

function serve(dataDir: string): ChildProcessWithoutNullStreams {
  const program = join(programs.folder, 'cli.js');
  const child = spawn(process.execPath, [program, 'serve', '--data', dataDir, '--port', '0']);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits for a line of the log that tells of this. */
async function heard(child: ChildProcessWithoutNullStreams, event: string): Promise<void> {
  for await (const line of createInterface(child.stderr)) {
    if (line.includes(`"event":"${event}"`)) return;
  }
  throw new Error(`The engine ended without ${event}.`);
}

test('an engine that is killed in a training finishes it after its next start', async () => {
  const dataDir = temporaryFolder();
  const store = openStore(dataDir);
  onTestFinished(() => store.close());
  const { id: projectId } = store.projects.create({
    name: 'Shop',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  });
  for (const thing of ['tomato', 'carton'] as const) {
    const { id: tagId } = store.tags.create(projectId, { name: thing });
    for (let seed = 1; seed <= 8; seed += 1) {
      const photo = await store.photos.keep(drawPhoto(thing, seed));
      store.images.add(projectId, [{ photo, width: 320, height: 240, tagIds: [tagId] }]);
    }
  }
  const { id } = store.iterations.begin(projectId, { trainingType: 'Regular', reservedHours: 0 });

  // The training cannot end before the kill: one of its photos takes for ever to read.
  const [image] = store.images.list(projectId, {}, { order: 'Oldest', take: 1, skip: 0 });
  const file = join(dataDir, 'photos', image!.photo.slice(0, 2), image!.photo);
  renameSync(file, `${file}.whole`);
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  const first = serve(dataDir);
  await heard(first, 'training-started');
  const reading = await open(file, 'w');
  first.kill('SIGKILL');
  await once(first, 'close');
  await reading.close();
  renameSync(`${file}.whole`, file);
  expect(store.iterations.get(projectId, id)?.status).toBe('Training');
  expect(store.iterations.head(id)).toBeUndefined();

  const second = serve(dataDir);
  await heard(second, 'training-completed');
  const { status, errorDetails } = store.iterations.get(projectId, id)!;
  expect([status, errorDetails]).toEqual(['Completed', null]);
  const contents = store.iterationImages.all(id);
  expect(contents).toHaveLength(16);
  for (const { validation } of contents) expect(validation).not.toBeNull();
  second.kill('SIGTERM');
  expect(await once(second, 'close')).toEqual([0, null]);
}, 240_000);
