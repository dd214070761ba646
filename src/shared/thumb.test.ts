import { describe, expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { packedI420, thumbFromRgba, thumbFromYuv, yuvPicture } from './thumb.ts';
import type { ColourCoding, YuvFormat } from './thumb.ts';

const greyOnly = (bytes: Uint8Array, stride: number, width: number, height: number) =>
  thumbFromYuv({ width, height, luma: { bytes, stride }, chroma: null });

describe('brightness', () => {
  test('a thumb is 160 long and keeps the shape of the camera', () => {
    const shape = (width: number, height: number) => {
      const thumb = greyOnly(new Uint8Array(width * height), width, width, height);
      return [thumb.width, thumb.height, thumb.grey.length];
    };
    expect(shape(640, 480)).toEqual([160, 120, 19200]);
    expect(shape(1280, 720)).toEqual([160, 90, 14400]);
    expect(shape(480, 640)).toEqual([120, 160, 19200]);
    expect(shape(97, 33)).toEqual([97, 33, 3201]);
    expect(shape(1000, 3)).toEqual([160, 1, 160]);
  });

  test('each pixel is the mean of its block, and the padding of a row is not looked at', () => {
    const stride = 330;
    const plane = new Uint8Array(stride * 2).fill(255);
    for (const [row, values] of [
      [0, [0, 10]],
      [1, [20, 30]],
    ] as const) {
      for (let x = 0; x < 320; x++) plane[row * stride + x] = values[x % 2] ?? 0;
    }
    const thumb = greyOnly(plane, stride, 320, 2);
    expect([thumb.width, thumb.height]).toEqual([160, 1]);
    expect(new Set(thumb.grey)).toEqual(new Set([15]));
  });

  test('colours weigh as the eye sees them', () => {
    const grey = (r: number, g: number, b: number) =>
      thumbFromRgba(new Uint8ClampedArray([r, g, b, 255]), 1, 1).grey[0];
    expect(grey(255, 255, 255)).toBe(255);
    expect(grey(0, 0, 0)).toBe(0);
    expect(grey(255, 0, 0)).toBe(77);
    expect(grey(0, 255, 0)).toBe(149);
    expect(grey(0, 0, 255)).toBe(29);
  });

  test('an odd size gives every pixel of the source to some pixel of the thumb', () => {
    const width = 333;
    const height = 251;
    const flat = greyOnly(new Uint8Array(width * height).fill(120), width, width, height);
    expect(new Set(flat.grey)).toEqual(new Set([120]));
  });

  test('a picture without colours gives a thumb without them', () => {
    expect(greyOnly(new Uint8Array(12), 4, 4, 3)).not.toHaveProperty('chroma');
  });
});

type Rgb = readonly [red: number, green: number, blue: number];

/** By the definition: brightness, then blue and red less it, scaled to the range. */
function encode([red, green, blue]: Rgb, { matrix, fullRange }: ColourCoding) {
  const [r, b] = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] }[
    matrix
  ] as [number, number];
  const y = r * red + (1 - r - b) * green + b * blue;
  const reach = fullRange ? 1 : 224 / 255;
  return {
    y: Math.round(fullRange ? y : 16 + (y * 219) / 255),
    cb: Math.round(Math.min(255, 128 + (reach * (blue - y)) / (2 * (1 - b)))),
    cr: Math.round(Math.min(255, 128 + (reach * (red - y)) / (2 * (1 - r)))),
  };
}

const jpegs: ColourCoding = { matrix: 'bt601', fullRange: true };

