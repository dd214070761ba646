import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Canvas, Image } from '@napi-rs/canvas';
import type { Photo } from '../../shared/frame.ts';
import { serveThread } from '../../shared/calls/thread-calls.ts';
import { partOf, planCrop } from '../../shared/crop.ts';
import { paintRoundItem } from '../../shared/item-mask.ts';
import { isUpright, uprightMatrix, uprightSize } from '../../shared/orientation.ts';
import { thumbFromRgba } from '../../shared/thumb.ts';
import { readJpegSize } from './jpeg-size.ts';
import { PictureError } from './picture-error.ts';
import type {
  LookJob,
  PhotoJob,
  PictureSource,
  PictureThread,
  SeenPicture,
} from './pictures-messages.ts';

const photoQuality = 85;

let newest: { readonly image: Image | Canvas; readonly atMs: number } | null = null;

async function look(job: LookJob): Promise<SeenPicture> {
  const jpeg = await read(job.source);
  const { width, height } = readJpegSize(jpeg);
  const { expected } = job;
  if (expected !== null && (expected.width !== width || expected.height !== height)) {
    throw new PictureError(
      'wrong-size',
      `The picture is ${width} × ${height}, not ${expected.width} × ${expected.height}.`,
    );
  }
  const image = await decode(jpeg);
  const { orientation, atMs } = job;
  const upright = uprightSize(orientation, image);
  const canvas = createCanvas(upright.width, upright.height);
  const context = canvas.getContext('2d');
  context.setTransform(...uprightMatrix(orientation, upright));
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, upright.width, upright.height).data;
  // The decoder draws nothing below the point where the data breaks, be that which corner it may.
  const lastOfRow = upright.width - 1;
  const corners = [0, lastOfRow, pixels.length / 4 - 1 - lastOfRow, pixels.length / 4 - 1];
  if (corners.some((pixel) => pixels[pixel * 4 + 3] !== 255)) {
    throw new PictureError('undecodable', 'The picture cannot be decoded to its end.');
  }
  const thumb = { ...thumbFromRgba(pixels, upright.width, upright.height), atMs };
  const sizeAsTaken = { width: image.width, height: image.height };
  if (isUpright(orientation)) {
    newest = { image, atMs };
    return { jpeg, ...upright, sizeAsTaken, thumb };
  }
  newest = { image: canvas, atMs };
  return { jpeg: await canvas.encode('jpeg', photoQuality), ...upright, sizeAsTaken, thumb };
}

async function read(source: PictureSource): Promise<Uint8Array> {
  if (source.kind === 'bytes') return source.jpeg;
  try {
    return await readFile(source.path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PictureError('unreadable', `The picture's file cannot be read: ${reason}`);
  }
}

async function decode(jpeg: Uint8Array): Promise<Image> {
  try {
    return await loadImage(jpeg);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PictureError('undecodable', `The picture cannot be decoded: ${reason}`);
  }
}

async function cut(job: PhotoJob): Promise<Photo> {
  if (newest === null) throw new PictureError('no-picture-yet', 'No picture has been seen yet.');
  const { image, atMs } = newest;
  const crop = planCrop(image.width, image.height, job.region ?? undefined, job.maxSide);
  const { left, top, width, height, outWidth, outHeight } = crop;
  const canvas = createCanvas(outWidth, outHeight);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, left, top, width, height, 0, 0, outWidth, outHeight);
  if (job.region?.mask) {
    const pixels = context.getImageData(0, 0, outWidth, outHeight);
    const part = partOf(crop, image.width, image.height);
    paintRoundItem(pixels.data, outWidth, part, job.region.mask);
    context.putImageData(pixels, 0, 0);
  }
  const jpeg = await canvas.encode('jpeg', photoQuality);
  return { jpeg, width: outWidth, height: outHeight, atMs };
}

if (parentPort === null) throw new Error('Pictures are decoded in a worker thread.');
serveThread<PictureThread>(parentPort, {
  handlers: { look, photo: cut },
  // A photo belongs to the picture before it.
  inOrder: true,
  failureOf: (error) => ({
    message: error instanceof Error ? error.message : String(error),
    code: error instanceof PictureError ? error.fault : 'undecodable',
  }),
});
