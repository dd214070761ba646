import { createCanvas, Image } from '@napi-rs/canvas';

import { limits } from '../limits.ts';
import type { Box } from '../store/image-store.ts';
import { readPictureHeader } from './picture-header.ts';

export type PictureFault = 'empty' | 'format' | 'truncated' | 'bytes' | 'dimensions';

/** A picture that cannot be used; the message says why in words for whoever sent it. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly fault: PictureFault;

  constructor(fault: PictureFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface PictureInfo {
  readonly format: 'jpeg' | 'png' | 'bmp' | 'gif';
  readonly width: number;
  readonly height: number;
}

/**
 * Refuses, from the header alone, what must not be decoded.
 * @throws PictureError
 */
export function checkPicture(bytes: Uint8Array, maxBytes: number): PictureInfo {
  if (bytes.byteLength === 0) throw new PictureError('empty', 'The image is empty (0 bytes).');
  if (bytes.byteLength > maxBytes) {
    throw new PictureError(
      'bytes',
      `The image has ${bytes.byteLength} bytes; at most ${maxBytes} are allowed.`,
    );
  }
  const header = readPictureHeader(bytes);
  if (!header) {
    throw new PictureError('format', 'The image is not a JPEG, PNG, BMP or GIF picture.');
  }
  const { format, width, height, complete } = header;
  const longest = Math.max(width, height);
  const shortest = Math.min(width, height);
  if (longest > limits.longestSidePixels || width * height > limits.pixels) {
    throw new PictureError(
      'dimensions',
      `The image is ${width}x${height}; at most ${limits.longestSidePixels} pixels a side and ` +
        `${limits.pixels} in total are allowed.`,
    );
  }
  if (longest > shortest * limits.longestToShortestSide) {
    throw new PictureError(
      'dimensions',
      `The image is ${width}x${height}; its longest side may be at most ` +
        `${limits.longestToShortestSide} times its shortest.`,
    );
  }
  if (!complete) throw new PictureError('truncated', 'The image ends before its data does.');
  return { format, width, height };
}

/**
 * Decodes off this thread, upright by its EXIF orientation. Call `checkPicture` first.
 * @throws PictureError
 */
export async function decodePicture(bytes: Uint8Array): Promise<Image> {
  const image = new Image();
  try {
    await new Promise<void>((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = bytes;
    });
  } catch {
    throw new PictureError('format', 'The image could not be decoded; it is damaged.');
  }
  return image;
}

/** One way to look at a picture; the first view of every recipe is the whole of it, as it is. */
export interface View {
  readonly flip?: boolean;
  readonly turnDegrees?: number;
  /** All else is looked at in this part of the picture alone; fractions of it, within it. */
  readonly part?: Box;
  /** Part of the picture's width and height that is seen, 0 to 1. */
  readonly zoom?: number;
  /** Moves the part that is seen, in fractions of the picture. */
  readonly shift?: readonly [number, number];
  /** Factor on every colour, for a lamp that is brighter or darker. */
  readonly gain?: number;
}

export const plainView: View = {};
const wholePicture: Box = { left: 0, top: 0, width: 1, height: 1 };

/** What fills up a picture of other proportions: near zero in every backbone's input. */
const filling = 'rgb(127 127 127)';

/**
 * RGBA bytes of the picture fitted whole into `width`×`height`, in its own proportions: an oblong
 * item's crop is oblong, and squeezed it would look like another item each time it is turned.
 */
export function drawView(
  image: Image,
  view: View,
  width: number,
  height: number,
): Uint8ClampedArray {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = filling;
  context.fillRect(0, 0, width, height);
  const { part = wholePicture } = view;
  const [partWidth, partHeight] = [part.width * image.width, part.height * image.height];
  const scale = Math.min(width / partWidth, height / partHeight);
  const [drawnWidth, drawnHeight] = [partWidth * scale, partHeight * scale];
  const draw = (): void => {
    const [left, top] = [(width - drawnWidth) / 2, (height - drawnHeight) / 2];
    context.fillStyle = 'white';
    context.fillRect(left, top, drawnWidth, drawnHeight);
    context.drawImage(
      image,
      part.left * image.width,
      part.top * image.height,
      partWidth,
      partHeight,
      left,
      top,
      drawnWidth,
      drawnHeight,
    );
  };
  const { flip = false, turnDegrees = 0, zoom = 1, shift = [0, 0] } = view;
  // What a turn leaves open in the corners shows the upright picture instead of a hard edge.
  if (turnDegrees % 90 !== 0) draw();
  context.translate(width / 2, height / 2);
  context.scale((flip ? -1 : 1) / zoom, 1 / zoom);
  context.rotate((turnDegrees * Math.PI) / 180);
  context.translate(-width / 2 - shift[0] * width, -height / 2 - shift[1] * height);
  draw();
  return context.getImageData(0, 0, width, height).data;
}
