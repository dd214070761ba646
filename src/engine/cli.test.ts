import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { photoName } from './store/photo-files.ts';
import { openStore } from './store/store.ts';
import { dyingAt, signalledAt } from './testing/die-at.ts';
import { drawFolders, drawPhoto } from './testing/drawn-photos.ts';
import { makeFolder, removeFolder } from './testing/folders.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { buildPrograms } from './testing/training-worker.ts';
import type { BuiltPrograms } from './testing/training-worker.ts';

/** Starting Node and the model several times over is slow on a busy machine. */
const patient = 240_000;

const photos = makeFolder();
let programs: BuiltPrograms;

beforeAll(async () => {
  programs = await buildPrograms(['cli', 'inference-worker']);
  await drawFolders(photos, {
    tomato: { thing: 'tomato', photos: 5 },
    milk: { thing: 'carton', photos: 5 },
  });
});
afterAll(() => {
  programs.remove();
  removeFolder(photos);
});

const cli = (): string => join(programs.folder, 'cli.js');

function engine(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [cli(), ...args]);
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
    const kept = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as Served['keys'];
    expect(ready).toMatchObject({
      kind: 'ready',
      predictionKey: kept.predictionKey,
      trainingKey: kept.trainingKey,
      projects: [{ name: 'Shop', publishedNames: ['live'] }],
    });
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
      const child = spawn(process.execPath, [...dyingAt(stage), cli(), ...training(dataDir)]);
      expect(await finish(child)).toMatchObject({ code: null, stdout: '' });
      expect(child.signalCode).toBe('SIGKILL');

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

interface Served {
  readonly child: ChildProcessWithoutNullStreams;
  readonly closed: Promise<unknown[]>;
  readonly endpoint: string;
  readonly keys: { readonly predictionKey: string; readonly trainingKey: string };
}

async function serve(dataDir: string, ...options: readonly string[]): Promise<Served> {
  const child = engine('serve', '--data', dataDir, '--port', '0', ...options);
  const closed = once(child, 'close');
  const line = await waitForLine(createInterface(child.stdout), '{');
  const { endpoint } = JSON.parse(line) as { endpoint: string };
  const keys = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as Served['keys'];
  return { child, closed, endpoint, keys };
}

/** Headers of a request whose body is still to come. */
async function beginRequest({ endpoint, keys }: Served, bytes: number): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const project = '00000000-0000-4000-8000-000000000000';
  socket.write(
    `POST /customvision/v3.1/prediction/${project}/classify/iterations/live/image HTTP/1.1\r\n` +
      `Host: x\r\nPrediction-Key: ${keys.predictionKey}\r\nContent-Length: ${bytes}\r\n\r\n`,
  );
  const metrics = async () => (await fetch(`${endpoint}/metrics`)).text();
  await expect.poll(metrics).toContain(`freshlane_http_body_bytes ${bytes}\n`);
  return socket;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'ends well by a %s that comes as soon as it is ready',
  async (signal) => {
    const options = signalledAt('stdout', '{"kind":"ready"', signal);
    const dataDir = temporaryFolder();
    const args = ['serve', '--data', dataDir, '--port', '0'];
    const { code, stderr } = await finish(spawn(process.execPath, [...options, cli(), ...args]));
    expect(code).toBe(0);
    expect(stderr).toContain('"event":"stopped"');
    // Its own file has the same lines.
    expect(readFileSync(join(dataDir, 'logs', 'engine.log'), 'utf8')).toBe(stderr);
  },
  patient,
);

describe('told to stop while a request is under way', () => {
  test(
    'it answers that one, refuses others, ends well, and says so in its log without keys',
    async () => {
      const log = join(temporaryFolder(), 'engine.log');
      const dataDir = temporaryFolder();
      const served = await serve(dataDir, '--log', log, '--log-requests');
      const socket = await beginRequest(served, 4);
      served.child.kill('SIGTERM');
      const status = async () => (await fetch(`${served.endpoint}/healthz`)).status;
      await expect.poll(status).toBe(503);
      socket.write('done');
      expect(await text(socket)).toMatch(/^HTTP\/1.1 404 [^]*NotFoundProject/);
      expect(await served.closed).toEqual([0, null]);

      expect(readdirSync(dataDir)).not.toContain('logs');
      const written = readFileSync(log, 'utf8');
      const events = written
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events.filter((event) => event !== 'request')).toEqual([
        'started',
        'stopping',
        'stopped',
      ]);
      expect(events).toContain('request');
      for (const key of Object.values(served.keys)) expect(written).not.toContain(key);
    },
    patient,
  );

  test(
    'a second time, it ends at once',
    async () => {
      const served = await serve(temporaryFolder());
      const socket = await beginRequest(served, 4);
      socket.on('error', () => undefined);
      const status = async () => (await fetch(`${served.endpoint}/healthz`)).status;
      served.child.kill('SIGINT');
      await expect.poll(status).toBe(503);
      served.child.kill('SIGINT');
      expect(await served.closed).toEqual([null, 'SIGINT']);
    },
    patient,
  );
});

