import type { Region } from './frame.ts';

export interface CropOptions {
  /** Added on each side, as a part of the region's longer side. */
  readonly margin: number;
  /** The crop's sides are at least this many pixels of the picture, as far as the picture has them. */
  readonly minSidePx: number;
}

const DEFAULTS: CropOptions = { margin: 0.2, minSidePx: 112 };

/**
 * The part of a picture to recognise for a region of the tray: square in pixels about the region, with
 * some of its surroundings, moved inside the picture where it would stick out, and never larger than it.
 */
export function cropFor(
  region: Region,
  pictureWidth: number,
  pictureHeight: number,
  options: Partial<CropOptions> = {},
): Region {
  const { margin, minSidePx } = { ...DEFAULTS, ...options };
  if (!(pictureWidth >= 1 && pictureHeight >= 1)) {
    throw new RangeError(`A picture of ${pictureWidth}×${pictureHeight} pixels has no crop`);
  }
  if (![region.left, region.top, region.width, region.height].every(Number.isFinite)) {
    throw new RangeError('A region to crop has four finite numbers');
  }
  const longer = Math.max(region.width * pictureWidth, region.height * pictureHeight, 1);
  const side = Math.max(minSidePx, longer * (1 + 2 * margin));
  const across = span(region.left, region.width, pictureWidth, side);
  const down = span(region.top, region.height, pictureHeight, side);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

/** One dimension of the crop, in whole pixels turned back into fractions. */
function span(
  start: number,
  length: number,
  pixels: number,
  side: number,
): { start: number; length: number } {
  const size = Math.min(pixels, Math.round(side));
  const middle = (start + length / 2) * pixels;
  const first = Math.min(pixels - size, Math.max(0, Math.round(middle - size / 2)));
  return { start: first / pixels, length: size / pixels };
}
