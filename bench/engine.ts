import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { EngineAccess } from '../src/shared/engine-messages.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { loadBackbone } from '../src/engine/model/backbone.ts';
import { decodePicture, plainView } from '../src/engine/model/picture.ts';
import { drawFolders, drawPhoto } from '../src/engine/testing/drawn-photos.ts';
import { makeFolder, removeFolder } from '../src/engine/testing/folders.ts';
import { trainFromFolders } from '../src/engine/training/train-from-folders.ts';
import { engineProgram } from './built-programs.ts';
import { figure, percentile, spread } from './figure.ts';
import type { Figure } from './figure.ts';

const warmUpCalls = 40;
const calls = 400;
const callsAtOnce = 800;
const clients = 8;
/** After so many predictions the memory is looked at; the later ones where they are asked for. */
const memoryAfter = [100, 500, 1_000, 5_000, 10_000, 20_000];
const memoryCalls = Number(process.env['FRESHLANE_MEMORY_CALLS'] ?? 1_000);
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
  const engine = await startProgram(dataDir);
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
    await repeatAtOnce(warmUpCalls, call);
    const before = await engine.numbers();
    const tookMs = await repeat(calls, call);
    const between = await engine.numbers();
    const startedMs = performance.now();
    await repeatAtOnce(callsAtOnce, call);
    const rate = callsAtOnce / ((performance.now() - startedMs) / 1000);
    const after = await engine.numbers();
    const note = `${calls} JPEGs of 640x480, one client`;
    const noteAtOnce = `${callsAtOnce} JPEGs of 640x480, ${clients} clients at once`;
    const timeNote = 'of the engine; what each would take on a core of its own';
    return [
      ...spread('engine HTTP', 'ms', note, tookMs),
      figure('engine HTTP p99', percentile(tookMs, 0.99), 'ms', note),
      figure(
        'engine HTTP processor time',
        ((between.cpuSeconds - before.cpuSeconds) * 1000) / calls,
        'ms',
        `${note}; ${timeNote}`,
      ),
      figure('engine predictions', rate, 'per second', noteAtOnce),
      figure(
        'engine predictions processor time',
        ((after.cpuSeconds - between.cpuSeconds) * 1000) / callsAtOnce,
        'ms',
        `${noteAtOnce}; ${timeNote}`,
      ),
      ...(await benchMemoryOf(engine, call)),
    ];
  } finally {
    agent.destroy();
    await engine.stop();
  }
}

interface EngineProgram extends EngineAccess {
  readonly numbers: () => Promise<{ readonly cpuSeconds: number; readonly megabytes: number }>;
  readonly stop: () => Promise<void>;
}

/** The engine in a process of its own, as a store runs it: what the clients take is not its. */
async function startProgram(dataDir: string): Promise<EngineProgram> {
  // What the engine can, not what it lets one client do.
  const unlimited = ['predictionsPerSecond', 'predictionBurst'].flatMap((name) => [
    '--limit',
    `${name}=1000000`,
  ]);
  const args = [engineProgram, 'serve', '--data', dataDir, '--port', '0', ...unlimited];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [
    unknown,
  ];
  if (typeof line !== 'string') throw new Error('The engine did not start.');
  const ready = JSON.parse(line) as EngineAccess;
  return {
    ...ready,
    async numbers() {
      const text = await (await fetch(`${ready.endpoint}/metrics`)).text();
      const read = (name: string): number =>
        Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
      return {
        cpuSeconds: read('process_cpu_seconds'),
        megabytes: read('process_resident_memory_bytes') / 1024 / 1024,
      };
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** The engine's memory as the predictions go on; it should not grow with them. */
async function benchMemoryOf(engine: EngineProgram, call: () => Promise<void>): Promise<Figure[]> {
  const figures: Figure[] = [];
  let done = 0;
  for (const after of memoryAfter.filter((each) => each <= memoryCalls)) {
    await repeatAtOnce(after - done, call);
    done = after;
    const { megabytes } = await engine.numbers();
    const note = `resident, ${clients} clients at once`;
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
