import { blurred } from './picture.ts';
import type { Cutout } from './picture.ts';

/**
 * What a picture is composed in: planes with a margin around the film's picture, so that a camera may
 * shake. Colours at half the size, around 0.
 */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Pixels around the film's picture; even, as colours are at half the size. */
  readonly margin: number;
  readonly luma: Float32Array;
  readonly cb: Float32Array;
  readonly cr: Float32Array;
}

/** What a camera sees, and how far it may shake. */
export interface FilmSize {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

export function createComposeCanvas(film: FilmSize): Canvas {
  const width = film.width + 2 * film.margin;
  const height = film.height + 2 * film.margin;
  const half = (width >> 1) * (height >> 1);
  return {
    width,
    height,
    margin: film.margin,
    luma: new Float32Array(width * height),
    cb: new Float32Array(half),
    cr: new Float32Array(half),
  };
}

/** A cut-out at the film's scale; all colours are multiplied by alpha, so that edges blend. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  /** The pixel that a place names, and around which it turns. */
  readonly originX: number;
  readonly originY: number;
  /** From that opacity on a pixel is part of it. */
  readonly solidFrom: number;
  readonly alpha: Float32Array;
  readonly luma: Float32Array;
  readonly half: {
    readonly width: number;
    readonly height: number;
    readonly alpha: Float32Array;
    readonly cb: Float32Array;
    readonly cr: Float32Array;
  };
  /** Its shadow at a quarter of the size, from `shadowMargin` before its corner on. */
  readonly shadow: {
    readonly width: number;
    readonly height: number;
    readonly near: Float32Array;
    readonly far: Float32Array;
  };
}

/** Where a sprite's origin lies in the film's picture, how it is turned (radians) and how large. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly scale: number;
}

/** A shadow's pixel stands for so many of the sprite's, each way. */
export const shadowStep = 4;
/** How far a shadow's plane reaches beyond its sprite, in the sprite's pixels. */
export const shadowMargin = 40;

export interface SpriteOptions {
  readonly scale: number;
  /** In the cut-out's pixels; its middle by default. */
  readonly origin?: readonly [number, number];
  readonly isMirrored?: boolean;
  /** Light goes through it: it takes little of it for its shadow. */
  readonly isClear?: boolean;
}

export function spriteOf(cutout: Cutout, options: SpriteOptions): Sprite {
  const { scale, isMirrored = false } = options;
  const [originX, originY] = options.origin ?? [cutout.width / 2, cutout.height / 2];
  const width = 2 * Math.ceil((cutout.width * scale) / 2) + 4;
  const height = 2 * Math.ceil((cutout.height * scale) / 2) + 4;
  const alpha = new Float32Array(width * height);
  const luma = new Float32Array(width * height);
  const cb = new Float32Array(width * height);
  const cr = new Float32Array(width * height);
  const samples = Math.max(1, Math.ceil(1 / scale));
  const share = 1 / (samples * samples);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let [a, l, b, r] = [0, 0, 0, 0];
      for (let sy = 0; sy < samples; sy += 1) {
        const fromY = Math.floor((y - 2 + (sy + 0.5) / samples) / scale);
        if (fromY < 0 || fromY >= cutout.height) continue;
        for (let sx = 0; sx < samples; sx += 1) {
          let fromX = Math.floor((x - 2 + (sx + 0.5) / samples) / scale);
          if (isMirrored) fromX = cutout.width - 1 - fromX;
          if (fromX < 0 || fromX >= cutout.width) continue;
          const p = fromY * cutout.width + fromX;
          const one = cutout.alpha[p] ?? 0;
          a += one;
          l += one * (cutout.luma[p] ?? 0);
          b += one * (cutout.cb[p] ?? 0);
          r += one * (cutout.cr[p] ?? 0);
        }
      }
      const p = y * width + x;
      alpha[p] = a * share;
      luma[p] = l * share;
      cb[p] = b * share;
      cr[p] = r * share;
    }
  }
  return {
    width,
    height,
    originX: 2 + (isMirrored ? cutout.width - originX : originX) * scale,
    originY: 2 + originY * scale,
    solidFrom: options.isClear === true ? 0.05 : 0.4,
    alpha,
    luma,
    half: {
      width: width >> 1,
      height: height >> 1,
      alpha: halved(alpha, width, height),
      cb: halved(cb, width, height),
      cr: halved(cr, width, height),
    },
    shadow: shadowOf(alpha, width, height, options.isClear === true ? 0.3 : 1),
  };
}

function halved(plane: Float32Array, width: number, height: number): Float32Array {
  const half = new Float32Array((width >> 1) * (height >> 1));
  for (let y = 0, at = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2, at += 1) {
      const p = y * width + x;
      const upper = (plane[p] ?? 0) + (plane[p + 1] ?? 0);
      const lower = (plane[p + width] ?? 0) + (plane[p + width + 1] ?? 0);
      half[at] = (upper + lower) / 4;
    }
  }
  return half;
}

function shadowOf(
  alpha: Float32Array,
  spriteWidth: number,
  spriteHeight: number,
  strength: number,
): Sprite['shadow'] {
  const width = Math.ceil((spriteWidth + 2 * shadowMargin) / shadowStep);
  const height = Math.ceil((spriteHeight + 2 * shadowMargin) / shadowStep);
  const small = new Float32Array(width * height);
  for (let y = 0; y < spriteHeight; y += 1) {
    const row = Math.floor((y + shadowMargin) / shadowStep) * width;
    for (let x = 0; x < spriteWidth; x += 1) {
      const p = row + Math.floor((x + shadowMargin) / shadowStep);
      const dark = (alpha[y * spriteWidth + x] ?? 0) * strength;
      small[p] = (small[p] ?? 0) + dark / shadowStep ** 2;
    }
  }
  return {
    width,
    height,
    near: blurred(small, width, height, 0.8),
    far: blurred(small, width, height, 2.6),
  };
}
