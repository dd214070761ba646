import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPictureHeader } from './picture-header.ts';

const canvas = createCanvas(123, 45);

describe('readPictureHeader', () => {
  const bmp = Buffer.alloc(54);
  bmp.write('BM');
  bmp.writeInt32LE(123, 18);
  bmp.writeInt32LE(-45, 22);
  const gif = Buffer.from('GIF89a\x7b\0\x2d\0\0\0', 'latin1');
  test.each([
    ['JPEG', canvas.toBuffer('image/jpeg')],
    ['PNG', canvas.toBuffer('image/png')],
    ['GIF', gif],
    ['BMP', bmp],
  ])('%s', (format, bytes) => {
    expect(readPictureHeader(bytes)).toEqual({ format, width: 123, height: 45 });
  });

  test('a JPEG with fill bytes and a segment without content', () => {
    const jpeg = canvas.toBuffer('image/jpeg');
    const odd = Buffer.from([0xff, 0xff, 0xff, 0xfe, 0, 2]);
    const bytes = Buffer.concat([jpeg.subarray(0, 2), odd, jpeg.subarray(2)]);
    expect(readPictureHeader(bytes)).toEqual({ format: 'JPEG', width: 123, height: 45 });
  });

  test('anything else is null, and nothing makes it throw or hang', () => {
    const starts = ['', '\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF89a', 'BM'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 40 }), (start, rest) => {
        const header = readPictureHeader(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        expect(header === null || Number.isInteger(header.width + header.height)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(readPictureHeader(Buffer.from('plain text, no picture'))).toBeNull();
    expect(readPictureHeader(canvas.toBuffer('image/jpeg').subarray(0, 100))).toBeNull();
  });
});
