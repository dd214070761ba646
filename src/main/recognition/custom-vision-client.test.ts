import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EndpointSettings } from '../settings/recognition-settings.ts';
import { largestPictureBytes, openCustomVisionClient } from './custom-vision-client.ts';
import type { ClassifyOutcome } from './prediction-client.ts';
import type { RecognitionFault } from './recognition.ts';
import {
  answerWith,
  openScriptedServer,
  refuseWith,
  replyWith,
} from '../../simulators/custom-vision/scripted-server.ts';
import type { Script } from '../../simulators/custom-vision/scripted-server.ts';

const key = 'a-key-that-must-never-be-shown-0123456789';
const projectId = '6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c';
const picture = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 0xff, 0xd9]);

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).reverse()) await close();
});

function settingsFor(predictionEndpoint: string): EndpointSettings {
  return { predictionEndpoint, predictionKey: key, projectId, modelName: 'fruit classifier' };
}

function open(endpoint: string, prefix: '' | 'Second' = '') {
  const client = openCustomVisionClient(settingsFor(endpoint), prefix);
  closers.push(() => client.close());
  return {
    classify: (
      bytes: Uint8Array = picture,
      options: { signal?: AbortSignal; store?: boolean } = {},
    ) =>
      client.classify(bytes, {
        signal: options.signal ?? new AbortController().signal,
        store: options.store ?? false,
      }),
  };
}

async function serve(script: Script, tls?: { key: string; cert: string }) {
  const server = await openScriptedServer(script, tls);
  closers.push(() => server.close());
  return server;
}

function expectFault(outcome: ClassifyOutcome, fault: RecognitionFault, words: RegExp): void {
  expect(outcome).toMatchObject({ kind: 'fault', fault, message: expect.stringMatching(words) });
  expect(JSON.stringify(outcome)).not.toContain(key);
}

describe('a call', () => {
  test('sends the picture as the SDK does and ranks the answer', async () => {
    const server = await serve(answerWith({ apple: 0.1, banana: 0.9 }));
    const outcome = await open(server.endpoint).classify();
    expect(outcome).toEqual({
      kind: 'predictions',
      predictions: [
        expect.objectContaining({ tagName: 'banana', probability: 0.9, tagType: 'Regular' }),
        expect.objectContaining({ tagName: 'apple', probability: 0.1 }),
      ],
      serverMs: null,
    });
    const [request] = server.requests;
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe(
      `/customvision/v3.1/prediction/${projectId}/classify/iterations/fruit%20classifier/image/nostore`,
    );
    expect(request?.headers['prediction-key']).toBe(key);
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
    expect(request?.body.includes(Buffer.from(picture))).toBe(true);
  });

  test('asks for the picture’s embedding, and takes it where it is told', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const client = open(server.endpoint);
    expect(await client.classify()).not.toHaveProperty('embedding');
    expect(server.requests[0]?.headers['freshlane-embedding']).toBeDefined();
    const embedding = Buffer.from(Int8Array.of(127, -128, 0, 5).buffer).toString('base64');
    server.play((request, response) => {
      response.setHeader('Freshlane-Embedding', embedding);
      answerWith({ banana: 1 })(request, response);
    });
    expect(await client.classify()).toMatchObject({
      kind: 'predictions',
      embedding: Float32Array.of(127, -128, 0, 5),
    });
  });

  test.each(['', 'not Base64!', 'AAAA'.repeat(2_049)])(
    'does without an embedding that is none: %#',
    async (nonsense) => {
      const server = await serve((request, response) => {
        response.setHeader('Freshlane-Embedding', nonsense);
        answerWith({ banana: 1 })(request, response);
      });
      const outcome = await open(server.endpoint).classify();
      expect(outcome).toMatchObject({ kind: 'predictions' });
      expect(outcome).not.toHaveProperty('embedding');
    },
  );

  test('lets the service keep the picture only where that is wanted', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    await open(server.endpoint).classify(picture, { store: true });
    expect(server.requests[0]?.path).toMatch(/\/image$/);
  });

  test('sends only its own part of a larger buffer', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const pool = Buffer.from('before-PICTURE-after');
    await open(server.endpoint).classify(pool.subarray(7, 14));
    const body = server.requests[0]?.body.toString('latin1');
    expect(body).toContain('PICTURE');
    expect(body).not.toMatch(/before|after/);
  });

  test('keeps one connection for all calls in turn', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const client = open(server.endpoint);
    for (let call = 0; call < 3; call += 1) await client.classify();
    expect(server.requests).toHaveLength(3);
    expect(server.connectionCount).toBe(1);
  });

  test('reaches this machine past a proxy that the environment names', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
      vi.stubEnv(name, 'http://127.0.0.1:9');
    }
    expect(await open(server.endpoint).classify()).toMatchObject({ kind: 'predictions' });
  });

  test('goes through a proxy to other machines', async () => {
    const proxy = await serve(answerWith({ banana: 1 }));
    const target = await new Promise<string>((resolve) => {
      const server = createServer((socket) => {
        socket.once('data', (head) => {
          resolve(head.toString('latin1').split('\r\n')[0] ?? '');
          socket.destroy();
        });
      });
      closers.push(() => void server.close());
      server.listen(0, '127.0.0.1', () => {
        vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        void open('http://engine.example').classify();
      });
    });
    expect(target).toMatch(/engine\.example/);
    expect(proxy.requests).toHaveLength(0);
  });

  test('reads how long the server worked', async () => {
    const server = await serve((request, response) => {
      response.setHeader('server-timing', 'decode;dur=3, total;desc="all";dur=12.5');
      answerWith({ banana: 1 })(request, response);
    });
    expect(await open(server.endpoint).classify()).toMatchObject({ serverMs: 12.5 });
  });

  test('takes a softmax that ends a hair over 1, and tags without names or known types', async () => {
    const predictions = [
      { probability: 1.0000002, tagName: 'banana', tagType: 'Something new' },
      { probability: 0, tagName: null, tagId: null },
    ];
    const server = await serve(replyWith(200, JSON.stringify({ predictions })));
    expect(await open(server.endpoint).classify()).toMatchObject({
      predictions: [
        { tagName: 'banana', probability: 1, tagType: 'Regular' },
        { tagName: '', tagId: '', tagType: 'Regular' },
      ],
    });
  });
});

