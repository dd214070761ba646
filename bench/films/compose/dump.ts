/**
 * Composes a film and writes it down, to be looked at or to train by:
 *
 *   NAME.png     pictures of all of it
 *   NAME.json    what is due, as in `../shared/films`, and how the rest is to be read
 *   NAME.y4m     with --y4m: the film, for Chromium's pretended camera
 *   NAME.thumbs  with --thumbs: grey, cb, cr, labels and things of each picture, a byte a pixel each,
 *                one picture behind the other
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { filmThumb } from '../film-thumb.ts';
import { wholePicture } from '../film.ts';
import { missingAssets } from './assets.ts';
import { composeFilm, planFilm } from './composed-film.ts';
import type { ComposedFilm } from './composed-film.ts';
import { contactSheet } from './contact-sheet.ts';
import type { SheetPicture } from './contact-sheet.ts';
import { kindNames } from './kinds/kinds.ts';
import type { KindName } from './kinds/kinds.ts';
import { label } from './render.ts';
import { writeY4m } from './y4m.ts';

const usage = 'node scripts/compose-film.mjs KIND SEED FOLDER [--width 320] [--y4m] [--thumbs]';
const sheetPictures = 36;
const sheetColumns = 6;

const argumentsSchema = z.object({
  kind: z.custom<KindName>((value) => kindNames.some((name) => name === value), {
    error: `KIND is one of ${kindNames.join(', ')}`,
  }),
  seed: z.coerce.number({ error: 'SEED is a whole number' }).int().nonnegative(),
  folder: z.string({ error: 'FOLDER is where to write' }).min(1),
  width: z.coerce
    .number()
    .int()
    .min(64)
    .max(1280)
    .refine((width) => width % 2 === 0, { error: '--width is even' }),
  y4m: z.boolean(),
  thumbs: z.boolean(),
});

/** Writes what the command line asks for; false where it asks for nothing that is known. */
export async function dumpFilm(args: readonly string[]): Promise<boolean> {
  const asked = argumentsOf(args);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n${usage}\n`);
    return false;
  }
  const missing = missingAssets();
  if (missing !== null) {
    process.stderr.write(`There is nothing to compose films of: ${missing}.\n`);
    return false;
  }
  const film = await composeFilm(planFilm(asked.kind, asked.seed, asked.width));
  const [framesPerSecond = 30] = film.rates;
  const base = join(asked.folder, film.name);
  mkdirSync(asked.folder, { recursive: true });
  writeFileSync(`${base}.png`, contactSheet(sheetOf(film, framesPerSecond), sheetColumns));
  if (asked.y4m) writeY4m(`${base}.y4m`, film.pictures(framesPerSecond), framesPerSecond);
  const thumbs = asked.thumbs ? writeThumbs(`${base}.thumbs`, film, framesPerSecond) : null;
  writeFileSync(`${base}.json`, JSON.stringify(describe(film, thumbs), null, 2));
  return true;
}

function argumentsOf(args: readonly string[]): z.infer<typeof argumentsSchema> | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        width: { type: 'string', default: '320' },
        y4m: { type: 'boolean', default: false },
        thumbs: { type: 'boolean', default: false },
      },
    });
    const [kind, seed, folder] = positionals;
    const parsed = argumentsSchema.safeParse({ kind, seed, folder, ...values });
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sheetOf(film: ComposedFilm, framesPerSecond: number): SheetPicture[] {
  const step = (film.durationS * framesPerSecond) / sheetPictures;
  const sheet: SheetPicture[] = [];
  let index = 0;
  for (const picture of film.pictures(framesPerSecond)) {
    if (index >= sheet.length * step) sheet.push({ picture, atS: index / framesPerSecond });
    index += 1;
  }
  return sheet;
}

interface WrittenThumbs {
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

function writeThumbs(path: string, film: ComposedFilm, framesPerSecond: number): WrittenThumbs {
  const file = openSync(path, 'w');
  try {
    let [count, width, height] = [0, 0, 0];
    for (const { picture, labels, things } of film.labelledPictures(framesPerSecond)) {
      const thumb = filmThumb(picture, wholePicture(film), 0);
      ({ width, height } = thumb);
      if (thumb.chroma === undefined) throw new Error('A composed film has colours.');
      const planes = [thumb.grey, thumb.chroma.cb, thumb.chroma.cr];
      for (const plane of planes) writeSync(file, plane);
      for (const plane of [labels, things]) writeSync(file, sampled(plane, picture, thumb));
      count += 1;
    }
    return { width, height, count };
  } finally {
    closeSync(file);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is in the middle of the block that each pixel of a smaller picture stands for. */
function sampled(plane: Uint8Array, from: Size, to: Size): Uint8Array {
  const small = new Uint8Array(to.width * to.height);
  for (let y = 0, p = 0; y < to.height; y += 1) {
    const row = Math.floor(((y + 0.5) * from.height) / to.height) * from.width;
    for (let x = 0; x < to.width; x += 1, p += 1) {
      small[p] = plane[row + Math.floor(((x + 0.5) * from.width) / to.width)] ?? 0;
    }
  }
  return small;
}

function describe(film: ComposedFilm, thumbs: WrittenThumbs | null): object {
  return {
    film: `${film.name}.y4m`,
    made: true,
    size: [film.width, film.height],
    fps: film.rates,
    due: film.due.map(({ box, ...due }) => ({
      ...due,
      box: box && [box.left, box.top, box.right, box.bottom],
    })),
    says: film.says,
    things: [...film.products].map(([name, product]) => ({ name, product })),
    ...(thumbs && {
      thumbs: { ...thumbs, planes: ['grey', 'cb', 'cr', 'labels', 'things'], labels: label },
    }),
  };
}
