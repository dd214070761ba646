import type { Chroma, Thumb } from './frame.ts';

/** The longer side of a thumb, in pixels; the other follows the camera's shape. */
export const thumbSide = 160;

/** A thumb that does not say when it was taken. */
export type ThumbPicture = Omit<Thumb, 'atMs'>;

/** Values of one kind, a byte each: `stride` bytes to a row, `step` bytes from one to the next. */
export interface Plane {
  readonly bytes: Uint8Array;
  readonly stride: number;
  /** 2 where two planes take turns, as in NV12; 1 without it. */
  readonly step?: number;
}

/** How a picture's numbers stand for colours, as VideoFrame.colorSpace and ffprobe name it. */
export interface ColourCoding {
  readonly matrix: 'bt601' | 'bt709' | 'bt2020';
  /** Chroma from 0 to 255; from 16 to 240 where it is false. */
  readonly fullRange: boolean;
}

/** A decoded picture in brightness and colour. */
export interface YuvPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Plane;
  /** Each value stands for `across` × `down` pixels; null where the picture has no colours. */
  readonly chroma: {
    readonly cb: Plane;
    readonly cr: Plane;
    readonly across: 1 | 2;
    readonly down: 1 | 2;
    /** Full-range BT.601 without it, as JPEGs have it. */
    readonly coding?: ColourCoding;
  } | null;
}

export type YuvFormat = 'I420' | 'I420A' | 'I422' | 'I444' | 'NV12';

/** Where a plane begins in a picture's bytes, and how long its rows are. */
export interface PlaneLayout {
  readonly offset: number;
  readonly stride: number;
}

/** A part of a picture in whole pixels, within it. */
export interface PixelRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A thumb from a picture or a part of it. Each pixel is the mean of the block that it stands for:
 * dropping pixels instead would keep the camera's noise. Brightness stays as coded, for only its
 * differences count; colours become full-range BT.601, so that they mean the same from any camera.
 */
export function thumbFromYuv(picture: YuvPicture, part?: PixelRect): ThumbPicture {
  const { luma, chroma, width, height } = picture;
  const rect = part ?? { left: 0, top: 0, width, height };
  const size = thumbSize(rect.width, rect.height);
  const columns = blockEdges(rect.left, rect.width, size.width);
  const rows = blockEdges(rect.top, rect.height, size.height);
  const grey = meansOfLuma(luma, columns, rows);
  return { ...size, grey, ...(chroma && { chroma: meansOfChroma(chroma, columns, rows) }) };
}

/** The same from RGBA, four bytes a pixel, weighed as in ITU-R BT.601. */
export function thumbFromRgba(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): ThumbPicture & { readonly chroma: Chroma } {
  const size = thumbSize(width, height);
  const columns = blockEdges(0, width, size.width);
  const rows = blockEdges(0, height, size.height);
  const grey = new Uint8Array(size.width * size.height);
  const cb = new Uint8Array(grey.length);
  const cr = new Uint8Array(grey.length);
  let pixel = 0;
  for (let y = 0; y < size.height; y += 1) {
    const top = rows[y] ?? 0;
    const bottom = rows[y + 1] ?? 0;
    for (let x = 0; x < size.width; x += 1) {
      const left = columns[x] ?? 0;
      const right = columns[x + 1] ?? 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = top; row < bottom; row += 1) {
        const end = (row * width + right) * 4;
        for (let at = (row * width + left) * 4; at < end; at += 4) {
          red += rgba[at] ?? 0;
          green += rgba[at + 1] ?? 0;
          blue += rgba[at + 2] ?? 0;
        }
      }
      // Weights in 256ths.
      const whole = 256 * (right - left) * (bottom - top);
      grey[pixel] = (77 * red + 150 * green + 29 * blue) / whole + 0.5;
      cb[pixel] = byteOf(neutral + (128 * blue - 43 * red - 85 * green) / whole);
      cr[pixel] = byteOf(neutral + (128 * red - 107 * green - 21 * blue) / whole);
      pixel += 1;
    }
  }
  return { ...size, grey, chroma: { cb, cr } };
}

/** A picture whose planes lie in one buffer, as VideoFrame.copyTo and ffmpeg leave them. */
export function yuvPicture(
  format: YuvFormat,
  bytes: Uint8Array,
  layout: readonly PlaneLayout[],
  size: { readonly width: number; readonly height: number },
  coding?: ColourCoding,
): YuvPicture {
  const plane = (index: number, shift = 0, step = 1): Plane => {
    const place = layout[index];
    if (place === undefined) throw new RangeError(`An ${format} picture has no plane ${index}.`);
    return { bytes: bytes.subarray(place.offset + shift), stride: place.stride, step };
  };
  const { width, height } = size;
  const { across, down } = sampling[format];
  const planes =
    format === 'NV12' ? { cb: plane(1, 0, 2), cr: plane(1, 1, 2) } : { cb: plane(1), cr: plane(2) };
  const chroma = { ...planes, across, down, ...(coding && { coding }) };
  return { width, height, luma: plane(0), chroma };
}

/** Where the planes of an I420 picture lie that has no gaps, as ffmpeg's `yuv420p` is written. */
export function packedI420(width: number, height: number): readonly PlaneLayout[] {
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const cb = width * height;
  return [
    { offset: 0, stride: width },
    { offset: cb, stride: halfWidth },
    { offset: cb + halfWidth * halfHeight, stride: halfWidth },
  ];
}