const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Everything that a server may answer instead, with what is told of it. */
const refusals: readonly [string, Script, RecognitionFault, RegExp][] = [
  [
    'a wrong key',
    refuseWith(401, '401', 'Access denied due to invalid subscription key or wrong API endpoint.'),
    'wrong-key',
    /^PredictionKey is not accepted by PredictionEndpoint http.*invalid subscription key/,
  ],
  [
    'a wrong key, nested as the gateway writes it',
    replyWith(401, JSON.stringify({ error: { code: '401', message: 'Access denied' } })),
    'wrong-key',
    /^PredictionKey is not accepted.*"Access denied"/,
  ],
  ['a wrong key without words', replyWith(403, ''), 'wrong-key', /^PredictionKey .*\(403\)/],
  [
    'a server that repeats the key',
    refuseWith(401, '401', `No such key: ${key}`),
    'wrong-key',
    /No such key: …/,
  ],
  [
    'an unknown project',
    refuseWith(404, 'NotFoundProject', 'Invalid project'),
    'wrong-project',
    /^ProjectID 6f8a1c2e-.* is not known at PredictionEndpoint http/,
  ],
  [
    'a wrong published name',
    refuseWith(404, 'NotFoundIteration', 'Invalid iteration'),
    'wrong-model-name',
    /^ModelName "fruit classifier" is not published in ProjectID/,
  ],
  [
    'a published name that was withdrawn',
    refuseWith(400, 'BadRequestIterationNotPublished', 'Iteration is not published'),
    'wrong-model-name',
    /^ModelName/,
  ],
  [
    'a detection project',
    refuseWith(400, 'BadRequest', 'Invalid project type for operation.'),
    'wrong-project-type',
    /^ProjectID .* must be a classification project/,
  ],
  [
    'a bad picture',
    refuseWith(400, 'BadRequestImageFormat', 'Bad image format'),
    'bad-picture',
    /^The picture is not accepted.*Bad image format/,
  ],
  ['a picture too large for a proxy', replyWith(413, '<html>', html), 'bad-picture', /picture/],
  [
    'any other refusal',
    refuseWith(400, 'BadRequestInvalid', 'Something else'),
    'not-understood',
    /refused the call \(400\).*Something else/,
  ],
  [
    'a web server without such a path',
    replyWith(404, '<html><h1>Not found</h1></html>', html),
    'wrong-endpoint',
    /^PredictionEndpoint .* is a web server, but not Custom Vision \(404/,
  ],
  [
    'another Azure service',
    replyWith(404, JSON.stringify({ error: { code: '404', message: 'Resource not found' } })),
    'wrong-endpoint',
    /not Custom Vision.*Resource not found/,
  ],
  ['a web server for files', replyWith(405, '', html), 'wrong-endpoint', /not Custom Vision \(405/],
  [
    'a redirect',
    replyWith(302, '', { location: 'https://login.example/here?x=1' }),
    'wrong-endpoint',
    /sends elsewhere \(302, to https:\/\/login\.example\)/,
  ],
  ['a sign-in page', replyWith(200, '<!doctype html><p>Hi', html), 'wrong-endpoint', /web page/],
  ['no JSON', replyWith(200, 'not { json', json), 'not-understood', /not JSON/],
  [
    'JSON that breaks off',
    replyWith(200, '{"predictions": [{"pro', json),
    'not-understood',
    /JSON/,
  ],
  ['an empty body', replyWith(200, '', json), 'not-understood', /not JSON/],
  ['plain text', replyWith(200, 'OK', { 'content-type': 'text/plain' }), 'not-understood', /JSON/],
  ['JSON of null', replyWith(200, 'null', json), 'not-understood', /holds no predictions/],
  ['JSON of a list', replyWith(200, '[]', json), 'not-understood', /holds no predictions/],
  [
    'JSON without predictions',
    replyWith(200, '{"hello": "world"}', json),
    'not-understood',
    /holds no predictions/,
  ],
  [
    'predictions that are no list',
    replyWith(200, '{"predictions": "many"}', json),
    'not-understood',
    /holds no predictions/,
  ],
  [
    'probabilities in per cent',
    replyWith(200, '{"predictions": [{"tagName": "banana", "probability": 97.3}]}', json),
    'not-understood',
    /holds no predictions/,
  ],
  [
    'probabilities that are missing',
    replyWith(200, '{"predictions": [{"tagName": "banana"}]}', json),
    'not-understood',
    /holds no predictions/,
  ],
  ['an answer without an end', replyWith(200, ' '.repeat(3_000_000)), 'not-understood', /too much/],
];

describe('an answer that is none', () => {
  test.each(refusals)('%s', async (_name, script, fault, words) => {
    const server = await serve(script);
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, fault, words);
    expect(outcome).toMatchObject({ retryAfterMs: null });
    expect(server.requests).toHaveLength(1);
  });

  test('of the second endpoint names the settings of the second', async () => {
    const server = await serve(refuseWith(401, '401', 'no'));
    const outcome = await open(server.endpoint, 'Second').classify();
    expectFault(outcome, 'wrong-key', /^SecondPredictionKey .* by SecondPredictionEndpoint/);
  });
});

describe('an answer that may be better later', () => {
  const later: readonly [string, Script, RecognitionFault, number | null][] = [
    [
      '429 with Retry-After',
      refuseWith(429, '429', 'x', { 'retry-after': '3' }),
      'rate-limited',
      3000,
    ],
    ['429 without it', refuseWith(429, '429', 'x'), 'rate-limited', null],
    [
      '429 with the words alone',
      refuseWith(429, '429', 'exceeded rate limit. Please retry after 1 second.'),
      'rate-limited',
      1000,
    ],
    [
      '429 with a past date',
      replyWith(429, '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
      'rate-limited',
      0,
    ],
    ['429 with nonsense', replyWith(429, '', { 'retry-after': 'soon' }), 'rate-limited', null],
    ['a used-up quota', refuseWith(403, '403', 'Out of call volume quota.'), 'rate-limited', null],
    ['500', refuseWith(500, 'ErrorUnknown', 'oops'), 'server-error', 100],
    ['502 from a proxy', replyWith(502, '<html>', html), 'server-error', 100],
    ['503 with Retry-After', replyWith(503, '', { 'retry-after': '1' }), 'server-error', 1000],
    ['500 in JSON that breaks off', replyWith(500, '{"code', json), 'server-error', 100],
  ];
  test.each(later)('%s is told after one try', async (_name, script, fault, retryAfterMs) => {
    const server = await serve(script);
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, fault, /^PredictionEndpoint http/);
    expect(outcome).toMatchObject({ retryAfterMs });
    expect(server.requests).toHaveLength(1);
  });

  test('a connection that is reset', async () => {
    const server = await serve((_request, response) => void response.socket?.resetAndDestroy());
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, 'unreachable', /broke the connection off \(ECONNRESET\)/);
    expect(outcome).toMatchObject({ retryAfterMs: 0 });
  });

  test('a connection that breaks in the middle of the answer', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"predictions": [', () => response.socket?.destroy());
    });
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, 'unreachable', /^PredictionEndpoint/);
    expect(outcome).toMatchObject({ retryAfterMs: 0 });
  });
});

