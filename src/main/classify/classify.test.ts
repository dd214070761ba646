import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  answerWith,
  openScriptedServer,
  refuseWith,
  replyWith,
} from '../../simulators/custom-vision/scripted-server.ts';
import type {
  ScriptedServer,
  SeenRequest,
} from '../../simulators/custom-vision/scripted-server.ts';
import { classify } from './classify.ts';

const key = 'key-of-the-lab';
let folder: string;
let small: string;
let server: ScriptedServer;
let out: string[];
let err: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-classify-'));
  small = await picture('small.jpg', 320, 240, 'jpeg');
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  server = await openScriptedServer(answerWith({ banana: 0.9731, apple: 0.02 }));
  out = [];
  err = [];
});
afterEach(() => server.close());

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function picture(name: string, width: number, height: number, format: 'jpeg' | 'png') {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'gold';
  context.fillRect(0, 0, width, height);
  return file(
    name,
    format === 'png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg'),
  );
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return classify(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env: {
      PredictionEndpoint: server.endpoint,
      PredictionKey: key,
      ProjectID: '6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
      ModelName: 'fruit-classifier',
      ...env,
    },
  });
}

/** The picture within the multipart body. */
function sentPicture(request: SeenRequest | undefined): Buffer {
  const body = request?.body ?? Buffer.alloc(0);
  const start = body.indexOf('\r\n\r\n') + 4;
  return body.subarray(start, body.lastIndexOf('\r\n--'));
}

describe('pictures that are classified', () => {
  test('are told with each tag over 50 %', async () => {
    expect(await run([small])).toBe(0);
    expect(out).toEqual([`${small}: banana 97.3 %`]);
    expect(err).toEqual([]);
  });

  test('may have several such tags, or none', async () => {
    server.play(answerWith({ ripe: 0.8, banana: 0.9, apple: 0.5 }));
    await run([small]);
    server.play(answerWith({ banana: 0.5 }));
    await run([small]);
    expect(out).toEqual([`${small}: banana 90.0 %, ripe 80.0 %`, `${small}: nothing over 50 %`]);
  });

  test('go over one connection, in the order given, unchanged', async () => {
    const png = await picture('other.png', 64, 64, 'png');
    expect(await run([small, png, small])).toBe(0);
    expect(out.map((line) => line.split(':')[0])).toEqual([small, png, small]);
    expect(server.connectionCount).toBe(1);
    expect((await loadImage(sentPicture(server.requests[1]))).width).toBe(64);
  });

  test('are told as a line of JSON each with all predictions', async () => {
    expect(await run(['--json', small])).toBe(0);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? '')).toEqual({
      file: small,
      predictions: [
        expect.objectContaining({ tagName: 'banana', probability: 0.9731 }),
        expect.objectContaining({ tagName: 'apple', probability: 0.02 }),
      ],
      ms: expect.any(Number),
      via: 'first',
    });
  });

  test('are asked about with the settings of a file before those of the environment', async () => {
    const config = await file('lab.env', 'ModelName=other');
    expect(await run([`--config=${config}`, small])).toBe(0);
    expect(server.requests[0]?.path).toContain('/iterations/other/');
  });
});

describe('large pictures are scaled down', () => {
  test('by their side, as a JPEG within the limits', async () => {
    const wide = await picture('wide.png', 10_300, 40, 'png');
    expect(await run([wide])).toBe(0);
    const sent = sentPicture(server.requests[0]);
    expect(sent.readUInt16BE(0)).toBe(0xffd8);
    const image = await loadImage(sent);
    expect([image.width, image.height]).toEqual([2048, 8]);
  });

  test('by their bytes', async () => {
    const jpeg = createCanvas(300, 200).toBuffer('image/jpeg');
    // What stands behind a JPEG's end is not looked at, but counts.
    const heavy = await file('heavy.jpg', Buffer.concat([jpeg, Buffer.alloc(4 * 1024 * 1024)]));
    expect(await run([heavy])).toBe(0);
    const sent = sentPicture(server.requests[0]);
    expect(sent.length).toBeLessThan(100_000);
    const image = await loadImage(sent);
    expect([image.width, image.height]).toEqual([300, 200]);
  });
});

