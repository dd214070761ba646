import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { findDomain } from '../domain/domains.ts';
import { openStore } from '../store/store.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { addRandomIteration } from '../testing/random-head.ts';
import { shippedBackbone } from '../testing/shipped-backbone.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { buildPrograms } from '../testing/training-worker.ts';
import type { BuiltPrograms } from '../testing/training-worker.ts';
import { readHead } from '../training/head-file.ts';

const kills = 4;
const imagesAtOnce = 8;

let programs: BuiltPrograms;

beforeAll(async () => {
  programs = await buildPrograms(['cli', 'inference-worker', 'training-worker']);
});
afterAll(() => programs.remove());

interface Serving {
  readonly post: (path: string, body?: unknown) => Promise<unknown>;
  readonly kill: () => Promise<void>;
}

async function serve(dataDir: string, projectId: string): Promise<Serving> {
  const program = join(programs.folder, 'cli.js');
  const child = spawn(process.execPath, [program, 'serve', '--data', dataDir, '--port', '0']);
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stderr.resume();
  const closed = once(child, 'close');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { endpoint, trainingKey } = JSON.parse(line) as { endpoint: string; trainingKey: string };
  return {
    async post(path, body) {
      const url = `${endpoint}/customvision/v3.3/training/projects/${projectId}/${path}`;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Training-Key': trainingKey },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

test('an engine that is killed keeps what it acknowledged, and a name means one whole iteration', async () => {
  const dataDir = temporaryFolder();
  const prepared = openStore(dataDir);
  const { id: projectId } = prepared.projects.create({
    name: 'Shop',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  });
  for (const name of ['tomato', 'milk']) prepared.tags.create(projectId, { name });
  const { id: backboneId } = shippedBackbone;
  const iterations = [1, 2].map(() => addRandomIteration(prepared, projectId, { backboneId }));
  prepared.iterations.publish(projectId, iterations[0]!, 'live');
  prepared.close();

  let seed = 0;
  const acknowledged: string[] = [];
  for (let round = 0; round < kills; round += 1) {
    const { post, kill } = await serve(dataDir, projectId);
    const upload = async (): Promise<void> => {
      const images = Array.from({ length: imagesAtOnce }, () => {
        seed += 1;
        return { contents: drawPhoto('tomato', seed, 64, 48).toString('base64') };
      });
      const answer = (await post('images/files', { images })) as {
        images: { image: { id: string } }[];
      };
      acknowledged.push(...answer.images.map(({ image }) => image.id));
    };
    const publish = (turn: number): Promise<unknown> =>
      post(
        `iterations/${iterations[turn % 2]}/publish?publishName=live&predictionId=p&overwrite=true`,
      );
    let isKilled = false;
    const untilKilled = async (work: (turn: number) => Promise<unknown>): Promise<void> => {
      try {
        for (let turn = 0; ; turn += 1) await work(turn);
      } catch (error) {
        if (!isKilled) throw error;
      }
    };
    // Both go on until the engine is gone, so that the kill finds them in the midst of it.
    const working = Promise.all([untilKilled(upload), untilKilled(publish)]);
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { interval: 1 }).toBeGreaterThan(before + round);
    isKilled = true;
    await kill();
    await working;

    const store = openStore(dataDir);
    store.check();
    const kept = store.images.byIds(projectId, acknowledged);
    expect(kept.map(({ id }) => id)).toEqual(acknowledged);
    for (const { photo } of kept) await store.photos.read(photo);
    const bearers = store.iterations
      .list(projectId)
      .filter(({ publishedName }) => publishedName === 'live');
    expect(bearers).toHaveLength(1);
    expect(bearers[0]).toMatchObject({ status: 'Completed' });
    expect(readHead(store.iterations.head(bearers[0]!.id)!, backboneId).tags).toHaveLength(2);
    store.close();
  }
}, 240_000);
