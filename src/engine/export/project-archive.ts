import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { ZipFile } from 'yazl';

import {
  imagePages,
  iterationPages,
  toSourceIteration,
  trainedIterations,
} from './store-source.ts';
import type { SourceIteration } from './project-source.ts';
import type { IterationImage } from '../store/iteration-image-store.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import { archiveNames, archiveVersion } from './archive-format.ts';
import { writeWholeFile } from './whole-file.ts';

/** A file that cannot be written or read; the message names it and says what to do. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * Writes all of a project into one file, or no file.
 * @throws ArchiveError where the file is there already, PhotoError where a photo is damaged
 */
export async function exportProject(
  store: Store,
  project: Project,
  path: string,
  onProgress: (done: number, of: number) => void,
): Promise<{ readonly images: number; readonly iterations: number }> {
  if (await isThere(path)) {
    throw new ArchiveError(`${path} is there already; name another file, or take it away.`);
  }
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const writing = writeWholeFile(path, output);
  const filling = fill(zip, store, project, onProgress);
  // Whichever fails first ends the other.
  filling.catch((error: Error) => output.destroy(error));
  await writing;
  return filling;
}

async function fill(
  zip: ZipFile,
  store: Store,
  project: Project,
  onProgress: (done: number, of: number) => void,
): Promise<{ images: number; iterations: number }> {
  const entries = createEntries(zip, store);
  const { name, description, domainId, classificationType, settings } = project;
  const tags = store.tags.list(project.id);
  await entries.json(archiveNames.project, {
    format: 'freshlane-project',
    version: archiveVersion,
    id: randomUUID(),
    exportedAt: new Date().toISOString(),
    images: project.imageCount,
    project: { name, description, domainId, classificationType, settings },
    tags: tags.map(({ id, type, ...tag }) => ({
      id,
      name: tag.name,
      description: tag.description,
      type,
    })),
  });
  let images = 0;
  let batch = 0;
  for await (const page of imagePages(store, project.id, tags)) {
    onProgress(images, project.imageCount);
    batch += 1;
    await entries.json(archiveNames.images(batch), page);
    for (const { photo } of page) await entries.photo(photo);
    images += page.length;
  }
  onProgress(images, images);
  let iterations = 0;
  for (const iteration of trainedIterations(store, project.id)) {
    iterations += 1;
    const pages = iterationPages(store, iteration.id);
    await addIteration(entries, toSourceIteration(store, iteration), pages);
  }
  zip.end();
  return { images, iterations };
}

async function addIteration(
  entries: Entries,
  { head, ...iteration }: SourceIteration,
  pages: AsyncIterable<readonly IterationImage[]>,
): Promise<void> {
  const { number } = iteration;
  await entries.json(archiveNames.iteration(number), { ...iteration, hasHead: head !== null });
  if (head) await entries.bytes(archiveNames.head(number), async () => Buffer.from(head));
  let batch = 0;
  for await (const page of pages) {
    batch += 1;
    await entries.json(
      archiveNames.iterationImages(number, batch),
      page.map(({ validation, ...image }) => ({
        ...image,
        validation: validation && Buffer.from(validation).toString('base64'),
      })),
    );
    for (const { photo } of page) await entries.photo(photo);
  }
}

/** Each resolves when what it adds is being written, so that no more than that waits in memory. */
interface Entries {
  readonly json: (name: string, value: unknown) => Promise<void>;
  readonly bytes: (name: string, read: () => Promise<Buffer>) => Promise<void>;
  /** Once only, however often it is asked for. */
  readonly photo: (photo: string) => Promise<void>;
}

function createEntries(zip: ZipFile, store: Store): Entries {
  const written = new Set<string>();
  const add = (name: string, compress: boolean, read: () => Promise<Buffer>): Promise<void> =>
    new Promise((resolve, reject) => {
      zip.addReadStreamLazy(name, { compress }, (give) => {
        read().then(
          (bytes) => {
            give(null, Readable.from([bytes]));
            resolve();
          },
          (error: unknown) => {
            reject(error);
            give(error, Readable.from([]));
          },
        );
      });
    });
  return {
    json: (name, value) => add(name, true, async () => Buffer.from(JSON.stringify(value))),
    bytes: (name, read) => add(name, false, read),
    async photo(photo) {
      if (written.has(photo)) return;
      written.add(photo);
      await add(archiveNames.photo(photo), false, () => store.photos.read(photo));
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