describe('no answer', () => {
  test('from a port where nothing listens', async () => {
    const server = await openScriptedServer(answerWith({}));
    await server.close();
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, 'wrong-endpoint', /nothing that listens there.*ECONNREFUSED/);
  });

  test('from what does not speak HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('SSH-2.0-OpenSSH_9.6\r\n');
    });
    closers.push(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const outcome = await open(`http://127.0.0.1:${port}`).classify();
    expectFault(outcome, 'wrong-endpoint', /does not speak HTTP/);
  });

  test('from a server without TLS to https://', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const outcome = await open(server.endpoint.replace('http:', 'https:')).classify();
    expectFault(outcome, 'wrong-endpoint', /does not speak TLS/);
  });

  test('from a server whose certificate nobody vouches for', async () => {
    const server = await serve(answerWith({ banana: 1 }), selfSigned);
    const outcome = await open(server.endpoint).classify();
    expectFault(outcome, 'wrong-endpoint', /certificate that this machine does not trust/);
    expect(server.requests).toHaveLength(0);
  });

  test('for an empty picture, which is not even sent', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    expectFault(await open(server.endpoint).classify(new Uint8Array()), 'bad-picture', /0 bytes/);
    expect(server.requests).toHaveLength(0);
  });

  test('for a picture over the limit, which is not even sent', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const large = new Uint8Array(largestPictureBytes + 1);
    expectFault(await open(server.endpoint).classify(large), 'bad-picture', /over 4 MB/);
    expect(server.requests).toHaveLength(0);
  });
});

