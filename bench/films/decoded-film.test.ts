import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { electronFile } from '../kiosk.ts';
import { decodedFilm, decodeFilms } from './decoded-film.ts';

/** 48×32 at 10 pictures a second: a square of 8×16 that moves right by its width, five times. */
const grey = resolve('bench/films/fixtures/square-moves.mkv');
const colour = resolve('bench/films/fixtures/red-square-moves.mp4');

let folder: string;
let cache: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-films-'));
  cache = join(folder, 'cache');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Setting up the tests fetches it; by itself a test run may lack it.
test.skipIf(!existsSync(electronFile))(
  'Electron decodes films, and their pictures are read in any order',
  async () => {
    const broken = join(folder, 'broken.mkv');
    writeFileSync(broken, 'no film');
    const folders = await decodeFilms([grey, colour, broken], cache);
    expect(readdirSync(cache)).toHaveLength(3);
    expect(new Set(folders.values()).size).toBe(3);

    const square = await decodedFilm(grey, cache);
    expect(square).toMatchObject({
      width: 48,
      height: 32,
      isGrey: true,
      coding: { fullRange: false },
    });
    expect(square.timesMs.map((timeMs) => Math.round(timeMs))).toEqual([0, 100, 200, 300, 400]);
    for (const index of [3, 0, 4, 1, 2]) {
      const { luma, chroma } = square.frame(index);
      expect(chroma).toBeNull();
      const middles = [0, 1, 2, 3, 4, 5].map((column) => luma[16 * 48 + column * 8 + 4] ?? 0);
      expect(middles.map((value) => value > 200)).toEqual(
        [0, 1, 2, 3, 4, 5].map((column) => column === index + 1),
      );
    }
    expect(() => square.frame(5)).toThrow('none of number 5');
    square.close();

    const red = await decodedFilm(colour, cache);
    const { chroma } = red.frame(2);
    expect(chroma?.cr[8 * 24 + 14]).toBeGreaterThan(200);
    expect(chroma?.cr[8 * 24 + 10]).toBeLessThan(150);
    red.close();

    await expect(decodedFilm(broken, cache)).rejects.toThrow(/broken\.mkv cannot be decoded/);
  },
);
