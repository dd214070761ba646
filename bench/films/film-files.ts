import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { decodedFilm, decodeFilms } from './decoded-film.ts';
import type { DecodedFilm } from './decoded-film.ts';
import { filmDescriptionSchema } from './film-description.ts';
import type { FilmDescription } from './film-description.ts';
import { framingName, wholePicture } from './film.ts';
import type { Film } from './film.ts';

/** A film with its file open. */
export interface OpenFilm {
  readonly film: Film;
  close(): void;
}

interface DescribedFile {
  readonly name: string;
  readonly path: string;
  readonly description: FilmDescription;
}

/**
 * The films of a folder that have a description beside them, one after the other. What is wrong with
 * one is told, and the others come all the same.
 */
export async function* filmsOfFolder(
  folder: string,
  tell: (problem: string) => void,
  cache?: string,
): AsyncGenerator<OpenFilm> {
  const files: DescribedFile[] = [];
  for (const file of (await readdir(folder)).toSorted()) {
    if (extname(file) !== '.json') continue;
    try {
      files.push(await describedFile(folder, file));
    } catch (error) {
      tell(messageOf(error));
    }
  }
  await decodeFilms(
    files.map(({ path }) => path),
    cache,
  );
  for (const file of files) {
    try {
      yield await openFilm(file, cache);
    } catch (error) {
      tell(messageOf(error));
    }
  }
}

async function describedFile(folder: string, file: string): Promise<DescribedFile> {
  const text = await readFile(join(folder, file), 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${join(folder, file)} is no JSON: ${messageOf(error)}`, { cause: error });
  }
  const parsed = filmDescriptionSchema.safeParse(json);
  if (!parsed.success) {
    throw new Error(`${join(folder, file)} describes no film:\n${z.prettifyError(parsed.error)}`);
  }
  const path = join(folder, parsed.data.film);
  if (!existsSync(path)) throw new Error(`${join(folder, file)} names ${path}, which is missing.`);
  return { name: basename(file, '.json'), path, description: parsed.data };
}

async function openFilm(
  { name, path, description }: DescribedFile,
  cache?: string,
): Promise<OpenFilm> {
  const decoded = await decodedFilm(path, cache);
  try {
    return { film: filmOf(name, description, decoded), close: decoded.close };
  } catch (error) {
    decoded.close();
    throw error;
  }
}

function filmOf(name: string, description: FilmDescription, decoded: DecodedFilm): Film {
  const { width, height, timesMs } = decoded;
  const { fps, due, says, framings = [wholePicture(decoded)] } = description;
  for (const framing of framings) {
    const { left, top } = framing;
    if (left + framing.width > width || top + framing.height > height) {
      const size = `${width}×${height}`;
      throw new Error(`${name}: the framing ${framingName(framing)} leaves the film of ${size}.`);
    }
  }
  const lastMs = timesMs.at(-1) ?? 0;
  const durationS = (lastMs + (timesMs.length > 1 ? lastMs / (timesMs.length - 1) : 0)) / 1000;
  return {
    name,
    kind: name,
    seed: null,
    width,
    height,
    durationS,
    rates: fps,
    framings,
    due,
    says,
    *pictures(framesPerSecond) {
      let index = 0;
      for (let k = 0; k / framesPerSecond < durationS; k += 1) {
        while ((timesMs[index + 1] ?? Infinity) <= (k / framesPerSecond) * 1000 + roundingMs) {
          index += 1;
        }
        yield decoded.frame(index);
      }
    },
  };
}

/** Times are written in whole milliseconds, which is not what they were. */
const roundingMs = 1;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