describe('the signal ends a call', () => {
  test('before it began', async () => {
    const server = await serve(answerWith({ banana: 1 }));
    const outcome = await open(server.endpoint).classify(picture, { signal: AbortSignal.abort() });
    expectFault(outcome, 'deadline', /did not answer in time/);
    expect(server.requests).toHaveLength(0);
  });

  test('that the server took and does not answer', async () => {
    const call = new AbortController();
    const server = await serve(() => call.abort());
    const outcome = await open(server.endpoint).classify(picture, { signal: call.signal });
    expectFault(outcome, 'deadline', /did not answer in time/);
  });

  test('that is answered byte by byte', async () => {
    const call = new AbortController();
    let sent = 0;
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = (): void => {
        if (response.destroyed) return;
        sent += 1;
        if (sent === 5) call.abort();
        response.write(' ', () => setImmediate(drip));
      };
      drip();
    });
    const outcome = await open(server.endpoint).classify(picture, { signal: call.signal });
    expectFault(outcome, 'deadline', /did not answer in time/);
    expect(sent).toBeGreaterThanOrEqual(5);
  });

  test('without harm to the next one', async () => {
    const call = new AbortController();
    const server = await serve(() => call.abort());
    const client = open(server.endpoint);
    await client.classify(picture, { signal: call.signal });
    server.play(answerWith({ banana: 1 }));
    expect(await client.classify()).toMatchObject({ kind: 'predictions' });
  });
});

/** Made for this test alone, for localhost, and trusted by nobody. */
const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrZDFQZZ2yVvasQP1
f/dyQQPMZ670FGmRG8Ny9pia8Z+hRANCAARjRTg3q3SZhlRISERYm/iGmoJL0vwr
mu2N62Iln+2XuRyEncFgp7LpW/NKwbKGgbJ0JIfbR327E5ygOHebU2t7
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUSy+6wR7hs0WBvjMj0l/zDGjuSqgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAwNDA0NFoYDzIxMjYxMDMw
MDA0MDQ0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARjRTg3q3SZhlRISERYm/iGmoJL0vwrmu2N62Iln+2XuRyEncFgp7Lp
W/NKwbKGgbJ0JIfbR327E5ygOHebU2t7o28wbTAdBgNVHQ4EFgQUjpvKr5nehzeN
NF74KiCXm8nGmzowHwYDVR0jBBgwFoAUjpvKr5nehzeNNF74KiCXm8nGmzowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgA9FSHfeGR4L7RG08ITtZiPsLnoHqemUHrcx1Hy1FIL8CIQCS
DMxg1AK4dIlMK33Zske38oetD/SAvHQJpayzsGlO/Q==
-----END CERTIFICATE-----
`,
};
