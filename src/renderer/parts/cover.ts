import type { Region } from '../../shared/frame.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where a region of a picture lies in a box that the picture covers (CSS `object-fit: cover`,
 * centred), in fractions of the box, cut at its edges; null when it is out of view.
 */
export function placeInCover(region: Region, picture: Size, box: Size): Region | null {
  if (picture.width <= 0 || picture.height <= 0 || box.width <= 0 || box.height <= 0) return null;
  const scale = Math.max(box.width / picture.width, box.height / picture.height);
  const shownWidth = (picture.width * scale) / box.width;
  const shownHeight = (picture.height * scale) / box.height;
  const left = region.left * shownWidth - (shownWidth - 1) / 2;
  const top = region.top * shownHeight - (shownHeight - 1) / 2;
  const cutLeft = Math.max(0, left);
  const cutTop = Math.max(0, top);
  const width = Math.min(1, left + region.width * shownWidth) - cutLeft;
  const height = Math.min(1, top + region.height * shownHeight) - cutTop;
  if (width <= 0 || height <= 0) return null;
  return { left: cutLeft, top: cutTop, width, height };
}
