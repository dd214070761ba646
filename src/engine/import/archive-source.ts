import { buffer } from 'node:stream/consumers';

import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { z } from 'zod';

import {
  archiveNames,
  archiveVersion,
  imagesSchema,
  iterationImagesSchema,
  iterationSchema,
  projectSchema,
} from '../export/archive-format.ts';
import { ArchiveError } from '../export/project-archive.ts';
import { limits } from '../domain/limits.ts';
import { checkPicture } from '../model/picture.ts';
import { photoName } from '../store/photo-files.ts';
import type { PhotoFiles } from '../store/photo-files.ts';
import type { Store } from '../store/store.ts';
import type { ProjectSource } from '../export/project-source.ts';

/** An archive of a project, read from its begin to its end, once. */
export interface Archive {
  /** Tells it from all others. */
  readonly id: string;
  readonly images: number;
  readonly source: ProjectSource;
  readonly close: () => void;
}

/** Far more than a batch has or a head of 500 tags takes. */
const mostJsonBytes = 64 * 1024 * 1024;
const mostHeadBytes = 256 * 1024 * 1024;

/** @throws ArchiveError where the file is no archive of a project or a newer version's */
export async function openArchive(path: string, store: Store): Promise<Archive> {
  const zip = await opened(path);
  const entries = createReader(path, zip);
  try {
    if ((await entries.nextName()) !== archiveNames.project) {
      throw new ArchiveError(`${path} is a zip, but not of an exported project.`);
    }
    const found = await entries.nextJson(projectSchema);
    if (found.version > archiveVersion) {
      throw new ArchiveError(
        `${path} was written by a newer version (format ${found.version}); this one reads up to ` +
          `${archiveVersion}. Update the engine.`,
      );
    }
    return {
      id: found.id,
      images: found.images,
      source: {
        project: found.project,
        tags: found.tags,
        async eachBatch(take) {
          while ((await entries.nextName())?.startsWith('images/')) {
            const images = await entries.nextJson(imagesSchema);
            await store.keeping(async (keep) => {
              await entries.photos(keep);
              entries.checkPhotos(images);
              take(images);
            });
          }
        },
        async eachIteration(visitor) {
          while ((await entries.nextName()) !== undefined) {
            const { hasHead, ...iteration } = await entries.nextJson(iterationSchema);
            const head = hasHead ? await entries.nextBytes(mostHeadBytes) : null;
            const isWanted = visitor.begin({ ...iteration, head });
            while ((await entries.nextName())?.includes('/images/')) {
              const images = await entries.nextJson(iterationImagesSchema);
              await store.keeping(async (keep) => {
                await entries.photos(keep);
                entries.checkPhotos(images);
                if (!isWanted) return;
                visitor.images(
                  images.map(({ validation, ...image }) => ({
                    ...image,
                    validation: validation === null ? null : Buffer.from(validation, 'base64'),
                  })),
                );
              });
            }
            if (isWanted) visitor.end();
          }
        },
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`${path} cannot be read as an exported project: ${words}`, {
      cause: error,
    });
  }
}

interface Reader {
  /** Undefined at the end. */
  readonly nextName: () => Promise<string | undefined>;
  readonly nextJson: <T>(schema: z.ZodType<T>) => Promise<T>;
  readonly nextBytes: (most: number) => Promise<Buffer>;
  /** Keeps all the photos that come next. */
  readonly photos: (keep: PhotoFiles['keep']) => Promise<void>;
  /** @throws ArchiveError where one has not come yet */
  readonly checkPhotos: (images: readonly { readonly photo: string }[]) => void;
}

function createReader(path: string, zip: ZipFile): Reader {
  const iterator = zip.eachEntry();
  let peeked: Entry | undefined;
  let isOver = false;
  const seen = new Set<string>();

  const damaged = (cause: unknown, name = ''): ArchiveError => {
    const words = cause instanceof Error ? cause.message : String(cause);
    const where = name === '' ? '' : ` at ${name}`;
    return new ArchiveError(`${path} is damaged${where}: ${words}`, { cause });
  };
  const peek = async (): Promise<Entry | undefined> => {
    if (peeked || isOver) return peeked;
    try {
      const next = await iterator.next();
      isOver = next.done === true;
      peeked = next.done === true ? undefined : next.value;
    } catch (error) {
      throw damaged(error);
    }
    return peeked;
  };
  const take = async (most: number): Promise<{ name: string; bytes: Buffer }> => {
    const entry = await peek();
    if (!entry) throw damaged('it ends too early');
    peeked = undefined;
    const name = entry.fileName;
    if (entry.uncompressedSize > most) throw damaged(`more than ${most} bytes`, name);
    try {
      return { name, bytes: await buffer(await zip.openReadStreamPromise(entry)) };
    } catch (error) {
      throw damaged(error, name);
    }
  };
  return {
    nextName: async () => (await peek())?.fileName,
    async nextJson(schema) {
      const { name, bytes } = await take(mostJsonBytes);
      try {
        return schema.parse(JSON.parse(bytes.toString('utf8')));
      } catch (error) {
        throw damaged(error, name);
      }
    },
    nextBytes: async (most) => (await take(most)).bytes,
    async photos(keep) {
      const folder = archiveNames.photo('');
      while ((await peek())?.fileName.startsWith(folder)) {
        const { name, bytes } = await take(limits.trainingPictureBytes);
        try {
          checkPicture(bytes, limits.trainingPictureBytes);
        } catch (error) {
          throw damaged(error, name);
        }
        if (photoName(bytes) !== name.slice(folder.length)) {
          throw damaged('it is not the photo that its name says', name);
        }
        seen.add(await keep(bytes));
      }
    },
    checkPhotos(images) {
      const lost = images.find(({ photo }) => !seen.has(photo));
      if (lost) throw damaged('it is not there', archiveNames.photo(lost.photo));
    },
  };
}
