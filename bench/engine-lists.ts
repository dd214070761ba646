import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { startEngine } from '../src/engine/engine.ts';
import type { Engine } from '../src/engine/engine.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { openStore } from '../src/engine/store/store.ts';
import { drawPhoto } from '../src/engine/testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../src/engine/testing/folders.ts';
import { builtWorkers } from './built-programs.ts';
import { figure, percentile } from './figure.ts';
import type { Figure } from './figure.ts';

const sizes = [1_000, 10_000, 100_000];
const tags = 50;
const batchImages = 64;
const batches = 8;
const calls = 15;
const rowsAtOnce = 500;

/** What a project costs to list, count and add to, from a thousand images to a hundred thousand. */
export async function benchEngineLists(): Promise<Figure[]> {
  const dataDir = makeFolder();
  const modelDir = defaultModelDir(import.meta.url);
  const engine = await startEngine({ dataDir, modelDir, port: 0, ...builtWorkers });
  try {
    const call = caller(engine);
    const { id } = await call<{ id: string }>('POST', 'projects?name=Bench');
    const tagIds: string[] = [];
    for (let index = 0; index < tags; index += 1) {
      const tag = await call<{ id: string }>('POST', `projects/${id}/tags?name=t${index}`);
      tagIds.push(tag.id);
    }
    const figures: Figure[] = [];
    let seed = 0;
    for (const size of sizes) {
      // The last ones come as a shop's do; with them the project is as large as the service allows.
      const filled = size - batches * batchImages;
      await fill(dataDir, id, tagIds, filled, () => call('GET', `projects/${id}/images/count`));
      const uploadMs = await times(batches, () => {
        seed += 1;
        return call('POST', `projects/${id}/images/files`, batch(seed, tagIds));
      });
      figures.push(
        figure(
          `engine uploads at ${size}`,
          (batchImages * 1000) / percentile(uploadMs, 0.5),
          'per second',
          `JPEGs of 64x48 in batches of ${batchImages}, each decoded and flushed to the disk`,
        ),
      );
      for (const [name, path] of Object.entries(listed(tagIds[7] ?? '', size))) {
        const tookMs = await times(calls, () => call('GET', `projects/${id}/${path}`));
        figures.push(
          figure(
            `engine ${name} of ${size}`,
            percentile(tookMs, 0.5),
            'ms',
            `p50 of ${calls} calls over HTTP, ${tags} tags, client in the same process`,
          ),
        );
      }
    }
    return figures;
  } finally {
    await engine.close();
    removeFolder(dataDir);
  }
}

function listed(tagId: string, size: number): Readonly<Record<string, string>> {
  return {
    'first page': 'images?take=50',
    'middle page': `images?take=50&skip=${size / 2}`,
    'last page': `images?take=50&skip=${size - 60}`,
    'page of 256': 'images?take=256',
    'page of a tag': `images/tagged?take=50&tagIds=${tagId}`,
    'last page of a tag': `images/tagged?take=50&tagIds=${tagId}&skip=${Math.max(0, size / tags - 60)}`,
    'untagged page': 'images/untagged?take=50',
    'last untagged page': `images/untagged?take=50&skip=${size / 10 - 60}`,
    count: 'images/count',
    'count of a tag': `images/tagged/count?tagIds=${tagId}`,
    tags: 'tags',
  };
}

function batch(seed: number, tagIds: readonly string[]): string {
  return JSON.stringify({
    images: Array.from({ length: batchImages }, (_, index) => ({
      contents: drawPhoto('tomato', seed * batchImages + index, 64, 48).toString('base64'),
      tagIds: [tagIds[index % 20]],
    })),
  });
}

/** Rows as an upload makes them, with a photo of which there is only the name. */
async function fill(
  dataDir: string,
  projectId: string,
  tagIds: readonly string[],
  size: number,
  countNow: () => Promise<number>,
): Promise<void> {
  const missing = size - (await countNow());
  const store = openStore(dataDir);
  try {
    for (let done = 0; done < missing; done += rowsAtOnce) {
      store.images.add(
        projectId,
        Array.from({ length: Math.min(rowsAtOnce, missing - done) }, (_, index) => ({
          photo: randomBytes(32).toString('hex'),
          width: 64,
          height: 48,
          tagIds: index % 10 === 0 ? [] : [tagIds[index % tags] ?? ''],
        })),
      );
    }
  } finally {
    store.close();
  }
}

type Call = <T>(method: string, path: string, body?: string) => Promise<T>;

function caller({ endpoint, trainingKey }: Engine): Call {
  return async <T>(method: string, path: string, body?: string): Promise<T> => {
    const answer = await fetch(`${endpoint}/customvision/v3.4-preview/training/${path}`, {
      method,
      headers: { 'Training-Key': trainingKey },
      ...(body !== undefined && { body }),
    });
    if (!answer.ok || answer.status === 207) {
      throw new Error(`${path}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    }
    return (await answer.json()) as T;
  };
}

async function times(count: number, task: () => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    await task();
    tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const each of await benchEngineLists()) process.stdout.write(`${JSON.stringify(each)}\n`);
}
