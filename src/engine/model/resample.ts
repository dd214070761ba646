export interface Size {
  readonly width: number;
  readonly height: number;
}

/** RGBA, a byte each, row by row. */
export interface Raster extends Size {
  readonly rgba: Uint8ClampedArray;
}

/** What the new pixels of every row, or of every column, are mixed of. */
interface Mix {
  /** The first old pixel of each new one. */
  readonly first: Int32Array;
  /** How many old pixels each new one is mixed of; at most `stride`. */
  readonly count: Int32Array;
  /** `stride` for each new pixel; those that count add up to `one`. */
  readonly weights: Int32Array;
  readonly stride: number;
}

const weightBits = 7;
const one = 1 << weightBits;
/**
 * Red and blue are summed up in one number, each in 16 bits of it. Beside a sharp edge a cubic goes
 * beyond black and white, which must not reach into the other's bits: so sums begin above zero.
 */
const above = 64;
const start = (above << weightBits) + one / 2;
const startOfBoth = start * 0x10001;
/** New pixels to either side that an old one is seen in. */
const reach = 2;

/**
 * An opaque picture in another size, as Pillow's bicubic `resize` makes it: the backbone was trained
 * behind that. Every old pixel counts, where a canvas skips some.
 */
export function resampled(source: Raster, { width, height }: Size): Raster {
  const { rgba } = source;
  // A pixel is one number, red its lowest byte: to read each byte by itself takes longer.
  const old = new Int32Array(rgba.buffer, rgba.byteOffset, source.width * source.height);
  const narrow = new Int32Array(width * source.height);
  const across = mixOf(source.width, width);
  for (let y = 0, to = 0; y < source.height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 1) {
      narrow[to] = mixed(old, y * source.width, 1, across, x);
    }
  }
  const result = new Int32Array(width * height);
  const down = mixOf(source.height, height);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 1) {
      result[to] = mixed(narrow, x, width, down, y);
    }
  }
  return { rgba: new Uint8ClampedArray(result.buffer), width, height };
}

/** The new pixel `at` of a line that begins at `origin` and goes on every `step`. */
function mixed(pixels: Int32Array, origin: number, step: number, mix: Mix, at: number): number {
  const { weights } = mix;
  let redAndBlue = startOfBoth;
  let green = start;
  let from = origin + mix.first[at]! * step;
  const first = at * mix.stride;
  const end = first + mix.count[at]!;
  for (let index = first; index < end; index += 1, from += step) {
    const pixel = pixels[from]!;
    const weight = weights[index]!;
    redAndBlue = (redAndBlue + Math.imul(weight, pixel & 0xff00ff)) | 0;
    green = (green + Math.imul(weight, (pixel >> 8) & 0xff)) | 0;
  }
  const red = byte(redAndBlue & 0xffff);
  const blue = byte(redAndBlue >>> 16);
  return red | (byte(green) << 8) | (blue << 16) | (0xff << 24);
}

function byte(sum: number): number {
  const value = (sum >> weightBits) - above;
  if (value < 0) return 0;
  return value > 0xff ? 0xff : value;
}

function mixOf(oldCount: number, newCount: number): Mix {
  const scale = oldCount / newCount;
  const stretch = Math.max(scale, 1);
  const stride = Math.ceil(reach * stretch) * 2 + 1;
  const first = new Int32Array(newCount);
  const count = new Int32Array(newCount);
  const weights = new Int32Array(newCount * stride);
  const shares = new Float64Array(stride);
  for (let at = 0; at < newCount; at += 1) {
    const centre = (at + 0.5) * scale;
    const from = Math.max(0, Math.round(centre - reach * stretch));
    const end = Math.min(oldCount, Math.round(centre + reach * stretch));
    let sum = 0;
    for (let pixel = from; pixel < end; pixel += 1) {
      const share = cubic((pixel + 0.5 - centre) / stretch);
      shares[pixel - from] = share;
      sum += share;
    }
    // What is rounded off goes to the next: together they are one, or a white wall would be grey.
    let wanted = 0;
    let given = 0;
    for (let pixel = from; pixel < end; pixel += 1) {
      wanted += (shares[pixel - from]! / sum) * one;
      const weight = Math.round(wanted) - given;
      given += weight;
      if (weight === 0 && count[at] === 0) continue;
      if (count[at] === 0) first[at] = pixel;
      weights[at * stride + count[at]!] = weight;
      count[at]! += 1;
    }
    while (weights[at * stride + count[at]! - 1] === 0) count[at]! -= 1;
  }
  return { first, count, weights, stride };
}

/** Keys' cubic with a = −0.5, which Pillow calls bicubic. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < reach) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}
