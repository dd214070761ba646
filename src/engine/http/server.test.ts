import { once } from 'node:events';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { LogEvent } from '../../shared/log.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { makeSelfSigned } from '../testing/self-signed.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const nobody = '00000000-0000-4000-8000-000000000000';
const predict = `/customvision/v3.1/prediction/${nobody}/classify/iterations/live/image`;
const list = '/customvision/v3.4-preview/training/projects';

let shop: RunningEngine;
const events: LogEvent[] = [];

beforeAll(async () => {
  shop = await runEngine({ onEvent: (event) => events.push(event), logRequests: true });
});
afterAll(() => shop.stop());

async function limited(options: Parameters<typeof runEngine>[0]): Promise<RunningEngine> {
  const engine = await runEngine(options);
  onTestFinished(() => engine.stop());
  return engine;
}

/** Bytes as they are on a connection, and all that comes back until it is closed. */
async function raw({ engine }: RunningEngine, ...lines: readonly string[]): Promise<string> {
  const socket = open(engine.endpoint);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

function open(endpoint: string): Socket {
  const { hostname, port } = new URL(endpoint);
  return connect(Number(port), hostname);
}

describe('the key', () => {
  const keyed = (name: string, key: string) => ({ [name]: key });

  test.each<[string, (shop: RunningEngine) => [string, Record<string, string>]]>([
    ['its own header', ({ engine }) => [list, keyed('Training-Key', engine.trainingKey)]],
    [
      "the header of all of Azure's services",
      ({ engine }) => [list, keyed('Ocp-Apim-Subscription-Key', engine.trainingKey)],
    ],
    ['the query', ({ engine }) => [`${list}?Training-key=${engine.trainingKey}`, {}]],
  ])('is taken from %s', async (_, ask) => {
    const [path, headers] = ask(shop);
    expect((await fetch(`${shop.engine.endpoint}${path}`, { headers })).status).toBe(200);
  });

  test.each<[string, string, (shop: RunningEngine) => Record<string, string>, string]>([
    ['none', list, () => ({}), 'invalid subscription key'],
    ['a wrong one', list, () => keyed('Training-Key', 'x'), 'invalid subscription key'],
    [
      'the other one for training',
      list,
      ({ engine }) => keyed('Training-Key', engine.predictionKey),
      'this is the prediction key, and the training API takes the training key',
    ],
    [
      'the other one for prediction',
      predict,
      ({ engine }) => keyed('Prediction-Key', engine.trainingKey),
      'this is the training key, and the prediction API takes the prediction key',
    ],
  ])('%s is refused in words', async (_, path, headersOf, words) => {
    const answer = await fetch(`${shop.engine.endpoint}${path}`, {
      method: path === list ? 'GET' : 'POST',
      headers: headersOf(shop),
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(words) });
  });

  test('is neither in the events nor in what they say of requests', async () => {
    const { engine } = shop;
    const path = `${list}?Training-Key=${engine.trainingKey}&mark=secret`;
    await fetch(`${engine.endpoint}${path}`);
    // An answer may be here before the engine has told of it.
    await expect
      .poll(() => events)
      .toContainEqual(
        expect.objectContaining({ event: 'request', method: 'GET', path: list, status: 200 }),
      );
    const told = JSON.stringify(events);
    for (const secret of [engine.trainingKey, engine.predictionKey, 'mark=']) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('too much', () => {
  const retry = (answer: Response) => Number(answer.headers.get('retry-after'));

  test('of calls is answered 429, with when to come again', async () => {
    const engine = await limited({ limits: { trainingCallsPerSecond: 1, trainingBurst: 2 } });
    const answers = [await engine.call('projects'), await engine.call('projects')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    // Far more than become free again while they are answered.
    const calls = Array.from({ length: 30 }, () => engine.call('projects'));
    const refused = await Promise.all(calls);
    expect(refused.map(({ status }) => status)).toContain(429);
    const last = refused.find(({ status }) => status === 429)!;
    expect(retry(last)).toBe(1);
    expect(await last.json()).toMatchObject({
      message: expect.stringContaining('exceeded rate limit'),
    });
  });

  test('of wrong keys does not shut out who has the right one', async () => {
    const engine = await limited({});
    const wrong = () => engine.call('projects', { headers: { 'Training-Key': 'guess' } });
    // Five become free again each second.
    const answers = await Promise.all(Array.from({ length: 200 }, wrong));
    expect(answers.map(({ status }) => status)).toContain(429);
    expect((await engine.call('projects')).status).toBe(200);
  });

  test('of bodies at a time waits outside, and finds room when the others are gone', async () => {
    const engine = await limited({ limits: { bodyMemoryBytes: 1_000 } });
    const { predictionKey, endpoint } = engine.engine;
    const head = (bytes: number) =>
      `POST ${predict} HTTP/1.1\r\nHost: x\r\nPrediction-Key: ${predictionKey}\r\n` +
      `Content-Type: image/jpeg\r\nContent-Length: ${bytes}\r\n\r\n`;
    const slow = open(endpoint);
    slow.write(head(900));
    const send = async () => {
      const socket = open(endpoint);
      socket.write(`${head(200)}${'x'.repeat(200)}`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return String(first);
    };
    await expect.poll(() => bodyBytes(engine)).toBe(900);
    expect(await send()).toMatch(/^HTTP\/1.1 429 [^]*retry-after: 1\r\n/i);
    slow.destroy();
    await expect.poll(() => bodyBytes(engine)).toBe(0);
    expect(await send()).toMatch(/^HTTP\/1.1 404 /);
  });

  test('in one body is 413 before it is read', async () => {
    const answer = await raw(
      shop,
      `POST ${predict} HTTP/1.1`,
      'Host: x',
      `Prediction-Key: ${shop.engine.predictionKey}`,
      'Content-Length: 99999999999',
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 [^]*is larger than/);
  });

  test('of headers is 431', async () => {
    const answer = await raw(shop, 'GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`);
    expect(answer).toMatch(/^HTTP\/1.1 431 [^]*too many or too long headers/);
  });
});

async function bodyBytes(engine: RunningEngine): Promise<number> {
  const metrics = await (await fetch(`${engine.engine.endpoint}/metrics`)).text();
  return Number(/^freshlane_http_body_bytes (\d+)$/m.exec(metrics)?.[1]);
}

test('of more connections than may be, those too many are hung up on', async () => {
  const engine = await limited({ limits: { connections: 2 } });
  const ask = async (socket: Socket): Promise<string> => {
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return String(answer);
  };
  const kept = [open(engine.engine.endpoint), open(engine.engine.endpoint)];
  onTestFinished(() => kept.forEach((socket) => void socket.destroy()));
  for (const socket of kept) expect(await ask(socket)).toMatch(/^HTTP\/1.1 200 /);

  const third = open(engine.engine.endpoint);
  third.on('error', () => undefined);
  const got: Buffer[] = [];
  third.on('data', (chunk: Buffer) => got.push(chunk));
  third.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(third, 'close');
  expect(got).toEqual([]);
  expect(await ask(kept[0]!)).toMatch(/^HTTP\/1.1 200 /);

  kept[1]!.destroy();
  // The engine hears of it a moment later.
  const again = () =>
    fetch(`${engine.engine.endpoint}/healthz`).then(({ status }) => status, String);
  await expect.poll(again, { timeout: 30_000 }).toBe(200);
});

test.each(['hello', 'GET / HTTP/9.9', 'GET / HTTP/1.1\r\nContent-Length: x'])(
  '%j is no HTTP, and is told so',
  async (line) => {
    expect(await raw(shop, line)).toMatch(/^HTTP\/1.1 400 [^]*"The request is malformed."\}$/);
  },
);

test.each(['/%zz', '/customvision/v3.1/training/%E0%A4%A'])('%s is no path', async (path) => {
  const answer = await raw(shop, `GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close');
  expect(answer).toMatch(/^HTTP\/1.1 404 [^]*"NotFound"/);
});

test('while it stops it refuses what is new, and ends what is under way', async () => {
  const engine = await runEngine();
  const { endpoint, predictionKey } = engine.engine;
  const socket = open(endpoint);
  const body = drawPhoto('tomato', 1);
  socket.write(
    `POST ${predict} HTTP/1.1\r\nHost: x\r\nPrediction-Key: ${predictionKey}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`,
  );
  await expect.poll(() => bodyBytes(engine)).toBe(body.length);
  const stopped = engine.stop();
  const refused = await fetch(`${endpoint}${list}`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  const health = await fetch(`${endpoint}/healthz`);
  expect([health.status, await health.json()]).toEqual([
    503,
    expect.objectContaining({ status: 'stopping' }),
  ]);
  socket.write(body);
  // The project is not there, and that is the answer of the route itself.
  expect(await text(socket)).toMatch(/^HTTP\/1.1 404 [^]*NotFoundProject/);
  await stopped;
  await expect(fetch(`${endpoint}/healthz`)).rejects.toThrow();
});

describe('the numbers', () => {
  const metrics = (headers: Record<string, string>) =>
    fetch(`${shop.engine.endpoint}/metrics`, { headers });

  test('count answers by route, whatever the path was', async () => {
    await shop.call(`projects/${nobody}`);
    const answer = await metrics({});
    expect(answer.headers.get('content-type')).toContain('version=0.0.4');
    const numbers = await answer.text();
    expect(numbers).toMatch(
      /^freshlane_http_requests_total\{method="GET",route="\/customvision\/:version\/training\/projects\/:projectId",status="404"\} 1$/m,
    );
    for (const name of [
      '# TYPE freshlane_http_request_seconds histogram\n',
      'freshlane_http_request_seconds_bucket{le="+Inf",route=',
      'freshlane_predictions_total 0\n',
      'freshlane_predictions_waiting 0',
      'freshlane_trainings_unfinished 0',
      'process_resident_memory_bytes',
      'nodejs_eventloop_delay_seconds{quantile="0.99"}',
    ]) {
      expect(numbers).toContain(`\n${name}`);
    }
    expect(numbers).not.toContain(nobody);
  });

  test('are for this machine; through a proxy one needs a key', async () => {
    const forwarded = { 'X-Forwarded-For': '192.0.2.1' };
    expect((await metrics(forwarded)).status).toBe(401);
    const authorization = `Bearer ${shop.engine.predictionKey}`;
    expect((await metrics({ ...forwarded, authorization })).status).toBe(200);
  });
});

test('health says what is wrong, in words without paths', async () => {
  const modelDir = temporaryFolder();
  cpSync(defaultModelDir(import.meta.url), modelDir, { recursive: true });
  const engine = await limited({ modelDir });
  rmSync(join(modelDir, 'backbone.json'));
  rmSync(engine.dataDir, { recursive: true });
  const answer = await fetch(`${engine.engine.endpoint}/healthz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: 'degraded',
    backbone: 'freshlane-groceries-1',
    reasons: [
      { code: 'data-not-writable', message: 'The data folder cannot be written to.' },
      {
        code: 'model-missing',
        message: 'The model has gone; the engine will not start again without it.',
      },
    ],
  });
});

async function reasonsOf({ engine }: RunningEngine): Promise<unknown> {
  const answer = await fetch(`${engine.endpoint}/healthz`);
  expect(answer.status).toBe(200);
  const { status, reasons } = (await answer.json()) as { status: string; reasons: unknown };
  expect(status).toBe('degraded');
  return reasons;
}

test('health says that the disk has less room than it should', async () => {
  const engine = await limited({ limits: { diskSpareBytes: Number.MAX_SAFE_INTEGER } });
  expect(await reasonsOf(engine)).toEqual([
    { code: 'disk-nearly-full', message: expect.stringMatching(/^The disk has \d+ MB left\.$/) },
  ]);
});

test('health says how many photos are damaged', async () => {
  const first = await limited({});
  const project = await first.training.createProject('Shop');
  for (const seed of [1, 2, 3]) {
    await first.training.createImagesFromData(project.id!, drawPhoto('tomato', seed, 64, 48));
  }
  await first.engine.close();
  const files = readdirSync(join(first.dataDir, 'photos'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(3);
  const [changed, gone] = files.map(({ parentPath, name }) => join(parentPath, name));
  writeFileSync(changed!, 'changed');
  rmSync(gone!);

  const second = await limited({ dataDir: first.dataDir });
  const damaged = async () => (await fetch(`${second.engine.endpoint}/metrics`)).text();
  await expect.poll(damaged, { timeout: 30_000 }).toContain('\nfreshlane_photos_damaged 2\n');
  expect(await reasonsOf(second)).toEqual([
    { code: 'photos-damaged', message: '2 photos are damaged or gone; the log names them.' },
  ]);
});

describe('TLS', () => {
  function files(cert = makeSelfSigned()) {
    const folder = temporaryFolder();
    const paths = { certPath: join(folder, 'tls.crt'), keyPath: join(folder, 'tls.key') };
    const write = (next: typeof cert): void => {
      writeFileSync(paths.certPath, next.cert);
      writeFileSync(paths.keyPath, next.key);
    };
    write(cert);
    return { paths, write, cert };
  }

  async function health(endpoint: string, ca: string): Promise<unknown> {
    const asked = httpsRequest(`${endpoint}/healthz`, { ca, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    return JSON.parse(await text(answer));
  }

  test('is served with the certificate, and with a renewed one from its reload on', async () => {
    const { paths, write, cert } = files();
    const told: LogEvent[] = [];
    const { engine } = await limited({ tls: paths, onEvent: (event) => told.push(event) });
    expect(engine.endpoint).toMatch(/^https:/);
    // Within two weeks of its end a certificate is a reason to look.
    expect(await health(engine.endpoint, cert.cert)).toMatchObject({
      status: 'degraded',
      reasons: [{ code: 'certificate-expiring' }],
    });

    const renewed = makeSelfSigned({ to: new Date(Date.now() + 90 * 86_400_000) });
    write(renewed);
    engine.reloadCertificate();
    await expect(health(engine.endpoint, cert.cert)).rejects.toThrow(/self.signed|verify/i);

    write({ ...renewed, key: 'torn' });
    engine.reloadCertificate();
    expect(await health(engine.endpoint, renewed.cert)).toMatchObject({
      backbone: expect.any(String),
    });
    expect(told.map(({ event }) => event)).toEqual([
      'started',
      'certificate-taken',
      'certificate-refused',
    ]);
  });

  test('keeps the engine from starting with one that is over', async () => {
    const day = 86_400_000;
    const { paths } = files(
      makeSelfSigned({ from: new Date(Date.now() - 2 * day), to: new Date(Date.now() - day) }),
    );
    await expect(runEngine({ tls: paths })).rejects.toThrow(/tls\.crt expired at/);
  });

  test('is asked for where other machines are served', async () => {
    await expect(runEngine({ host: '0.0.0.0' })).rejects.toThrow(/--tls-cert.*--plain-http/);
    const told: LogEvent[] = [];
    await limited({
      host: '0.0.0.0',
      plainHttp: true,
      onEvent: (event) => told.push(event),
    });
    expect(told).toContainEqual(expect.objectContaining({ level: 'warn', event: 'plain-http' }));
  });
});
