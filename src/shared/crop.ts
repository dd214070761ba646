import type { Region } from './frame.ts';

export interface Crop {
  /** The part to take, in whole pixels of the source, at least 1 × 1 and within it. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The size it is drawn at; never larger than the part itself. */
  readonly outWidth: number;
  readonly outHeight: number;
}

/** What to cut from a picture of `width` × `height` pixels, and how far to scale it down. */
export function planCrop(
  width: number,
  height: number,
  region: Region | undefined,
  maxSide: number,
): Crop {
  const wanted = region ?? { left: 0, top: 0, width: 1, height: 1 };
  const left = within(Math.floor(wanted.left * width), 0, width - 1);
  const top = within(Math.floor(wanted.top * height), 0, height - 1);
  const right = within(Math.ceil((wanted.left + wanted.width) * width), left + 1, width);
  const bottom = within(Math.ceil((wanted.top + wanted.height) * height), top + 1, height);
  const part = { left, top, width: right - left, height: bottom - top };
  const scale = Math.min(1, Math.max(1, maxSide) / Math.max(part.width, part.height));
  return {
    ...part,
    outWidth: Math.max(1, Math.round(part.width * scale)),
    outHeight: Math.max(1, Math.round(part.height * scale)),
  };
}

/** The part that a crop takes, in fractions of the picture that it was planned for. */
export function partOf(crop: Crop, width: number, height: number): Region {
  return {
    left: crop.left / width,
    top: crop.top / height,
    width: crop.width / width,
    height: crop.height / height,
  };
}

function within(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low;
}