/** A picture in each format, all of one colour. */
function flat(format: YuvFormat, colour: Rgb, width: number, height: number, coding = jpegs) {
  const { y, cb, cr } = encode(colour, coding);
  const wide = format === 'I444' ? width : Math.ceil(width / 2);
  const high = format === 'I444' || format === 'I422' ? height : Math.ceil(height / 2);
  const pairs = Array.from({ length: wide * high }, () => [cb, cr]).flat();
  const luma = width * height;
  const bytes = new Uint8Array(luma + pairs.length).fill(y, 0, luma);
  const rest =
    format === 'NV12'
      ? [{ offset: luma, stride: wide * 2 }]
      : [
          { offset: luma, stride: wide },
          { offset: luma + wide * high, stride: wide },
        ];
  if (format === 'NV12') bytes.set(pairs, luma);
  else bytes.fill(cb, luma, luma + wide * high).fill(cr, luma + wide * high);
  return yuvPicture(
    format,
    bytes,
    [{ offset: 0, stride: width }, ...rest],
    { width, height },
    coding,
  );
}

const colours: Readonly<Record<string, Rgb>> = {
  orange: [230, 120, 20],
  'green apple': [120, 190, 60],
  'blue box': [20, 40, 250],
  white: [250, 250, 250],
};

describe('colour', () => {
  test('nothing coloured is exactly neutral, and the strongest colours stay in a byte', () => {
    const of = (rgb: Rgb) => thumbFromRgba(new Uint8ClampedArray([...rgb, 255]), 1, 1).chroma;
    for (const level of [0, 1, 77, 128, 254, 255]) {
      expect(of([level, level, level])).toEqual({ cb: Uint8Array.of(128), cr: Uint8Array.of(128) });
    }
    expect(of([0, 0, 255]).cb).toEqual(Uint8Array.of(255));
    expect(of([255, 0, 0]).cr).toEqual(Uint8Array.of(255));
    expect(of([255, 255, 0]).cb).toEqual(Uint8Array.of(1));
  });

  test.each(Object.entries(colours))('%s is the same from RGBA as by the definition', (_, rgb) => {
    const { cb, cr } = thumbFromRgba(new Uint8ClampedArray([...rgb, 255]), 1, 1).chroma;
    const expected = encode(rgb, jpegs);
    expect(Math.abs((cb[0] ?? 0) - expected.cb)).toBeLessThanOrEqual(1);
    expect(Math.abs((cr[0] ?? 0) - expected.cr)).toBeLessThanOrEqual(1);
  });

  const formats = ['I420', 'I420A', 'I422', 'I444', 'NV12'] as const;
  test.each(
    formats.flatMap((format) =>
      Object.entries(colours).map(([name, rgb]) => ({ format, name, rgb })),
    ),
  )('$format gives $name wherever it is looked at', ({ format, rgb }) => {
    const { chroma } = thumbFromYuv(flat(format, rgb, 333, 251));
    const { cb, cr } = encode(rgb, jpegs);
    expect(new Set(chroma?.cb)).toEqual(new Set([cb]));
    expect(new Set(chroma?.cr)).toEqual(new Set([cr]));
  });

  test.each(
    (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
      [true, false].flatMap((fullRange) =>
        Object.entries(colours).map(([name, rgb]) => ({
          coding: { matrix, fullRange },
          name,
          rgb,
        })),
      ),
    ),
  )('$name coded as $coding means the same', ({ coding, rgb }) => {
    const { chroma } = thumbFromYuv(flat('I420', rgb, 4, 4, coding));
    const expected = encode(rgb, jpegs);
    expect(Math.abs((chroma?.cb[0] ?? 0) - expected.cb)).toBeLessThanOrEqual(1);
    expect(Math.abs((chroma?.cr[0] ?? 0) - expected.cr)).toBeLessThanOrEqual(1);
  });

  test('a picture of many colours has the same ones in planes and in RGBA', () => {
    const [width, height] = [320, 240];
    const random = seededRandom(5);
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    const bytes = new Uint8Array(width * height * 1.5);
    const layout = packedI420(width, height);
    // Two pixels each way share a colour, as they do in I420.
    for (let y = 0; y < height / 2; y += 1) {
      for (let x = 0; x < width / 2; x += 1) {
        const colour: Rgb = [random() * 255, random() * 255, random() * 255];
        const { cb, cr, y: bright } = encode(colour, jpegs);
        bytes[(layout[1]?.offset ?? 0) + (y * width) / 2 + x] = cb;
        bytes[(layout[2]?.offset ?? 0) + (y * width) / 2 + x] = cr;
        for (const at of [0, 1, width, width + 1]) {
          const pixel = 2 * y * width + 2 * x + at;
          bytes[pixel] = bright;
          rgba.set(colour, pixel * 4);
        }
      }
    }
    const planes = thumbFromYuv(yuvPicture('I420', bytes, layout, { width, height }));
    const pixels = thumbFromRgba(rgba, width, height);
    for (const plane of ['cb', 'cr'] as const) {
      const most = Math.max(
        ...pixels.chroma[plane].map((value, at) =>
          Math.abs(value - (planes.chroma?.[plane][at] ?? 0)),
        ),
      );
      expect(most).toBeLessThanOrEqual(1);
    }
  });
});

