import { setImmediate } from 'node:timers/promises';

import type { Image } from '../store/image-store.ts';
import type { Iteration, IterationImage } from '../store/iteration-store.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import type { ProjectSource, SourceImage, SourceIteration } from './project-source.ts';

/** So few that whoever waits for a prediction meanwhile does not notice. */
const imagesAtOnce = 25;

/** A project of a store; what is added to it meanwhile may or may not come along. */
export function storeSource(
  store: Store,
  { id, ...project }: Project,
  signal?: AbortSignal,
): ProjectSource {
  return {
    project,
    tags: store.tags.list(id),
    async eachBatch(take) {
      for await (const images of imagePages(store, id)) {
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

export function imagePages(store: Store, projectId: string): AsyncIterable<readonly SourceImage[]> {
  return pages((skip) =>
    store.images
      .list(projectId, {}, { order: 'Oldest', take: imagesAtOnce, skip })
      .map(toSourceImage),
  );
}

export function iterationPages(
  store: Store,
  iterationId: string,
): AsyncIterable<readonly IterationImage[]> {
  return pages((skip) =>
    store.iterations.images(iterationId, undefined, { order: 'Oldest', take: imagesAtOnce, skip }),
  );
}

// A page is given in the turn in which it is read: nobody removes its photos in between.
async function* pages<T>(read: (skip: number) => readonly T[]): AsyncGenerator<readonly T[]> {
  for (let skip = 0; ; skip += imagesAtOnce) {
    const page = read(skip);
    if (page.length === 0) return;
    yield page;
    await setImmediate();
  }
}

function toSourceImage({ id, photo, width, height, metadata, tags, regions }: Image): SourceImage {
  return {
    id,
    photo,
    width,
    height,
    metadata,
    tagIds: tags.map(({ tagId }) => tagId),
    regions: regions.map(({ tagId, left, top, width: wide, height: high }) => ({
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
