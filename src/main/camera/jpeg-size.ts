import { readPictureHeader } from '../../shared/picture-header.ts';
import { PictureError } from './picture-error.ts';
import type { PictureSize } from './picture-error.ts';

/** Decoding takes four bytes a pixel; more than this is no camera's frame. */
const maxPixels = 24_000_000;

const markerStart = 0xff;
const startOfImage = 0xd8;
const endOfImage = 0xd9;

/** Reads the size of a whole JPEG without decoding it. Throws a PictureError naming what is wrong. */
export function readJpegSize(bytes: Uint8Array): PictureSize {
  if (bytes.length === 0) throw new PictureError('empty', 'The picture has 0 bytes.');
  if (bytes[0] !== markerStart || bytes[1] !== startOfImage) {
    throw new PictureError('not-a-jpeg', 'The picture does not begin as a JPEG does.');
  }
  if (bytes.at(-2) !== markerStart || bytes.at(-1) !== endOfImage) {
    throw new PictureError('truncated', 'The picture ends before its end: it was cut off.');
  }
  const { width, height } = readPictureHeader(bytes) ?? { width: 0, height: 0 };
  if (width === 0 || height === 0) {
    throw new PictureError('not-a-jpeg', 'The picture has no size in its header.');
  }
  if (width * height > maxPixels) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new PictureError(
      'too-large',
      `The picture has ${megapixels} megapixels; at most ${maxPixels / 1e6} are decoded.`,
    );
  }
  return { width, height };
}
