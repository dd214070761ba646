import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { planesOfI420, sizeOfI420 } from './decode/i420.ts';
import { decodeResultSchema, framesFile, resultFile } from './decode/messages.ts';
import type { DecodedHead } from './decode/messages.ts';
import { runDecoder } from './decode/run-decoder.ts';
import type { FilmPicture } from './film.ts';

export interface DecodedFilm extends DecodedHead {
  /** Reads the picture of that number, as it was decoded, from the disk. */
  frame(index: number): FilmPicture;
  close(): void;
}

/** Raised when the same file is to be decoded differently. */
const layout = 3;

const defaultCache = resolve('.runtime', 'bench', 'films');

/** The film decoded; its pictures are kept in the cache for the next time. */
export async function decodedFilm(path: string, cache = defaultCache): Promise<DecodedFilm> {
  const folder = (await decodeFilms([path], cache)).get(path);
  if (folder === undefined) throw new Error(`${path} was not decoded.`);
  return openDecoded(path, folder);
}

/**
 * Sees to it that each film is decoded, in one start of Electron for all that are not yet; gives the
 * folder of each. What cannot be decoded is told when it is opened.
 */
export async function decodeFilms(
  paths: readonly string[],
  cache = defaultCache,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const path of paths) {
    const hash = createHash('sha256')
      .update(`${layout} `)
      .update(await readFile(path));
    folders.set(path, join(cache, hash.digest('hex').slice(0, 32)));
  }
  const missing = new Map(
    [...folders]
      .filter(([, folder]) => !existsSync(folder))
      .map(([path, folder]) => [folder, path]),
  );
  if (missing.size === 0) return folders;
  await mkdir(cache, { recursive: true });
  const workFolder = await mkdtemp(join(cache, 'unfinished-'));
  try {
    const jobs = [...missing].map(([, path], index) => ({
      id: String(index),
      path: resolve(path),
      folder: join(workFolder, String(index)),
    }));
    for (const job of jobs) await mkdir(job.folder);
    await runDecoder(jobs);
    for (const [index, folder] of [...missing.keys()].entries()) {
      await rename(join(workFolder, String(index)), folder).catch((error: unknown) => {
        // Another run was quicker.
        if (!existsSync(folder)) throw error;
      });
    }
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  return folders;
}

async function openDecoded(path: string, folder: string): Promise<DecodedFilm> {
  const text = await readFile(join(folder, resultFile), 'utf8');
  const result = decodeResultSchema.parse(JSON.parse(text));
  if ('error' in result) {
    // Another decoder may know better.
    await rm(folder, { recursive: true });
    throw new Error(`${path} cannot be decoded: ${result.error}`);
  }
  const { head } = result;
  const { width, height, timesMs, isGrey, coding } = head;
  const file = openSync(join(folder, framesFile), 'r');
  const size = sizeOfI420(width, height);
  return {
    ...head,
    frame(index) {
      if (!(index >= 0 && index < timesMs.length)) {
        throw new RangeError(
          `${path} has ${timesMs.length} pictures, and none of number ${index}.`,
        );
      }
      const picture = new Uint8Array(size);
      if (readSync(file, picture, 0, size, index * size) !== size) {
        throw new Error(`${folder} is damaged; remove it.`);
      }
      const { luma, cb, cr } = planesOfI420(picture, width, height);
      return { width, height, luma, chroma: isGrey ? null : { cb, cr, coding } };
    },
    close: () => closeSync(file),
  };
}