describe('a part of a picture', () => {
  test.each(['I420', 'I422', 'I444', 'NV12'] as const)(
    'the upper and the lower half of %s have their own colours',
    (format) => {
      const [width, height] = [8, 16];
      const [upper, lower] = (['orange', 'blue box'] as const).map((name) =>
        flat(format, colours[name] ?? [0, 0, 0], width, height),
      );
      const [top, bottom] = [upper?.chroma?.cb.bytes, lower?.chroma?.cb.bytes];
      const whole = flat(format, [0, 0, 0], width, height);
      const planes = whole.chroma?.cb.bytes ?? new Uint8Array(0);
      const across = format === 'I444' ? width : width / 2;
      const down = format === 'I420' || format === 'NV12' ? height / 2 : height;
      const pairs = format === 'NV12' ? 2 : 1;
      for (let at = 0; at < across * down * pairs; at += 1) {
        planes[at] = (at < (across * down * pairs) / 2 ? top : bottom)?.[at] ?? 0;
      }
      const { chroma } = thumbFromYuv(whole);
      const half = (width * height) / 2;
      const expected = ['orange', 'blue box'].map(
        (name) => encode(colours[name] ?? [0, 0, 0], jpegs).cb,
      );
      expect(new Set(chroma?.cb.subarray(0, half))).toEqual(new Set(expected.slice(0, 1)));
      expect(new Set(chroma?.cb.subarray(half))).toEqual(new Set(expected.slice(1)));
    },
  );

  /** Left half orange, right half blue. */
  const halves = (() => {
    const [width, height] = [40, 20];
    const layout = packedI420(width, height);
    const bytes = new Uint8Array(width * height * 1.5);
    const [left, right] = [
      encode(colours['orange'] ?? [0, 0, 0], jpegs),
      encode([20, 40, 250], jpegs),
    ];
    for (const [index, key] of (['y', 'cb', 'cr'] as const).entries()) {
      const { offset = 0, stride = 0 } = layout[index] ?? {};
      const rows = index === 0 ? height : height / 2;
      for (let at = 0; at < rows * stride; at += 1) {
        bytes[offset + at] = (at % stride < stride / 2 ? left : right)[key];
      }
    }
    return { picture: yuvPicture('I420', bytes, layout, { width, height }), left, right };
  })();

  test('has the brightness and colour of that part alone, also from an odd pixel', () => {
    const { picture, left, right } = halves;
    const first = thumbFromYuv(picture, { left: 3, top: 5, width: 15, height: 7 });
    expect([first.width, first.height]).toEqual([15, 7]);
    expect(new Set(first.grey)).toEqual(new Set([left.y]));
    expect(new Set(first.chroma?.cr)).toEqual(new Set([left.cr]));
    const second = thumbFromYuv(picture, { left: 21, top: 0, width: 19, height: 20 });
    expect(new Set(second.grey)).toEqual(new Set([right.y]));
    expect(new Set(second.chroma?.cb)).toEqual(new Set([right.cb]));
  });
});

test('a picture that lacks a plane is refused by name', () => {
  const layout = [{ offset: 0, stride: 4 }];
  expect(() => yuvPicture('I420', new Uint8Array(24), layout, { width: 4, height: 4 })).toThrow(
    'An I420 picture has no plane 1.',
  );
});
