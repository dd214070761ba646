import { describe, expect, test } from 'vitest';

import { boundaryOf, parseMultipart, picturePart } from './multipart.ts';

const picture = Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0x2d, 0x2d, 0x63, 0x00, 0x0d, 0x0a]);

function body(...pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
}

const picked = (whole: Buffer): Buffer | undefined => picturePart(parseMultipart(whole, 'b') ?? []);

describe('the picture is found', () => {
  test.each([
    [
      'as the JavaScript SDK sends it',
      'Content-Disposition: form-data; name="imageData"\r\nContent-Type: application/octet-stream\r\n',
    ],
    ['without file name and type', 'Content-Disposition: form-data; name="imageData"\r\n'],
    [
      'with a file name',
      'content-disposition: form-data; name=imageData; filename="a;b.jpg"\r\ncontent-type: image/jpeg\r\n',
    ],
    ['under another name, if it is alone', 'Content-Disposition: form-data; name="file"\r\n'],
    ['without any header', ''],
  ])('%s', (_, headers) => {
    expect(picked(body('--b\r\n', headers, '\r\n', picture, '\r\n--b--\r\n'))).toEqual(picture);
  });

  test('among other parts, after a preamble', () => {
    const whole = body(
      'preamble\r\n--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--b  \r\n',
      'Content-Disposition: form-data; name="imageData"\r\n\r\n',
      picture,
      '\r\n--b--',
    );
    expect(picked(whole)).toEqual(picture);
  });

  test('even if it is empty', () => {
    expect(picked(body('--b\r\nX: y\r\n\r\n\r\n--b--'))).toEqual(Buffer.alloc(0));
  });
});

describe('nothing is made of', () => {
  test.each<[string, Buffer]>([
    ['no body', Buffer.alloc(0)],
    ['another boundary', body('--c\r\n\r\n\r\nx\r\n--c--')],
    ['a part without an end', body('--b\r\nX: y\r\n\r\nabc')],
    ['headers without an end', body('--b\r\nX: y\r\n')],
    ['a boundary that goes on', body('--bc\r\n\r\n\r\nx\r\n--b--')],
    ['headers too long', body('--b\r\nX: ', 'y'.repeat(20_000), '\r\n\r\nx\r\n--b--')],
    ['parts too many', body('--b\r\nX: y\r\n\r\n\r\n'.repeat(40), '--b--')],
  ])('%s', (_, whole) => {
    expect(parseMultipart(whole, 'b')).toBeUndefined();
  });
});

test('two parts of unknown names name no picture', () => {
  const part = 'Content-Disposition: form-data; name="x"\r\n\r\nabc\r\n';
  expect(picked(body('--b\r\n', part, '--b\r\n', part, '--b--'))).toBeUndefined();
});

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['multipart/form-data; charset=utf-8; Boundary="a b"', 'a b'],
  ['multipart/form-data', undefined],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
])('the boundary of %s', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});
