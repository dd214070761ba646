import { createCanvas } from '@napi-rs/canvas';

import { decodePicture } from './picture.ts';

/**
 * A JPEG of the picture with its longest side at most so long; undefined where it is no longer
 * already. @throws PictureError
 */
export async function shrinkPicture(
  bytes: Uint8Array,
  longestPixels: number,
): Promise<Buffer | undefined> {
  const image = await decodePicture(bytes);
  const scale = longestPixels / Math.max(image.width, image.height);
  if (scale >= 1) return undefined;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  // What is transparent would be black in a JPEG.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return canvas.encode('jpeg', 82);
}
