import type { ItemRegion } from './item-mask.ts';

export interface CropOptions {
  /** Added on each side, as a part of the region's longer side. */
  readonly margin: number;
  /** The crop's sides are at least this many pixels of the picture, as far as the picture has them. */
  readonly minSidePx: number;
  /** The crop is at most so many times as long as it is wide. */
  readonly mostOblong: number;
}

const DEFAULTS: CropOptions = { margin: 0.08, minSidePx: 72, mostOblong: 2 };

/**
 * The part of a picture to recognise for a region of the tray: the region with a little of its
 * surroundings, moved inside the picture where it would stick out, and never larger than it. It is as
 * oblong as the region, within limits: a square about a cucumber would show all that lies beside it.
 */
export function cropFor(
  region: ItemRegion,
  pictureWidth: number,
  pictureHeight: number,
  options: Partial<CropOptions> = {},
): ItemRegion {
  const { margin, minSidePx, mostOblong } = { ...DEFAULTS, ...options };
  if (!(pictureWidth >= 1 && pictureHeight >= 1)) {
    throw new RangeError(`A picture of ${pictureWidth}×${pictureHeight} pixels has no crop`);
  }
  if (![region.left, region.top, region.width, region.height].every(Number.isFinite)) {
    throw new RangeError('A region to crop has four finite numbers');
  }
  const width = region.width * pictureWidth;
  const height = region.height * pictureHeight;
  const longer = Math.max(width, height, 1);
  const added = 2 * margin * longer;
  const least = Math.max(minSidePx, (longer + added) / mostOblong);
  const across = span(region.left, region.width, pictureWidth, Math.max(least, width + added));
  const down = span(region.top, region.height, pictureHeight, Math.max(least, height + added));
  const crop = { left: across.start, top: down.start, width: across.length, height: down.length };
  return region.mask ? { ...crop, mask: region.mask } : crop;
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
