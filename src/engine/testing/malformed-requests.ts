import { crc32, deflateSync } from 'node:zlib';

import fc from 'fast-check';

import { drawPhoto } from './drawn-photos.ts';

/** What a client may send by mistake or by malice, as it goes over the wire. */
export interface MalformedRequest {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** What exists on the engine, so that some of the requests get past the first checks. */
export interface Aim {
  readonly projectId: string;
  readonly tagId: string;
  readonly publishedName: string;
  readonly predictionKey: string;
  readonly trainingKey: string;
}

const photo = drawPhoto('tomato', 1, 64, 48);

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A grey PNG that says it is so large and holds so many rows. */
function png(width: number, height: number, rows: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc((width + 1) * rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of many empty frames as large as it may be. */
function gif(frames: number): Buffer {
  const start = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  start.writeUInt16LE(2_000, 6);
  start.writeUInt16LE(2_000, 8);
  const frame = Buffer.from('2c00000000d007d0070002024401003b', 'hex').subarray(0, 15);
  return Buffer.concat([start, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** Its screen is small, its one frame is not. */
const gifFrame = Buffer.from(
  '4749463839610a000a00800000000000ffffff2c00000000ffffffff0002024c01003b',
  'hex',
);

const bombs: readonly Buffer[] = [
  png(60_000, 60_000, 1),
  png(6_000, 6_000, 6_000),
  png(2_000, 2_000, 20_000),
  png(0xff_ff_ff_ff, 1, 0),
  png(10_240, 410, 1),
  gif(20_000),
  gifFrame,
];

const aByte = fc.integer({ min: 0, max: 255 });

const damagedPhoto = fc
  .array(fc.tuple(fc.nat(photo.length - 1), aByte), { minLength: 1, maxLength: 40 })
  .map((changes) => {
    const copy = Buffer.from(photo);
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });

const beginnings = ['ffd8ff', '89504e470d0a1a0a', '474946383961', '424d', ''].map((hex) =>
  Buffer.from(hex, 'hex'),
);

const picture = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...bombs) },
  { weight: 4, arbitrary: damagedPhoto },
  { weight: 2, arbitrary: fc.nat(photo.length).map((length) => photo.subarray(0, length)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 600 }))
      .map(([start, rest]) => Buffer.concat([start, rest])),
  },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(17 * 1024 * 1024, 0x20)) },
);

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '..',
    '../../../../etc/passwd',
    '..%2f..%2fkeys.json',
    '%00',
    '%E0%A4%A',
    '\ud800',
    'null',
    '__proto__',
    "' OR 1=1 --",
    '00000000-0000-0000-0000-000000000000',
    'A'.repeat(5_000),
  ),
);

/** As a browser would write it, or as it is. */
const segment = fc.tuple(oddText, fc.boolean()).map(([text, encoded]) => {
  if (!encoded) return text.replaceAll(/[\s\0-\x20]/g, '+');
  return encodeURIComponent(Buffer.from(text).toString());
});

const head = (method: string, path: string, headers: readonly string[]): Buffer =>
  Buffer.from(
    `${[`${method} ${path} HTTP/1.1`, 'Host: engine', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`,
  );

const asOne = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

/** A body with its length said, rightly or not. */
const withBody = (start: readonly string[], method: string, path: string, body: Buffer): Buffer =>
  Buffer.concat([head(method, path, [...start, `Content-Length: ${body.length}`]), body]);

