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
  const oldBmp = Buffer.alloc(26);
  oldBmp.write('BM');
  oldBmp.writeUInt32LE(12, 14);
  oldBmp.writeUInt16LE(123, 18);
  oldBmp.writeUInt16LE(45, 20);
  test.each([
    ['jpeg', canvas.toBuffer('image/jpeg')],
    ['png', canvas.toBuffer('image/png')],
    ['gif', canvas.toBuffer('image/gif')],
    ['bmp', bmp],
    ['bmp', oldBmp],
  ])('a %s', (format, bytes) => {
    expect(readPictureHeader(bytes)).toEqual({ format, width: 123, height: 45, complete: true });
  });

  test('one that claims no size has none', () => {
    const png = canvas.toBuffer('image/png');
    png.writeUInt32BE(0, 16);
    expect(readPictureHeader(png)).toMatchObject({ format: 'png', width: 0, height: 45 });
    const turned = Buffer.from(bmp);
    turned.writeInt32LE(-123, 18);
    expect(readPictureHeader(turned)).toBeUndefined();
  });

  test('a JPEG with fill bytes and a segment without content', () => {
    const jpeg = canvas.toBuffer('image/jpeg');
    const odd = Buffer.from([0xff, 0xff, 0xff, 0xfe, 0, 2]);
    const bytes = Buffer.concat([jpeg.subarray(0, 2), odd, jpeg.subarray(2)]);
    expect(readPictureHeader(bytes)).toMatchObject({ format: 'jpeg', width: 123, height: 45 });
  });

  test('anything else is none, and nothing makes it throw or hang', () => {
    const starts = ['', '\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF89a', 'BM'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 40 }), (start, rest) => {
        const header = readPictureHeader(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        expect(header === undefined || Number.isInteger(header.width + header.height)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(readPictureHeader(Buffer.from('plain text, no picture'))).toBeUndefined();
    expect(readPictureHeader(canvas.toBuffer('image/jpeg').subarray(0, 100))).toBeUndefined();
  });
});
