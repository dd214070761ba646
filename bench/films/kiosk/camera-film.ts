import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { Film, FilmPicture } from '../film.ts';

/** At which Chromium's pretended camera plays pictures of MJPEG. */
export const cameraFramesPerSecond = 30;

const jpegQuality = 92;
/** Of which a rest is made: so long nothing happens at a film's beginning and at its end. */
const restS = 0.7;

/**
 * Writes a film for Chromium's pretended camera, JPEGs one after another. Before it there is a rest of
 * the bare tray, in which the kiosk gets ready, and after it one of what lies there in the end: the
 * first and last pictures to and fro, so that their noise goes on. Gives how many seconds come before
 * the film.
 */
export async function writeCameraFilm(
  file: string,
  film: Pick<Film, 'pictures'>,
  restsS: { readonly before: number; readonly after: number },
): Promise<number> {
  const stream = createWriteStream(file);
  const write = async (jpeg: Buffer): Promise<void> => {
    if (!stream.write(jpeg)) await once(stream, 'drain');
  };
  const resting = Math.round(restS * cameraFramesPerSecond);
  const first: Buffer[] = [];
  let last: Buffer[] = [];
  let before = 0;
  for (const picture of film.pictures(cameraFramesPerSecond)) {
    const jpeg = jpegOf(picture);
    last = [...last.slice(1 - resting), jpeg];
    if (first.length < resting) {
      first.push(jpeg);
      if (first.length < resting) continue;
      for (const one of toAndFro(first, restsS.before)) {
        await write(one);
        before += 1;
      }
      for (const one of first) await write(one);
    } else await write(jpeg);
  }
  // It was written last already; the same picture twice would be a camera that is stuck.
  const [, ...after] = toAndFro(last.toReversed(), restsS.after);
  for (const one of after) await write(one);
  stream.end();
  await finished(stream);
  return before / cameraFramesPerSecond;
}

/** The pictures again and again, there and back, for some seconds. */
function* toAndFro(pictures: readonly Buffer[], seconds: number): Generator<Buffer> {
  const round = [...pictures, ...pictures.slice(1, -1).toReversed()];
  const rounds = Math.ceil((seconds * cameraFramesPerSecond) / round.length);
  for (let count = 0; count < rounds; count += 1) yield* round;
}

function jpegOf({ width, height, luma, chroma }: FilmPicture): Buffer {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const across = Math.ceil(width / 2);
  // As in JPEGs, ITU-R BT.601 at full range.
  for (let y = 0, p = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, p += 1) {
      const q = (y >> 1) * across + (x >> 1);
      const level = luma[p] ?? 0;
      const blue = (chroma?.cb[q] ?? 128) - 128;
      const red = (chroma?.cr[q] ?? 128) - 128;
      rgba[p * 4] = level + 1.402 * red;
      rgba[p * 4 + 1] = level - 0.344 * blue - 0.714 * red;
      rgba[p * 4 + 2] = level + 1.772 * blue;
      rgba[p * 4 + 3] = 255;
    }
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas.toBuffer('image/jpeg', jpegQuality);
}
