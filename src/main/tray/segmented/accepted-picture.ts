import type { TrayPicture } from '../segmenter/segmentation.ts';
import type { Size } from '../resample.ts';
import type { Mask } from './mask.ts';
import { dilated } from './mask.ts';

/** Grey, blue and red, as far as the camera has them. */
export type Planes = readonly Uint8Array[];

/** The bare tray with all that was reported on it, as the camera sees it in the light of now. */
export interface AcceptedPicture {
  /** A copy, in whole numbers. */
  readonly picture: () => TrayPicture;
  /** A copy of its brightness alone. */
  readonly grey: () => Uint8Array;
  /** One of the first pictures, when nothing moves: their mean is accepted. */
  readonly learn: (planes: Planes) => void;
  /** From now on these pixels, and those about them that their shade reaches, are as they are now. */
  readonly adopt: (own: Uint8Array, planes: Planes, isLeft: (at: number) => boolean) => void;
  /** Goes a part of the way to the picture of now where more than so much of a pixel is the same. */
  readonly follow: (planes: Planes, share: number, same: Uint8Array, least: number) => void;
}

/** How far a thing's shade and its soft edge reach, in pixels. */
export const SHADE_PIXELS = 4;
/** How wide is what tells a thing's light. */
const RING_PIXELS = 4;

export function planesOf({ grey, chroma }: TrayPicture): Planes {
  return chroma === undefined ? [grey] : [grey, chroma.cb, chroma.cr];
}

export function createAcceptedPicture(size: Size, planeCount: number): AcceptedPicture {
  const { width, height } = size;
  const kept = Array.from({ length: planeCount }, () => new Float32Array(width * height));
  let learned = 0;
  return {
    picture() {
      const [grey, cb, cr] = kept.map(rounded);
      const chroma = cb && cr ? { cb, cr } : undefined;
      return { width, height, grey: grey!, ...(chroma && { chroma }) };
    },
    grey: () => rounded(kept[0]!),
    learn(planes) {
      learned += 1;
      kept.forEach((plane, index) => {
        const seen = planes[index]!;
        for (let at = 0; at < plane.length; at += 1)
          plane[at]! += (seen[at]! - plane[at]!) / learned;
      });
    },
    adopt(own, planes, isLeft) {
      const all = dilated(own, size, SHADE_PIXELS);
      kept.forEach((plane, index) => {
        const seen = planes[index]!;
        for (let at = 0; at < plane.length; at += 1) {
          if (all[at] === 1 && !isLeft(at)) plane[at] = seen[at]!;
        }
      });
    },
    follow(planes, share, same, least) {
      kept.forEach((plane, index) => {
        const seen = planes[index]!;
        for (let at = 0; at < plane.length; at += 1) {
          if (same[at]! > least) plane[at]! += (seen[at]! - plane[at]!) * share;
        }
      });
    },
  };
}

/** A plain loop: this is done for each picture. */
function rounded(plane: Float32Array): Uint8Array {
  const whole = new Uint8Array(plane.length);
  for (let at = 0; at < plane.length; at += 1) whole[at] = plane[at]! + 0.5;
  return whole;
}

/**
 * How far two pictures are from one another in a mask, on the mean of its pixels, when the one is made
 * as light as the other by what surrounds the mask and is the same.
 */
export function differenceIn(
  { own, left, top, right, bottom, pixels }: Mask,
  [one, other]: readonly [Uint8Array, Uint8Array],
  size: Size,
  isSame: (at: number) => boolean,
): number {
  const shaded = dilated(own, size, SHADE_PIXELS);
  const around = dilated(own, size, SHADE_PIXELS + RING_PIXELS);
  let light = 0;
  let count = 0;
  for (let at = 0; at < own.length; at += 1) {
    if (around[at] !== 1 || shaded[at] === 1 || !isSame(at)) continue;
    light += one[at]! - other[at]!;
    count += 1;
  }
  const offset = count === 0 ? 0 : light / count;
  let difference = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * size.width + left; at < y * size.width + right; at += 1) {
      if (own[at] === 1) difference += Math.abs(one[at]! - other[at]! - offset);
    }
  }
  return difference / pixels;
}
