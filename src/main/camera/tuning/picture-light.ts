import type { Thumb } from '../../../shared/frame.ts';

/** How light a picture is and which way its colours lean, in levels of 255. */
export interface PictureLight {
  readonly atMs: number;
  readonly grey: number;
  readonly cb: number;
  readonly cr: number;
  /** Nothing can be told from it. */
  readonly fault: 'dark' | 'bright' | null;
}

/** A picture whose middle is darker than this has hardly more than noise. */
const darkGrey = 18;
/** A pixel so light may be any lighter. */
const clippedGrey = 250;
/** With so many of them the picture is lost. */
const clippedShare = 0.6;

export function lightOf({ grey, chroma, atMs }: Thumb): PictureLight {
  const middle = meanOf(grey);
  let clipped = 0;
  for (const value of grey) if (value >= clippedGrey) clipped += 1;
  const isBright = clipped > clippedShare * grey.length;
  return {
    atMs,
    grey: middle,
    cb: chroma === undefined ? neutral : meanOf(chroma.cb),
    cr: chroma === undefined ? neutral : meanOf(chroma.cr),
    fault: isBright ? 'bright' : middle < darkGrey ? 'dark' : null,
  };
}

/** One for several pictures; null of none. */
export function meanLight(lights: readonly PictureLight[]): PictureLight | null {
  const last = lights.at(-1);
  if (last === undefined) return null;
  const mean = (key: 'grey' | 'cb' | 'cr'): number =>
    lights.reduce((sum, light) => sum + light[key], 0) / lights.length;
  return { ...last, grey: mean('grey'), cb: mean('cb'), cr: mean('cr') };
}

/** A camera that looks for its exposure takes a picture or two to react, so this many are looked at. */
const settledPictures = 3;
const settledForMs = 700;
const settledWithin = 4;

/** Whether a camera has found its exposure: for a while the picture has kept its light. */
export function hasSettled(lights: readonly PictureLight[]): boolean {
  const now = lights.at(-1)?.atMs ?? 0;
  const lately = lights.filter(({ atMs }) => now - atMs <= settledForMs);
  const looked = lately.length >= settledPictures ? lately : lights.slice(-settledPictures);
  if (looked.length < settledPictures || now - (lights[0]?.atMs ?? now) < settledForMs)
    return false;
  const greys = looked.map(({ grey }) => grey);
  return Math.max(...greys) - Math.min(...greys) <= settledWithin;
}

/** How much more light a picture needs to be as light as another, as its sensor counts it. */
export function lightWanted(before: PictureLight, after: PictureLight): number {
  // Pictures are coded for screens, whose light grows with the power of 2.2.
  const wanted = (Math.max(1, before.grey) / Math.max(1, after.grey)) ** 2.2;
  return Math.min(4, Math.max(0.25, wanted));
}

/** The next exposure without flicker may let in half as much more. */
const mostLightApart = 1.7;

export function isAsLight(before: PictureLight, after: PictureLight): boolean {
  return Math.abs(Math.log(lightWanted(before, after))) <= Math.log(mostLightApart);
}

/** Colours that have moved further are another white balance. */
const mostColourApart = 8;

export function isAsColoured(before: PictureLight, after: PictureLight): boolean {
  return Math.hypot(before.cb - after.cb, before.cr - after.cr) <= mostColourApart;
}

const neutral = 128;

function meanOf(values: Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