const sampling = {
  I420: { across: 2, down: 2 },
  I420A: { across: 2, down: 2 },
  I422: { across: 2, down: 1 },
  I444: { across: 1, down: 1 },
  NV12: { across: 2, down: 2 },
} as const;

/** What chroma is where there is no colour. */
const neutral = 128;

function thumbSize(width: number, height: number): { width: number; height: number } {
  const longer = Math.max(width, height);
  if (longer <= thumbSide) return { width, height };
  const side = (pixels: number): number => Math.max(1, Math.round((thumbSide * pixels) / longer));
  return { width: side(width), height: side(height) };
}

/** Where each of so many blocks begins, and where the last one ends. */
function blockEdges(start: number, length: number, blocks: number): readonly number[] {
  return Array.from({ length: blocks + 1 }, (_, n) => start + Math.floor((n * length) / blocks));
}

function meansOfLuma(
  { bytes, stride, step = 1 }: Plane,
  columns: readonly number[],
  rows: readonly number[],
): Uint8Array {
  const [width, height] = [columns.length - 1, rows.length - 1];
  const means = new Uint8Array(width * height);
  // Four at a time, as many as a block of a usual camera is wide: it takes a fifth less time.
  const [second, third, fourth] = [step, 2 * step, 3 * step];
  for (let y = 0; y < height; y += 1) {
    const top = rows[y]!;
    const bottom = rows[y + 1]!;
    for (let x = 0; x < width; x += 1) {
      const left = columns[x]!;
      const right = columns[x + 1]!;
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        const end = row * stride + right * step;
        let at = row * stride + left * step;
        for (; at + fourth < end; at += 4 * step) {
          sum += bytes[at]! + bytes[at + second]! + bytes[at + third]! + bytes[at + fourth]!;
        }
        for (; at < end; at += step) sum += bytes[at]!;
      }
      means[y * width + x] = sum / ((right - left) * (bottom - top)) + 0.5;
    }
  }
  return means;
}

function meansOfChroma(
  { cb, cr, across, down, coding }: NonNullable<YuvPicture['chroma']>,
  columns: readonly number[],
  rows: readonly number[],
): Chroma {
  const [width, height] = [columns.length - 1, rows.length - 1];
  const means = { cb: new Uint8Array(width * height), cr: new Uint8Array(width * height) };
  const change = coding === undefined ? unchanged : toFullRange601(coding);
  const [cbStep, crStep] = [cb.step ?? 1, cr.step ?? 1];
  for (let y = 0; y < height; y += 1) {
    // Where two pixels share a value that two blocks meet in, both have it.
    const top = Math.floor(rows[y]! / down);
    const bottom = Math.ceil(rows[y + 1]! / down);
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor(columns[x]! / across);
      const right = Math.ceil(columns[x + 1]! / across);
      let sumCb = 0;
      let sumCr = 0;
      for (let row = top; row < bottom; row += 1) {
        let atCb = row * cb.stride + left * cbStep;
        let atCr = row * cr.stride + left * crStep;
        for (let column = left; column < right; column += 1) {
          sumCb += cb.bytes[atCb]!;
          sumCr += cr.bytes[atCr]!;
          atCb += cbStep;
          atCr += crStep;
        }
      }
      const count = (right - left) * (bottom - top);
      const blue = sumCb / count - neutral;
      const red = sumCr / count - neutral;
      const pixel = y * width + x;
      means.cb[pixel] = byteOf(neutral + change.cbOfCb * blue + change.cbOfCr * red);
      means.cr[pixel] = byteOf(neutral + change.crOfCb * blue + change.crOfCr * red);
    }
  }
  return means;
}

interface ChromaChange {
  readonly cbOfCb: number;
  readonly cbOfCr: number;
  readonly crOfCb: number;
  readonly crOfCr: number;
}

const unchanged: ChromaChange = { cbOfCb: 1, cbOfCr: 0, crOfCb: 0, crOfCr: 1 };

/** What red and blue weigh in the brightness, by ITU-R BT.601, BT.709 and BT.2020. */
const weights = {
  bt601: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt2020: { red: 0.2627, blue: 0.0593 },
} as const;

/**
 * From another coding's chroma to full-range BT.601's. Brightness takes no part: what has no colour
 * in one has none in the other.
 */
function toFullRange601({ matrix, fullRange }: ColourCoding): ChromaChange {
  const from = weights[matrix];
  const to = weights.bt601;
  const scale = fullRange ? 1 : 255 / 224;
  // Red, green and blue less the brightness, of one unit of Cb and one of Cr.
  const greenWeight = 1 - from.red - from.blue;
  const ofCb = 2 * (1 - from.blue) * scale;
  const ofCr = 2 * (1 - from.red) * scale;
  const cb = { red: 0, green: (-from.blue * ofCb) / greenWeight, blue: ofCb };
  const cr = { red: ofCr, green: (-from.red * ofCr) / greenWeight, blue: 0 };
  const brightness = ({ red, green, blue }: typeof cb): number =>
    to.red * red + (1 - to.red - to.blue) * green + to.blue * blue;
  return {
    cbOfCb: (cb.blue - brightness(cb)) / (2 * (1 - to.blue)),
    cbOfCr: (cr.blue - brightness(cr)) / (2 * (1 - to.blue)),
    crOfCb: (cb.red - brightness(cb)) / (2 * (1 - to.red)),
    crOfCr: (cr.red - brightness(cr)) / (2 * (1 - to.red)),
  };
}

/** Rounded; the strongest blue and red would come to 256. */
function byteOf(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
}
