import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { startEngine } from '../src/engine/engine.ts';
import { defaultModelDir } from '../src/engine/model-dir.ts';
import { loadBackbone } from '../src/engine/model/backbone.ts';
import { decodePicture, plainView } from '../src/engine/model/picture.ts';
import { drawFolders, drawPhoto } from '../src/engine/testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../src/engine/testing/folders.ts';
import { trainFromFolders } from '../src/engine/train-from-folders.ts';
import { figure, percentile, spread } from './figure.ts';
import type { Figure } from './figure.ts';

const warmUpCalls = 20;
const calls = 400;
const clients = 8;
/** After so many predictions the memory is looked at; the later ones where they are asked for. */
const memoryAfter = [1_000, 5_000, 10_000, 20_000];
const memoryCalls = Number(process.env['FRESHLANE_MEMORY_CALLS'] ?? memoryAfter[0]);
const modelDir = defaultModelDir(import.meta.url);

/** One JPEG over the loopback to its answer, the model alone, and how much the engine gets through. */
export async function benchEngine(): Promise<Figure[]> {
  const folder = makeFolder();
  const dataDir = makeFolder();
  try {
    await drawFolders(folder, {
      tomato: { thing: 'tomato', photos: 8 },
      milk: { thing: 'carton', photos: 8 },
      banana: { thing: 'banana', photos: 8 },
    });
    await trainFromFolders({
      dataDir,
      modelDir,
      projectName: 'Bench',
      folder,
      publishName: 'bench',
    });
    return [...(await benchHttp(dataDir)), ...(await benchBackbone())];
  } finally {
    removeFolder(folder);
    removeFolder(dataDir);
  }
}

async function benchHttp(dataDir: string): Promise<Figure[]> {
  // What the engine can, not what it lets one client do.
  const most = 1_000_000;
  const engine = await startEngine({
    dataDir,
    modelDir,
    port: 0,
    limits: { predictionsPerSecond: most, predictionBurst: most },
  });
  const agent = new Agent({ keepAlive: true });
  const jpeg = drawPhoto('tomato', 1, 640, 480);
  const path =
    `/customvision/v3.1/prediction/${engine.projects[0]?.id}` +
    '/classify/iterations/bench/image/nostore';
  const call = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        'Prediction-Key': engine.predictionKey,
        'Content-Type': 'application/octet-stream',
        'Content-Length': jpeg.length,
      };
      const sent = request(
        `${engine.endpoint}${path}`,
        { method: 'POST', agent, headers },
        (answer) => {
          answer.resume();
          answer.on('end', () =>
            answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`)),
          );
        },
      );
      sent.on('error', reject);
      sent.end(jpeg);
    });
  try {
    await repeat(warmUpCalls, call);
    const cpuBefore = process.cpuUsage();
    const tookMs = await repeat(calls, call);
    const cpu = process.cpuUsage(cpuBefore);
    const startedMs = performance.now();
    await repeatAtOnce(calls, call);
    const rate = calls / ((performance.now() - startedMs) / 1000);
    const note = `${calls} JPEGs of 640x480, 1 thread, client in the same process`;
    return [
      ...spread('engine HTTP', 'ms', note, tookMs),
      figure('engine HTTP p99', percentile(tookMs, 0.99), 'ms', note),
      figure(
        'engine HTTP processor time',
        (cpu.user + cpu.system) / 1000 / calls,
        'ms',
        `${note}; what it would take on a core of its own`,
      ),
      figure('engine predictions', rate, 'per second', `${clients} clients at once, 1 thread`),
      ...(await benchMemoryOf(call)),
    ];
  } finally {
    agent.destroy();
    await engine.close();
  }
}

/** The process's memory as the predictions go on; it should not grow with them. */
async function benchMemoryOf(call: () => Promise<void>): Promise<Figure[]> {
  const figures: Figure[] = [];
  let done = 0;
  for (const after of memoryAfter.filter((each) => each <= memoryCalls)) {
    await repeatAtOnce(after - done, call);
    done = after;
    const megabytes = process.memoryUsage.rss() / 1024 / 1024;
    const note = `resident, ${clients} clients at once, clients in the same process`;
    figures.push(figure(`engine memory after ${after} predictions`, megabytes, 'MB', note));
    process.stderr.write(`${after} predictions: ${megabytes.toFixed(0)} MB\n`);
  }
  return figures;
}

/** As many calls in all, by all clients together. */
async function repeatAtOnce(times: number, task: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: clients }, () => repeat(times / clients, task)));
}

async function benchBackbone(): Promise<readonly Figure[]> {
  const backbone = await loadBackbone({ modelDir, threads: 1 });
  try {
    const image = await decodePicture(drawPhoto('tomato', 1, 640, 480));
    const look = (): Promise<unknown> => backbone.features(image, [plainView]);
    await repeat(warmUpCalls, look);
    return spread(
      'engine backbone',
      'ms',
      'resize and inference, 1 thread',
      await repeat(calls, look),
    );
  } finally {
    await backbone.close();
  }
}

async function repeat(times: number, task: () => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const startedMs = performance.now();
    await task();
    tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of await benchEngine()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