describe('a file that is no good', () => {
  const pngWithSize = (width: number, height: number): Buffer => {
    const bytes = Buffer.alloc(64);
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
    bytes.write('IHDR', 12);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };
  const contents: readonly [string, string | Uint8Array, RegExp][] = [
    ['empty.jpg', '', /is empty \(0 bytes\)/],
    ['notes.jpg', 'this is plain text and no picture', /is not a picture/],
    ['stub.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), /is not a picture/],
    ['shelf.webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ....', 'latin1'), /a WebP picture/],
    ['shelf.heic', Buffer.from('\0\0\0\x18ftypheic........', 'latin1'), /a HEIC picture/],
    ['list.pdf', '%PDF-1.7 and so on and on', /a PDF/],
    ['zero.png', pngWithSize(0, 20), /is a damaged PNG: it has no size/],
    ['bomb.png', pngWithSize(60_000, 60_000), /has 3600 megapixels/],
    ['hollow.png', pngWithSize(12_000, 100), /is a damaged PNG: it cannot be decoded/],
  ];
  test.each(contents)('%s is named and not sent', async (name, content, words) => {
    const path = await file(name, content);
    expect(await run([path])).toBe(1);
    expect(err).toEqual([expect.stringMatching(words)]);
    expect(err[0]?.startsWith(`${path}: `)).toBe(true);
    expect(server.requests).toHaveLength(0);
  });

  test('that is missing, or a folder, does not stop the others', async () => {
    const missing = join(folder, 'missing.jpg');
    expect(await run([missing, folder, small])).toBe(1);
    expect(err).toEqual([
      `${missing}: does not exist.`,
      `${folder}: is a folder: name the pictures in it.`,
    ]);
    expect(out).toEqual([`${small}: banana 97.3 %`]);
  });

  test('has its line of JSON too', async () => {
    const missing = join(folder, 'missing.jpg');
    expect(await run(['--json', missing, small])).toBe(1);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { file: missing, error: { fault: 'unreadable', message: 'does not exist.' } },
      expect.objectContaining({ file: small, via: 'first' }),
    ]);
  });

  test('by the service is told in its words', async () => {
    server.play(refuseWith(400, 'BadRequestImageFormat', 'Bad image format'));
    expect(await run([small])).toBe(1);
    expect(err).toEqual([expect.stringContaining('Bad image format')]);
  });
});

describe('the exit status', () => {
  test('is 2 for settings that the endpoint refuses, and the key is not shown', async () => {
    server.play(refuseWith(401, '401', 'Access denied'));
    expect(await run([small])).toBe(2);
    expect(err).toEqual([expect.stringMatching(/PredictionKey is not accepted by/)]);
    expect(err.join()).not.toContain(key);
  });

  test('is 1 for an endpoint that fails', async () => {
    server.play(replyWith(500, ''));
    expect(await run([small])).toBe(1);
    expect(err).toEqual([expect.stringContaining('failed (500)')]);
  });

  test('is 2 for settings that are wrong or missing, each named', async () => {
    expect(await run([small], { ProjectID: 'fruit', ModelName: '' })).toBe(2);
    expect(err).toEqual([
      expect.stringMatching(/^ProjectID is not a project's id/),
      expect.stringMatching(/^ModelName is missing/),
    ]);
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    [[], /^No picture is named/],
    [['--jsn', 'a.jpg'], /--jsn/],
    [['--config=', 'a.jpg'], /^--config names no file/],
    [['--json=yes', 'a.jpg'], /--json/],
  ])('is 2 for the wrong use %j', async (args, words) => {
    expect(await run(args)).toBe(2);
    expect(err[0]).toMatch(words);
    expect(err[0]).toContain('Usage:');
    expect(out).toEqual([]);
  });

  test('is 0 for --help, which goes to the output', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(out[0]).toContain('Usage:');
  });

  test('is 0 with a note on what is worth a look', async () => {
    expect(await run([small], { PredictionEndpoint: `${server.endpoint}/customvision/v3.1` })).toBe(
      0,
    );
    expect(err).toEqual([expect.stringMatching(/^Note: PredictionEndpoint was the portal/)]);
  });
});
