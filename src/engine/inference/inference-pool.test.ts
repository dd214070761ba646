import { randomUUID } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { manualTimers } from '../../shared/testing/manual-timers.ts';
import { defaultDetectorDir, defaultModelDir } from '../process/model-dir.ts';
import { plainView } from '../model/picture.ts';
import { hasDetector } from '../testing/detector.ts';
import { drawPhoto, drawTray } from '../testing/drawn-photos.ts';
import { inferenceProgram, threadsBegun, told, waitersOf } from '../testing/inference-program.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { buildPrograms } from '../testing/training-worker.ts';
import type { BuiltPrograms } from '../testing/training-worker.ts';
import { loadFeatureExtractor } from './feature-extractor.ts';
import { openInferencePool } from './inference-pool.ts';
import type { InferencePoolOptions } from './inference-pool.ts';

const enoughMs = 60_000;

async function openPool(options: Partial<InferencePoolOptions> = {}) {
  const faults: unknown[] = [];
  const modelDir = randomUUID();
  const pool = await openInferencePool({
    workerUrl: inferenceProgram(),
    modelDir,
    detectorDir: temporaryFolder(),
    threads: 1,
    size: 1,
    othersAfterMs: 10 * enoughMs,
    inferenceTimeoutMs: enoughMs,
    retryMs: 1,
    closeTimeoutMs: enoughMs,
    onLeft: () => undefined,
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  onTestFinished(pool.close);
  const waiters = waitersOf(options.modelDir ?? modelDir);
  onTestFinished(waiters.close);
  const ask = (kind: keyof typeof told, mark = 0): Promise<Float32Array[]> =>
    pool.features(Uint8Array.of(mark, told[kind]), [plainView]);
  return { pool, ask, waiters, faults };
}

describe('with the real model', () => {
  const modelDir = defaultModelDir(import.meta.url);
  const detectorDir = defaultDetectorDir(import.meta.url);
  let programs: BuiltPrograms;
  beforeAll(async () => {
    programs = await buildPrograms(['inference-worker']);
  });
  afterAll(() => programs.remove());
  const openReal = (): ReturnType<typeof openPool> => {
    const workerUrl = pathToFileURL(join(programs.folder, 'inference-worker.js'));
    return openPool({ workerUrl, modelDir, detectorDir, size: 2 });
  };

  test('sees what is seen without threads, and leaves the picture to whoever asked', async () => {
    const { pool } = await openReal();
    const extractor = await loadFeatureExtractor({ modelDir, detectorDir, threads: 1 });
    onTestFinished(extractor.close);
    const picture = drawTray(['tomato', 'carton'], 1).jpeg;
    const before = Buffer.from(picture);
    const views = [0, 90, 180, 270, 45].map((turnDegrees) => ({ turnDegrees }));
    expect(pool).toMatchObject({
      backboneId: extractor.backboneId,
      featureCount: extractor.featureCount,
    });
    expect(await pool.features(picture, views)).toEqual(await extractor.features(picture, views));
    if (hasDetector()) {
      expect(await pool.propose(picture)).toEqual(await extractor.propose(picture));
    }
    expect(picture).toEqual(before);
  });

  test('says of a damaged picture that it is', async () => {
    const { pool } = await openReal();
    const damaged = drawPhoto('tomato', 1).fill(0, 20);
    await expect(pool.features(damaged, [plainView])).rejects.toMatchObject({
      name: 'PictureError',
      fault: 'format',
    });
  });

  test('does not begin without a model, and names the file', async () => {
    const workerUrl = pathToFileURL(join(programs.folder, 'inference-worker.js'));
    const empty = temporaryFolder();
    await expect(openPool({ workerUrl, modelDir: empty })).rejects.toThrow(/backbone\.json/);
  });
});

test('many views of one picture are shared out and come back in order', async () => {
  const { pool } = await openPool({ size: 3 });
  const turns = Array.from({ length: 11 }, (_, index) => index);
  const rows = await pool.features(
    Uint8Array.of(7, told.look),
    turns.map((turnDegrees) => ({ turnDegrees })),
  );
  expect(rows.map((row) => [...row])).toEqual(turns.map((turn) => [7, turn]));
});

test('pictures that wait are looked at side by side, at once', async () => {
  const { ask, waiters } = await openPool({ size: 2, othersAfterMs: 10 * enoughMs });
  const both = [ask('wait', 1), ask('wait', 2)];
  await waiters.arrived(2);
  waiters.letGo();
  expect((await Promise.all(both)).map(([row]) => row?.[0])).toEqual([1, 2]);
});

test('without a picture the other threads begin too, after a while', async () => {
  const modelDir = randomUUID();
  const begun = threadsBegun(modelDir, 3);
  await openPool({ modelDir, size: 3, othersAfterMs: 0 });
  await begun;
});

test.each([
  ['ends', 'end'],
  ['hangs', 'hang'],
] as const)('a thread that %s fails its own picture alone and is replaced', async (_, way) => {
  const { ask, faults } = await openPool(way === 'hang' ? { inferenceTimeoutMs: 500 } : {});
  const lost = ask(way);
  const waiting = ask('look', 5);
  await expect(lost).rejects.toThrow(way === 'hang' ? /within 500 ms/ : /ended/);
  expect([...(await waiting)[0]!]).toEqual([5, 0]);
  expect(String(faults[0])).toMatch(/another begins/);
});

test('where no thread can begin any more nobody waits for one, until one can', async () => {
  const folder = temporaryFolder();
  const detectorDir = join(folder, 'there');
  mkdirSync(detectorDir);
  const { ask, faults } = await openPool({ detectorDir });
  rmdirSync(detectorDir);
  const lost = expect(ask('end')).rejects.toThrow(/ended/);
  const waiting = expect(ask('look')).rejects.toThrow('There is no folder.');
  await lost;
  await waiting;
  expect(faults.length).toBeGreaterThanOrEqual(2);
  mkdirSync(detectorDir);
  await expect.poll(() => ask('look', 3).catch(() => []), { timeout: enoughMs }).toHaveLength(1);
});

test('while one begins again, a picture waits for it', async () => {
  const folder = temporaryFolder();
  const detectorDir = join(folder, 'there');
  mkdirSync(detectorDir);
  const timers = manualTimers();
  const { ask } = await openPool({ detectorDir, timers, retryMs: 1000 });
  rmdirSync(detectorDir);
  await expect(ask('end')).rejects.toThrow(/ended/);
  // The first begins at once and fails, the second would a second later.
  await expect.poll(timers.waiting).toBe(1);
  timers.pass(0);
  await expect(ask('look')).rejects.toThrow();
  await expect.poll(timers.waiting).toBe(1);
  mkdirSync(detectorDir);
  timers.pass(1000);
  expect([...(await ask('look', 6))[0]!]).toEqual([6, 0]);
});

test('at the end a thread that was to begin again does not', async () => {
  const timers = manualTimers();
  const { pool, ask } = await openPool({ timers });
  await expect(ask('end')).rejects.toThrow(/ended/);
  await expect.poll(timers.waiting).toBe(1);
  await pool.close();
  expect(timers.waiting()).toBe(0);
});

test('at the end what is under way is finished and what waits is refused', async () => {
  const { pool, ask, waiters } = await openPool();
  const underWay = ask('wait', 9);
  const waiting = expect(ask('look')).rejects.toMatchObject({ status: 503 });
  await waiters.arrived(1);
  const closed = vi.fn();
  const closing = pool.close().then(closed);
  await waiting;
  expect(closed).not.toHaveBeenCalled();
  waiters.letGo();
  expect((await underWay)[0]?.[0]).toBe(9);
  await closing;
  await expect(ask('look')).rejects.toMatchObject({ status: 503 });
});

test('at the end a thread that hangs is left behind, and ends when it can', async () => {
  const left: Promise<unknown>[] = [];
  const onLeft = (exited: Promise<unknown>): void => void left.push(exited);
  const { pool, ask, waiters } = await openPool({ closeTimeoutMs: 1, onLeft });
  const lost = expect(ask('wait')).rejects.toThrow(/left to itself/);
  await waiters.arrived(1);
  await pool.close();
  await lost;
  expect(left).toHaveLength(1);
  waiters.letGo();
  await left[0];
});
