import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Film, FilmPicture } from '../film.ts';
import { cameraFramesPerSecond, writeCameraFilm } from './camera-film.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-film-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each picture a little brighter than the one before, and all of one colour. */
const film: Pick<Film, 'pictures'> = {
  *pictures(framesPerSecond): Generator<FilmPicture> {
    for (let k = 0; k < 2 * framesPerSecond; k += 1) {
      const luma = new Uint8Array(64).fill(60 + 2 * k);
      const chroma = { cb: new Uint8Array(16).fill(100), cr: new Uint8Array(16).fill(160) };
      yield { width: 8, height: 8, luma, chroma };
    }
  },
};

test('a film becomes JPEGs with a rest before and after it', async () => {
  const file = join(folder, 'film.mjpeg');
  const beforeS = await writeCameraFilm(file, film, { before: 3, after: 2 });
  const pictures = await readPictures(file);
  const before = Math.round(beforeS * cameraFramesPerSecond);
  expect(beforeS).toBeGreaterThanOrEqual(3);
  const levels = pictures.map(({ level }) => level);
  // The film itself is whole.
  levels.slice(before, before + 60).forEach((level, k) => {
    expect(Math.abs(level - (60 + 2 * k))).toBeLessThan(4);
  });
  // Its rests are of its first and last pictures, and no picture is like the one before.
  expect(Math.max(...levels.slice(0, before))).toBeLessThan(60 + 2 * 22);
  const after = levels.slice(before + 60);
  expect(after.length).toBeGreaterThan(1.9 * cameraFramesPerSecond);
  expect(Math.min(...after)).toBeGreaterThan(60 + 2 * 37);
  levels.slice(1).forEach((level, k) => {
    const step = Math.abs(level - (levels[k] ?? 0));
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(5);
  });
});

test('its colours are those of the film', async () => {
  const file = join(folder, 'colours.mjpeg');
  await writeCameraFilm(file, film, { before: 1, after: 1 });
  const [{ red = 0, green = 0, blue = 0 } = {}] = await readPictures(file);
  expect(Math.abs(red - (60 + 1.402 * 32))).toBeLessThan(5);
  expect(Math.abs(green - (60 + 0.344 * 28 - 0.714 * 32))).toBeLessThan(5);
  expect(Math.abs(blue - (60 - 1.772 * 28))).toBeLessThan(5);
});

interface Seen {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly level: number;
}

async function readPictures(file: string): Promise<Seen[]> {
  const bytes = readFileSync(file);
  const starts: number[] = [];
  for (let at = bytes.indexOf('ffd8ff', 0, 'hex'); at !== -1;) {
    starts.push(at);
    at = bytes.indexOf('ffd8ff', at + 3, 'hex');
  }
  const seen: Seen[] = [];
  for (const [index, start] of starts.entries()) {
    const image = await loadImage(bytes.subarray(start, starts[index + 1]));
    const context = createCanvas(8, 8).getContext('2d');
    context.drawImage(image, 0, 0);
    const [red = 0, green = 0, blue = 0] = context.getImageData(4, 4, 1, 1).data;
    seen.push({ red, green, blue, level: 0.299 * red + 0.587 * green + 0.114 * blue });
  }
  return seen;
}