test(
  'killed while pictures are uploaded, it has all that it acknowledged when it is back',
  async () => {
    const dataDir = temporaryFolder();
    const first = await serve(dataDir);
    const ask = (served: Served, path: string, init: RequestInit = {}) =>
      fetch(`${served.endpoint}/customvision/v3.3/training/projects${path}`, {
        ...init,
        headers: { 'Training-Key': first.keys.trainingKey },
      });
    const made = await ask(first, '?name=Shop', { method: 'POST' });
    const { id: project } = (await made.json()) as { id: string };

    const acknowledged = new Map<string, Buffer>();
    let seed = 0;
    const upload = async (): Promise<void> => {
      for (;;) {
        const body = drawPhoto('tomato', (seed += 1), 64, 48);
        const answer = await ask(first, `/${project}/images`, { method: 'POST', body });
        const { images } = (await answer.json()) as { images: { image: { id: string } }[] };
        acknowledged.set(images[0]!.image.id, body);
        // In the midst of what the other clients are sending.
        if (acknowledged.size === 40) first.child.kill('SIGKILL');
      }
    };
    await Promise.allSettled(Array.from({ length: 4 }, upload));
    expect(await first.closed).toEqual([null, 'SIGKILL']);

    const second = await serve(dataDir);
    expect(acknowledged.size).toBeGreaterThanOrEqual(40);
    for (const [id, bytes] of acknowledged) {
      const answer = await ask(second, `/${project}/images/id?imageIds=${id}`);
      const [image] = (await answer.json()) as { originalImageUri: string }[];
      const picture = await fetch(image!.originalImageUri);
      expect(Buffer.from(await picture.arrayBuffer()).equals(bytes)).toBe(true);
    }
    for (const entry of readdirSync(join(dataDir, 'photos'), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile() || entry.name.endsWith('.part')) continue;
      expect(photoName(readFileSync(join(entry.parentPath, entry.name)))).toBe(entry.name);
    }
    second.child.kill('SIGTERM');
    expect(await second.closed).toEqual([0, null]);
  },
  patient,
);

test(
  'what writes to a folder that an engine serves is refused, naming the engine',
  async () => {
    const dataDir = temporaryFolder();
    const served = await serve(dataDir);
    const commands = [
      training(dataDir),
      ['import', '--data', dataDir, '--from-file', join(photos, 'shop.zip')],
      [
        ...['import', '--data', dataDir, '--from', 'http://127.0.0.1:9', '--training-key', 'x'],
        ...['--project', 'p'],
      ],
    ];
    const refused = await Promise.all(commands.map((each) => finish(engine(...each))));
    for (const { code, stderr } of refused) {
      expect(code).toBe(1);
      expect(stderr).toContain(`${dataDir} is in use by an engine, process ${served.child.pid},`);
    }
    served.child.kill('SIGTERM');
    expect(await served.closed).toEqual([0, null]);
  },
  patient,
);

test(
  'keys come by a file or the environment, and are written nowhere but on the ready line',
  async () => {
    const dataDir = temporaryFolder();
    const [keyFile, log] = [join(dataDir, 'training.key'), join(dataDir, 'engine.log')];
    writeFileSync(keyFile, 'training-key-of-a-file\n');
    const args = ['serve', '--data', dataDir, '--port', '0', '--training-key-file', keyFile];
    const env = { ...process.env, FRESHLANE_PREDICTION_KEY: 'prediction-key-of-env' };
    const child = spawn(
      process.execPath,
      [join(programs.folder, 'cli.js'), ...args, '--log', log],
      { env },
    );
    const closed = once(child, 'close');
    const stderr = text(child.stderr);
    const keys = {
      predictionKey: 'prediction-key-of-env',
      trainingKey: 'training-key-of-a-file',
    };
    expect(JSON.parse(await waitForLine(createInterface(child.stdout), '{'))).toMatchObject(keys);
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    const told = `${readFileSync(log, 'utf8')}${await stderr}`;
    expect(told).toContain('"event":"stopped"');
    for (const key of Object.values(keys)) expect(told).not.toContain(key);
    expect(readdirSync(dataDir)).not.toContain('keys.json');
  },
  patient,
);

test('a log that cannot be written is told at the start', async () => {
  const folder = temporaryFolder();
  const args = ['serve', '--data', folder, '--port', '0', '--log', folder];
  const { code, stderr } = await finish(engine(...args));
  expect(code).toBe(1);
  expect(stderr).toContain('EISDIR');
});

test('a key that is too short ends with 1 and is not told', async () => {
  const dataDir = temporaryFolder();
  const { code, stderr } = await finish(
    engine('serve', '--data', dataDir, '--port', '0', '--training-key', 'guessable'),
  );
  expect(code).toBe(1);
  expect(stderr).toBe('The training key has 9 characters; it needs at least 16.\n');
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
