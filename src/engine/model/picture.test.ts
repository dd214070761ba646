import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import { limits } from '../domain/limits.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import { upsideDown, writeBmp } from '../testing/picture-formats.ts';
import { readPictureHeader } from '../../shared/picture-header.ts';
import { checkPicture, decodePicture, drawView, PictureError } from './picture.ts';
import type { PictureFault, View } from './picture.ts';

const size = { width: 40, height: 30 };
const canvas = createCanvas(size.width, size.height);
const context = canvas.getContext('2d');
context.fillStyle = 'red';
context.fillRect(0, 0, 20, 30);
context.fillStyle = 'blue';
context.fillRect(20, 0, 20, 30);
const jpeg = canvas.toBuffer('image/jpeg', 95);
const png = canvas.toBuffer('image/png');
const gif = canvas.toBuffer('image/gif');
const bmp = writeBmp(
  size.width,
  size.height,
  context.getImageData(0, 0, size.width, size.height).data,
);

function resized(width: number, height: number): Buffer {
  const picture = Buffer.from(png);
  picture.writeUInt32BE(width, 16);
  picture.writeUInt32BE(height, 20);
  return picture;
}

function faultOf(
  bytes: Uint8Array,
  maxBytes: number = limits.predictionPictureBytes,
): PictureFault {
  try {
    checkPicture(bytes, maxBytes);
  } catch (error) {
    if (error instanceof PictureError) return error.fault;
    throw error;
  }
  throw new Error('The picture was let through.');
}

describe.each([
  ['jpeg', jpeg],
  ['png', png],
  ['gif', gif],
  ['bmp', bmp],
])('a %s', (format, bytes) => {
  test('is known with its size', () => {
    expect(checkPicture(bytes, bytes.length)).toEqual({ format, ...size });
  });
  test('is decoded', async () => {
    const image = await decodePicture(bytes);
    expect([image.width, image.height]).toEqual([size.width, size.height]);
  });
  test('is refused when it is torn', () => {
    expect(faultOf(bytes.subarray(0, bytes.length - 12))).toBe('truncated');
  });
  test('is refused when it is torn within its header', () => {
    expect(faultOf(bytes.subarray(0, 9))).toBe('format');
  });
});

test.each<[string, Buffer, PictureFault]>([
  ['nothing', Buffer.alloc(0), 'empty'],
  ['text', Buffer.from('<!doctype html><title>404</title>'), 'format'],
  ['a WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 '), 'format'],
  ['a side over 10,240', resized(10_241, 1_000), 'dimensions'],
  ['a ratio over 25:1', resized(2_600, 100), 'dimensions'],
  ['100 megapixels', resized(10_000, 10_000), 'dimensions'],
  ['no width', resized(0, 100), 'format'],
])('%s is refused', (_, bytes, fault) => {
  expect(faultOf(bytes)).toBe(fault);
});

