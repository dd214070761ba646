import { setImmediate } from 'node:timers/promises';

import type { Image } from '../store/image-store.ts';
import type { IterationImage } from '../store/iteration-image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import type { ProjectSource, SourceImage, SourceIteration } from './project-source.ts';

/** So few that whoever waits for a prediction meanwhile does not notice. */
const imagesAtOnce = 25;

/** A project of a store as it is now, without what is deleted meanwhile. */
export function storeSource(
  store: Store,
  { id, ...project }: Project,
  signal?: AbortSignal,
): ProjectSource {
  const tags = store.tags.list(id);
  return {
    project,
    tags,
    async eachBatch(take) {
      for await (const images of imagePages(store, id, tags)) {
        take(images);
        signal?.throwIfAborted();
      }
    },
    async eachIteration(visitor) {
      for (const iteration of trainedIterations(store, id)) {
        if (!visitor.begin(toSourceIteration(store, iteration))) continue;
        for await (const images of iterationPages(store, iteration.id)) {
          visitor.images(images);
          signal?.throwIfAborted();
        }
        visitor.end();
      }
    },
  };
}

/** Oldest first. */
export function trainedIterations(store: Store, projectId: string): Iteration[] {
  return store.iterations
    .list(projectId)
    .filter(({ status }) => status === 'Completed' || status === 'Failed')
    .reverse();
}

/** With those of their tags that are among the given ones: others are newer than these. */
export function imagePages(
  store: Store,
  projectId: string,
  tags: readonly { readonly id: string }[],
): AsyncIterable<readonly SourceImage[]> {
  const known = new Set(tags.map(({ id }) => id));
  return pages(store.images.ids(projectId), (ids) =>
    store.images.byIds(projectId, ids).map((image) => toSourceImage(image, known)),
  );
}

export function iterationPages(
  store: Store,
  iterationId: string,
): AsyncIterable<readonly IterationImage[]> {
  return pages(store.iterationImages.ids(iterationId), (ids) =>
    store.iterationImages.byIds(iterationId, ids),
  );
}

// By ids that were taken at the begin: counted places move up where something before is deleted. A
// page is given in the turn in which it is read: nobody removes its photos in between.
async function* pages<T>(
  ids: readonly string[],
  read: (ids: readonly string[]) => readonly T[],
): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < ids.length; start += imagesAtOnce) {
    yield read(ids.slice(start, start + imagesAtOnce));
    await setImmediate();
  }
}

function toSourceImage(
  { id, photo, width, height, metadata, tags, regions }: Image,
  knownTags: ReadonlySet<string>,
): SourceImage {
  return {
    id,
    photo,
    width,
    height,
    metadata,
    tagIds: tags.map(({ tagId }) => tagId).filter((tagId) => knownTags.has(tagId)),
    regions: regions
      .filter(({ tagId }) => knownTags.has(tagId))
      .map(({ tagId, left, top, width: wide, height: high }) => ({
        tagId,
        left,
        top,
        width: wide,
        height: high,
      })),
  };
}

export function toSourceIteration(store: Store, iteration: Iteration): SourceIteration {
  const { id, projectId, publishedName: _1, publishResource: _2, ...rest } = iteration;
  const { contentRevision, ...kept } = rest;
  return {
    ...kept,
    head: store.iterations.head(id) ?? null,
    isCurrent: contentRevision === store.projects.get(projectId)?.contentRevision,
  };
}
