import { createCanvas, loadImage } from '@napi-rs/canvas';

/**
 * A picture in planes, row by row: brightness 0 to 255, colours around 0 (ITU-R BT.601 at full range),
 * and how much of each pixel belongs to what it shows, 0 to 1.
 */
export interface Cutout {
  readonly width: number;
  readonly height: number;
  readonly luma: Float32Array;
  readonly cb: Float32Array;
  readonly cr: Float32Array;
  readonly alpha: Float32Array;
}

export function emptyCutout(width: number, height: number): Cutout {
  const size = width * height;
  return {
    width,
    height,
    luma: new Float32Array(size),
    cb: new Float32Array(size),
    cr: new Float32Array(size),
    alpha: new Float32Array(size),
  };
}

/** The photograph at that width, wholly opaque; its part `[left, top, width, height]`, else all of it. */
export async function loadPhoto(
  path: string,
  width: number,
  part?: readonly [number, number, number, number],
): Promise<Cutout> {
  const image = await loadImage(path);
  const [left, top, wide, high] = part ?? [0, 0, image.width, image.height];
  const height = Math.max(1, Math.round((width * high) / wide));
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, left, top, wide, high, 0, 0, width, height);
  return fromRgba(context.getImageData(0, 0, width, height).data, width, height);
}

export function fromRgba(rgba: Uint8ClampedArray, width: number, height: number): Cutout {
  const cutout = emptyCutout(width, height);
  for (let p = 0, at = 0; p < cutout.luma.length; p += 1, at += 4) {
    const red = rgba[at] ?? 0;
    const green = rgba[at + 1] ?? 0;
    const blue = rgba[at + 2] ?? 0;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    cutout.luma[p] = luma;
    cutout.cb[p] = (blue - luma) * 0.564;
    cutout.cr[p] = (red - luma) * 0.713;
    cutout.alpha[p] = 1;
  }
  return cutout;
}

/** The part of a cut-out from there on. */
export function croppedCutout(
  from: Cutout,
  left: number,
  top: number,
  width: number,
  height: number,
): Cutout {
  const cut = emptyCutout(width, height);
  for (const plane of ['luma', 'cb', 'cr', 'alpha'] as const) {
    for (let y = 0; y < height; y += 1) {
      const start = (top + y) * from.width + left;
      cut[plane].set(from[plane].subarray(start, start + width), y * width);
    }
  }
  return cut;
}

/** A box blur of a plane, three times over: close to a Gaussian of that standard deviation. */
export function blurred(
  plane: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const radius = Math.max(0, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  const from = plane.slice();
  if (radius === 0) return from;
  const to = new Float32Array(plane.length);
  for (let pass = 0; pass < 3; pass += 1) {
    boxBlur(from, to, width, height, radius, 1, width);
    boxBlur(to, from, height, width, radius, width, 1);
  }
  return from;
}

/** One pass along lines of `length` pixels that lie `step` apart; beyond an end it goes on evenly. */
function boxBlur(
  from: Float32Array,
  to: Float32Array,
  length: number,
  lines: number,
  radius: number,
  step: number,
  lineStep: number,
): void {
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < lines; line += 1) {
    const start = line * lineStep;
    const last = start + (length - 1) * step;
    let sum = 0;
    for (let at = -radius; at <= radius; at += 1) {
      sum += from[start + Math.min(Math.max(at, 0), length - 1) * step] ?? 0;
    }
    for (let at = 0; at < length; at += 1) {
      to[start + at * step] = sum * share;
      sum -= from[Math.max(start + (at - radius) * step, start)] ?? 0;
      sum += from[Math.min(start + (at + radius + 1) * step, last)] ?? 0;
    }
  }
}
