import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import {
  asTaken,
  rectAsTaken,
  regionAsTaken,
  turnValues,
  uprightMatrix,
  uprightSize,
  uprightThumb,
} from './orientation.ts';
import type { Orientation } from './orientation.ts';

/** As the sensor gives it: A B C above D E F. */
const sensor = 'ABCDEF';
const size = { width: 3, height: 2 };

/** What a person sees who turns a print of it clockwise, and then looks at it in a mirror. */
const seen: readonly (readonly [Orientation['turned'], boolean, string])[] = [
  [0, false, 'ABC DEF'],
  [90, false, 'DA EB FC'],
  [180, false, 'FED CBA'],
  [270, false, 'CF BE AD'],
  [0, true, 'CBA FED'],
  [90, true, 'AD BE CF'],
  [180, true, 'DEF ABC'],
  [270, true, 'FC EB DA'],
];

const bytes = Uint8Array.from(sensor, (letter) => letter.charCodeAt(0));

const rowsOf = (values: Uint8Array | Uint32Array, width: number) =>
  String.fromCharCode(...values).replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1 ');

describe.each(seen)('turned by %s, mirrored %s', (turned, mirrored, expected) => {
  const orientation = { turned, mirrored };
  const upright = uprightSize(orientation, size);

  test('the values lie as they are seen', () => {
    expect(rowsOf(turnValues(orientation, bytes, size), upright.width)).toBe(expected);
    const words = Uint32Array.from(bytes);
    expect(rowsOf(turnValues(orientation, words, size), upright.width)).toBe(expected);
  });

  test('all planes of a thumb are turned, and its time is kept', () => {
    const thumb = { ...size, grey: bytes, chroma: { cb: bytes, cr: bytes }, atMs: 7 };
    const turnedThumb = uprightThumb(orientation, thumb);
    expect(turnedThumb).toMatchObject({ ...upright, atMs: 7 });
    for (const plane of [turnedThumb.grey, turnedThumb.chroma.cb, turnedThumb.chroma.cr]) {
      expect(rowsOf(plane, upright.width)).toBe(expected);
    }
  });

  test('each of its pixels is found where the sensor has it', () => {
    const letters = expected.replaceAll(' ', '');
    for (const [index, letter] of [...letters].entries()) {
      const [x, y] = [index % upright.width, Math.floor(index / upright.width)];
      const { left, top } = rectAsTaken(
        orientation,
        { left: x, top: y, width: 1, height: 1 },
        upright,
      );
      expect(sensor[top * size.width + left]).toBe(letter);
      const region = regionAsTaken(orientation, {
        left: x / upright.width,
        top: y / upright.height,
        width: 1 / upright.width,
        height: 1 / upright.height,
      });
      expect(region.left * size.width).toBeCloseTo(left);
      expect(region.top * size.height).toBeCloseTo(top);
      expect(region.width * size.width).toBeCloseTo(1);
    }
  });

  test('a canvas draws it so', () => {
    const from = createCanvas(size.width, size.height);
    const pixels = from.getContext('2d').createImageData(size.width, size.height);
    bytes.forEach((value, at) => pixels.data.set([value, value, value, 255], at * 4));
    from.getContext('2d').putImageData(pixels, 0, 0);
    const to = createCanvas(upright.width, upright.height);
    const context = to.getContext('2d');
    context.setTransform(...uprightMatrix(orientation, upright));
    context.imageSmoothingEnabled = false;
    context.drawImage(from, 0, 0);
    const drawn = context.getImageData(0, 0, upright.width, upright.height).data;
    const values = Uint8Array.from(bytes, (_, at) => drawn[at * 4] ?? 0);
    expect(rowsOf(values, upright.width)).toBe(expected);
  });
});

test('a thumb that is upright already is given back as it is', () => {
  const thumb = { ...size, grey: bytes };
  expect(uprightThumb(asTaken, thumb)).toBe(thumb);
});
