import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { bundleForTests } from '../../testing/bundle-for-tests.ts';
import type { TestBundle } from '../../testing/bundle-for-tests.ts';
import pytorch from './pytorch.json' with { type: 'json' };
import type { TrayPicture } from './segmentation.ts';
import { changeClasses } from './segmentation.ts';
import { openSegmenter } from './segmenter.ts';
import type { Segmenter } from './segmenter.ts';

const width = 160;
const height = 90;
const modelPath = join('assets', 'models', 'tray.onnx');

/**
 * A pale table with a soft grain; where `shade` is set, a dark disc lies on it. training/tray/export.py
 * draws the same.
 */
function table(shade?: number): TrayPicture {
  const grey = Uint8Array.from({ length: width * height }, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    if (shade !== undefined && Math.hypot(x - 60, y - 45) < 14) return shade + (x % 3);
    return 150 + ((x * 7 + y * 13) % 5);
  });
  return { width, height, grey };
}

const atPixel = (x: number, y: number): number => y * width + x;

/** A thread without a model: it answers when told to, with the first pixel as its only share. */
const fakeWorker = (onJob: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id, name, argument: job }) => {
        if (name === 'close') return parentPort.close();
        const done = (response) => parentPort.postMessage({ kind: 'done', id, response });
        if (name === 'open') return done(null);
        const answer = () => done({ width: 1, height: 1, same: job.now.grey.slice(0, 1) });
        ${onJob}
      });`)}`,
  );

async function openFake(onJob: string, segmentTimeoutMs = 60_000): Promise<Segmenter> {
  const workerUrl = fakeWorker(onJob);
  const segmenter = await openSegmenter({ workerUrl, modelPath: '', segmentTimeoutMs });
  onTestFinished(segmenter.close);
  return segmenter;
}

const marked = (mark: number): TrayPicture => ({
  width: 1,
  height: 1,
  grey: Uint8Array.of(mark),
});

describe('with the real model', () => {
  let bundle: TestBundle;
  let segmenter: Segmenter;

  beforeAll(async () => {
    bundle = await bundleForTests({
      'segmenter-worker': 'src/main/tray/segmenter/segmenter-worker.ts',
    });
    const workerUrl = pathToFileURL(join(bundle.folder, 'segmenter-worker.mjs'));
    segmenter = await openSegmenter({ workerUrl, modelPath });
  });
  afterAll(async () => {
    await segmenter.close();
    await bundle.remove();
  });

  test('a disc that came was added, and one that went was removed', async () => {
    const came = await segmenter.segment(table(40), table());
    const went = await segmenter.segment(table(), table(40));
    const [middle, aside] = [atPixel(60, 45), atPixel(130, 45)];
    expect(came.added[middle]).toBeGreaterThan(200);
    expect(came.same[aside]).toBeGreaterThan(200);
    expect(went.removed[middle]).toBeGreaterThan(200);
    expect(went.same[aside]).toBeGreaterThan(200);
  });

  test('it says what PyTorch says of the same pair', async () => {
    const seen = await segmenter.segment(table(40), table());
    for (const { x, y, shares } of pytorch.pixels) {
      changeClasses.forEach((kind, index) => {
        const away = Math.abs(seen[kind][atPixel(x, y)]! / 255 - shares[index]!);
        expect(away, `${kind} at ${x}, ${y}`).toBeLessThan(pytorch.tolerance);
      });
    }
  });

  test('pictures of two sizes are refused, and the next pair is not', async () => {
    const small = { width: 16, height: 16, grey: new Uint8Array(256) };
    await expect(segmenter.segment(table(), small)).rejects.toThrow(/160×90.*16×16/);
    expect(await segmenter.segment(table(), table())).toMatchObject({ width, height });
  });

  test('a file that is not there is named', async () => {
    const workerUrl = pathToFileURL(join(bundle.folder, 'segmenter-worker.mjs'));
    const opening = openSegmenter({ workerUrl, modelPath: join(bundle.folder, 'none.onnx') });
    await expect(opening).rejects.toThrow(/none\.onnx/);
  });
});

test('pairs are answered one after another, each as it was when it was asked', async () => {
  const segmenter = await openFake('answer();');
  const reused = marked(1);
  const first = segmenter.segment(reused, marked(0));
  reused.grey[0] = 2;
  const second = segmenter.segment(reused, marked(0));
  reused.grey[0] = 9;
  expect((await first).same).toEqual(Uint8Array.of(1));
  expect((await second).same).toEqual(Uint8Array.of(2));
});

test('a thread that ends rejects what it was asked, and all that comes later', async () => {
  const segmenter = await openFake('process.exit();');
  await expect(segmenter.segment(marked(1), marked(0))).rejects.toThrow(/ended/);
  expect((await segmenter.ended).message).toMatch(/ended/);
  await expect(segmenter.segment(marked(1), marked(0))).rejects.toThrow(/ended/);
});

test('a thread that hangs is given up', async () => {
  const segmenter = await openFake('', 1);
  await expect(segmenter.segment(marked(1), marked(0))).rejects.toThrow(/within 1 ms/);
});

test('a thread that does not load its model in time is given up', async () => {
  const workerUrl = new URL('data:text/javascript,setInterval(() => undefined, 60_000);');
  const opening = openSegmenter({ workerUrl, modelPath: 'tray.onnx', openTimeoutMs: 1 });
  await expect(opening).rejects.toThrow(/tray\.onnx.*within 1 ms/);
});

test('closed in the midst of a picture that hangs, it waits no longer than for an answer', async () => {
  const blocks = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
  const segmenter = await openSegmenter({
    workerUrl: fakeWorker(blocks),
    modelPath: '',
    segmentTimeoutMs: 50,
  });
  const asked = segmenter.segment(marked(1), marked(0));
  const refused = expect(asked).rejects.toThrow(/closed/);
  await segmenter.close();
  await refused;
});

test('closed, it takes no more', async () => {
  const segmenter = await openFake('answer();');
  await segmenter.close();
  await expect(segmenter.segment(marked(1), marked(0))).rejects.toThrow(/closed/);
});
