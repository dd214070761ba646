import { createCanvas, Image, ImageData } from '@napi-rs/canvas';
import type { Canvas } from '@napi-rs/canvas';

import { limits } from '../domain/limits.ts';
import type { Box } from '../domain/box.ts';
import { readPictureHeader } from '../../shared/picture-header.ts';
import { resampled } from './resample.ts';
import type { Size } from './resample.ts';

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
  if (!header || header.width === 0 || header.height === 0) {
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

/** One way to look at a picture; the first view of every augmentation is the whole of it, as it is. */
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
  const { part = wholePicture, flip = false, turnDegrees = 0, zoom = 1, shift = [0, 0] } = view;
  const area = pixelsOf(part, image);
  const scale = Math.min(width / area.width, height / area.height);
  const drawn = sizeOf(area, scale);
  const source = smaller(image, area, sizeOf(area, scale / zoom));
  // Between whole pixels, as in the training: half a pixel beside them would blur it.
  const left = Math.floor((width - drawn.width) / 2);
  const top = Math.floor((height - drawn.height) / 2);

  const context = createCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = filling;
  context.fillRect(0, 0, width, height);
  const draw = (): void => {
    context.drawImage(source, left, top, drawn.width, drawn.height);
  };
  // What a turn leaves open in the corners shows the upright picture instead of a hard edge.
  if (turnDegrees % 90 !== 0) draw();
  context.translate(width / 2, height / 2);
  context.scale((flip ? -1 : 1) / zoom, 1 / zoom);
  context.rotate((turnDegrees * Math.PI) / 180);
  context.translate(-width / 2 - shift[0] * width, -height / 2 - shift[1] * height);
  draw();
  return context.getImageData(0, 0, width, height).data;
}

/** The nearest whole pixels, at least one. */
function pixelsOf({ left, top, width, height }: Box, image: Size): Box {
  const [from, to] = [Math.round(left * image.width), Math.round((left + width) * image.width)];
  const [above, below] = [
    Math.round(top * image.height),
    Math.round((top + height) * image.height),
  ];
  return {
    left: Math.min(from, image.width - 1),
    top: Math.min(above, image.height - 1),
    width: Math.max(to - from, 1),
    height: Math.max(below - above, 1),
  };
}

function sizeOf({ width, height }: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** The area of the picture, over white, in this size; as large as it is where that is larger. */
function smaller(image: Image, area: Box, size: Size): Canvas {
  const times = Math.min(area.width / size.width, area.height / size.height);
  // A canvas is fast, and exact, where it halves; less than a half is left for what is slower.
  const pixels = 2 ** Math.max(0, Math.floor(Math.log2(times)));
  const halved = {
    width: Math.floor(area.width / pixels),
    height: Math.floor(area.height / pixels),
  };
  const canvas = createCanvas(halved.width, halved.height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  context.fillRect(0, 0, halved.width, halved.height);
  const [width, height] = [halved.width * pixels, halved.height * pixels];
  context.drawImage(image, area.left, area.top, width, height, 0, 0, halved.width, halved.height);
  if (halved.width <= size.width && halved.height <= size.height) return canvas;

  const { data: rgba } = context.getImageData(0, 0, halved.width, halved.height);
  const { rgba: resized } = resampled({ rgba, ...halved }, size);
  const result = createCanvas(size.width, size.height);
  result.getContext('2d').putImageData(new ImageData(resized, size.width, size.height), 0, 0);
  return result;
}