/** A GIF whose screen is 10×10, whatever its frame is. */
function gifOfFrame(left: number, width: number): Buffer {
  const start = Buffer.from('GIF89a\x0a\0\x0a\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const delay = Buffer.from('21f9040000000000', 'hex');
  const frame = Buffer.from('2c00000000000000000002024c01003b', 'hex');
  frame.writeUInt16LE(left, 1);
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(10, 7);
  return Buffer.concat([start, delay, frame]);
}

test('a GIF is as large as the frame that a decoder makes room for', async () => {
  const wide = gifOfFrame(0, 200);
  expect(checkPicture(wide, 1_000)).toMatchObject({ width: 200, height: 10 });
  const moved = gifOfFrame(190, 10);
  expect(checkPicture(moved, 1_000)).toMatchObject({ width: 200, height: 10 });
  for (const bytes of [wide, moved]) {
    const { width, height } = await decodePicture(bytes);
    expect([width, height]).toEqual([200, 10]);
  }
  expect(faultOf(gifOfFrame(60_000, 5_000))).toBe('dimensions');
});

test('too many bytes are refused before anything else is looked at', () => {
  expect(faultOf(jpeg, jpeg.length - 1)).toBe('bytes');
});

test('a ratio of 25:1 is allowed', () => {
  expect(checkPicture(resized(2_500, 100), limits.predictionPictureBytes).width).toBe(2_500);
});

test('bytes after the end of a JPEG do no harm', () => {
  const header = readPictureHeader(Buffer.concat([jpeg, Buffer.alloc(100)]));
  expect(header).toMatchObject({ complete: true });
});

test('the end mark of a thumbnail is not taken for the end of the photo', () => {
  const thumbnail = Buffer.from([0xff, 0xe1, 0x00, 0x06, 0xff, 0xd9, 0x00, 0x00]);
  const torn = Buffer.concat([jpeg.subarray(0, 2), thumbnail, jpeg.subarray(2, -2)]);
  expect(faultOf(torn)).toBe('truncated');
});

test('a damaged picture with a sound header is refused by the decoder', async () => {
  const damaged = Buffer.from(png);
  damaged.fill(0x55, 41, damaged.length - 20);
  await expect(decodePicture(damaged)).rejects.toThrow(PictureError);
});

describe('views', () => {
  const colourAt = (rgba: Uint8ClampedArray, x: number, y: number): string => {
    const [red = 0, , blue = 0] = rgba.subarray((y * 8 + x) * 4);
    return red > 200 && blue < 60 ? 'red' : blue > 200 && red < 60 ? 'blue' : 'mixed';
  };
  const ends = (rgba: Uint8ClampedArray): string[] => [colourAt(rgba, 0, 4), colourAt(rgba, 7, 4)];

  test('show the whole, mirrored, turned and near', async () => {
    const image = await decodePicture(jpeg);
    expect(ends(drawView(image, {}, 8, 8))).toEqual(['red', 'blue']);
    expect(ends(drawView(image, { flip: true }, 8, 8))).toEqual(['blue', 'red']);
    expect(ends(drawView(image, { turnDegrees: 180 }, 8, 8))).toEqual(['blue', 'red']);
    expect(ends(drawView(image, { zoom: 0.4, shift: [0.3, 0] }, 8, 8))).toEqual(['blue', 'blue']);
    const quarter = drawView(image, { turnDegrees: 90 }, 8, 8);
    expect([colourAt(quarter, 4, 0), colourAt(quarter, 4, 7)]).toEqual(['red', 'blue']);
  });

  test('keep the proportions of an oblong picture, lying or standing', async () => {
    const lying = createCanvas(80, 40);
    const paint = lying.getContext('2d');
    paint.fillStyle = 'red';
    paint.fillRect(0, 0, 80, 40);
    const standing = createCanvas(40, 80);
    standing.getContext('2d').drawImage(lying, 0, 0, 40, 80);
    const greys = (rgba: Uint8ClampedArray): number[] =>
      [0, 1, 2, 3, 4, 5, 6, 7].filter((at) => rgba[(at * 8 + 4) * 4] === 127);
    const rgba = drawView(await decodePicture(lying.toBuffer('image/png')), {}, 8, 8);
    expect(greys(rgba)).toEqual([0, 1, 6, 7]);
    expect(ends(rgba)).toEqual(['red', 'red']);
    const upright = drawView(await decodePicture(standing.toBuffer('image/png')), {}, 8, 8);
    expect(greys(upright)).toEqual([]);
    expect(upright[4 * 8 * 4]).toBe(127);
  });

  test('are upright, whichever way the camera was held', async () => {
    const turned = upsideDown(jpeg);
    expect(ends(drawView(await decodePicture(turned), {}, 8, 8))).toEqual(['blue', 'red']);
  });

  test.each<[string, number, View]>([
    ['whole', 200, {}],
    ['near', 200, { zoom: 0.9, shift: [0.02, 0.02] }],
    ['turned', 200, { turnDegrees: 20, zoom: 0.9 }],
    ['in part', 160, { part: { left: 0.1, top: 0.2, width: 0.6, height: 0.7 } }],
  ])('show what is finer than their pixels as its mean: %s', async (_, side, view) => {
    const striped = createCanvas(348, 348);
    const paint = striped.getContext('2d');
    paint.fillStyle = 'rgb(200 200 200)';
    paint.fillRect(0, 0, 348, 348);
    paint.fillStyle = 'rgb(100 100 100)';
    for (let x = 0; x < 348; x += 2) paint.fillRect(x, 0, 1, 348);
    const rgba = drawView(await decodePicture(striped.toBuffer('image/png')), view, side, side);
    const middle = Array.from({ length: side / 2 }, (__, x) => (side / 2) * side + side / 4 + x);
    const furthest = Math.max(...middle.map((pixel) => Math.abs(rgba[pixel * 4]! - 150)));
    expect(furthest).toBeLessThan(10);
  });

  test('are the same mirrored', async () => {
    const photo = await decodePicture(drawPhoto('tomato', 1, 300, 200));
    const side = 112;
    const plain = new Uint32Array(drawView(photo, {}, side, side).buffer);
    const flipped = new Uint32Array(drawView(photo, { flip: true }, side, side).buffer);
    const rows = Array.from({ length: side }, (_, y) => plain.slice(y * side, (y + 1) * side));
    expect([...flipped]).toEqual(rows.flatMap((row) => [...row.toReversed()]));
  });

  test('see through to white', async () => {
    const clear = createCanvas(8, 8).toBuffer('image/png');
    const image = await decodePicture(clear);
    for (const side of [8, 5, 16]) {
      expect([...drawView(image, {}, side, side).subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    }
  });
});

test('a drawn photo is a picture of the size asked for', () => {
  expect(readPictureHeader(drawPhoto('tomato', 1, 64, 48))).toMatchObject({
    width: 64,
    height: 48,
  });
});