/** One malformed request of any kind. */
export function malformedRequests(aim: Aim): fc.Arbitrary<MalformedRequest> {
  const predictionKey = `Prediction-Key: ${aim.predictionKey}`;
  const trainingKey = `Training-Key: ${aim.trainingKey}`;
  const predictPath = `/customvision/v3.1/prediction/${aim.projectId}/classify/iterations/${aim.publishedName}`;
  const trainPath = `/customvision/v3.3/training/projects/${aim.projectId}`;
  const sinks = fc.constantFrom(
    [predictionKey, `${predictPath}/image`],
    [predictionKey, `${predictPath}/image/nostore`],
    [trainingKey, `${trainPath}/images?tagIds=${aim.tagId}`],
    [trainingKey, `${trainPath}/quicktest/image`],
  );
  const jsonSinks = fc.constantFrom(
    ['POST', `${trainPath}/images/files`],
    ['POST', `${trainPath}/images/urls`],
    ['POST', `${trainPath}/images/predictions`],
    ['POST', `${trainPath}/images/tags`],
    ['POST', `${trainPath}/images/regions`],
    ['POST', `${trainPath}/images/metadata?imageIds=${aim.tagId}`],
    ['POST', `${trainPath}/predictions/query`],
    ['PATCH', trainPath],
    ['PATCH', `${trainPath}/tags/${aim.tagId}`],
    ['POST', `${trainPath}/quicktest/url`],
    ['POST', `${predictPath}/url`],
  );

  const pictures = fc.tuple(sinks, picture).map(([[key = '', path = ''], body]) => ({
    kind: 'picture',
    bytes: withBody([key, 'Content-Type: application/octet-stream'], 'POST', path, body),
  }));

  const boundary = fc.oneof(
    fc.constant('b'),
    fc.string({ minLength: 1, maxLength: 75 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
  );
  const partHead = fc.constantFrom(
    'Content-Disposition: form-data; name="imageData"',
    'Content-Disposition: form-data; name="imageData"; filename="\u{1F34E}.jpg"',
    'Content-Disposition: form-data; name="',
    `X: ${'x'.repeat(20_000)}`,
    '',
  );
  const multiparts = fc
    .record({
      sink: sinks,
      said: boundary,
      used: fc.option(boundary, { nil: undefined }),
      parts: fc.array(fc.tuple(partHead, picture), { maxLength: 3 }),
      ends: fc.constantFrom('--\r\n', '', '\r\n', '-', '\r\n\r\n'),
      cut: fc.option(fc.nat(400), { nil: undefined }),
    })
    .map(({ sink: [key = '', path = ''], said, used = said, parts, ends, cut }) => {
      const whole = asOne(
        ...parts.flatMap(([headers, body]) => [`--${used}\r\n${headers}\r\n\r\n`, body, '\r\n']),
        `--${used}${ends}`,
      );
      const body = cut === undefined ? whole : whole.subarray(0, cut);
      const type = `Content-Type: multipart/form-data; boundary=${said}`;
      return { kind: 'multipart', bytes: withBody([key, type], 'POST', path, body) };
    });

  const deep = fc.nat(20_000).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
  const shaped = fc
    .record(
      {
        images: fc.oneof(
          fc.anything(),
          fc.array(
            fc.record(
              {
                contents: fc.oneof(oddText, fc.base64String(), fc.integer()),
                url: oddText,
                id: oddText,
                tagIds: fc.anything(),
                regions: fc.anything(),
              },
              { requiredKeys: [] },
            ),
            { maxLength: 70 },
          ),
        ),
        tagIds: fc.anything(),
        tags: fc.anything(),
        regions: fc.anything(),
        name: fc.anything(),
        settings: fc.anything(),
        url: oddText,
        metadata: fc.dictionary(oddText, oddText),
        iterationId: oddText,
        maxCount: fc.anything(),
        __proto__: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map((value) =>
      JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? 7 : each)),
    );
  const text = fc.oneof(shaped, fc.json(), deep, fc.string({ unit: 'binary', maxLength: 200 }));
  const jsons = fc
    .tuple(jsonSinks, text, fc.option(fc.nat(100), { nil: undefined }))
    .map(([[method = '', path = ''], json, cut]) => {
      const whole = Buffer.from(json);
      const body = cut === undefined ? whole : whole.subarray(0, cut);
      const headers = [trainingKey, predictionKey, 'Content-Type: application/json'];
      return { kind: 'json', bytes: withBody(headers, method, path, body) };
    });

  const areas = fc.constantFrom(
    `${trainPath}/`,
    '/customvision/v3.3/training/projects/',
    '/customvision/v3.3/training/',
    '/customvision/',
    `${predictPath}/`,
    '/assets/',
    '/exports/',
    '/pictures/original/',
    '/',
  );
  const query = fc.constantFrom(
    ...['imageIds', 'tagIds', 'iterationId', 'take', 'skip', 'orderBy', '$filter', 'name'],
  );
  const paths = fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD'),
      area: areas,
      segments: fc.array(segment, { maxLength: 4 }),
      values: fc.array(fc.tuple(query, segment), { maxLength: 3 }),
      under: fc.constantFrom(
        ...['', '/images', '/tags', '/iterations', '/images/count', '/tagsandregions/suggestions'],
      ),
    })
    .map(({ method, area, segments, values, under }) => {
      const asked = values.map(([name, value]) => `${name}=${value}`).join('&');
      const path = `${area}${segments.join('/')}${under}?${asked}`;
      const headers = [trainingKey, predictionKey, 'Content-Length: 0'];
      return { kind: 'path', bytes: head(method, path, headers) };
    });

  const headerLine = fc.oneof(
    fc.tuple(oddText, oddText).map(([name, value]) => `${name}: ${value}`),
    fc.constantFrom(
      'Content-Length: -1',
      'Content-Length: 5, 5',
      'Content-Length: 99999999999999999999',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Content-Type: multipart/form-data; boundary=',
      'Content-Type: \u{1F34C}',
      'Content-Encoding: gzip',
      'Expect: 100-continue',
      'Expect: tea',
      'Upgrade: websocket',
      'Range: bytes=0-1,5-9999999999',
      'Prediction-Key: \u00ff\u00fe',
      'Training-Key: ',
    ),
  );
  const headers = fc
    .tuple(sinks, fc.array(headerLine, { minLength: 1, maxLength: 8 }), fc.boolean())
    .map(([[key = '', path = ''], lines, withKey]) => ({
      kind: 'headers',
      bytes: asOne(head('POST', path, [...(withKey ? [key] : []), ...lines]), photo),
    }));

  const cutShort = fc
    .tuple(sinks, fc.nat(2_000), fc.integer({ min: 1, max: 5_000 }))
    .map(([[key = '', path = ''], length, missing]) => ({
      kind: 'cut short',
      bytes: asOne(
        head('POST', path, [key, `Content-Length: ${length + missing}`]),
        Buffer.alloc(length, photo),
      ),
    }));

  const noise = fc
    .uint8Array({ minLength: 1, maxLength: 400 })
    .map((bytes) => ({ kind: 'noise', bytes: Buffer.from(bytes) }));

  return fc.oneof(
    { weight: 5, arbitrary: pictures },
    { weight: 5, arbitrary: multiparts },
    { weight: 6, arbitrary: jsons },
    { weight: 6, arbitrary: paths },
    { weight: 4, arbitrary: headers },
    { weight: 2, arbitrary: cutShort },
    { weight: 1, arbitrary: noise },
  );
}
