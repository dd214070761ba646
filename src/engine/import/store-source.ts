import { setImmediate } from 'node:timers/promises';

import type { Image } from '../store/image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import type { ProjectSource, SourceImage, SourceIteration } from './project-source.ts';

/** So few that whoever waits for a prediction meanwhile does not notice. */
const imagesAtOnce = 100;

/** A project of a store; what is added to it meanwhile may or may not come along. */
export function storeSource(
  store: Store,
  { id, ...project }: Project,
  signal?: AbortSignal,
): ProjectSource {
  const eachPage = async <T>(
    page: (skip: number) => readonly T[],
    visit: (items: readonly T[]) => void,
  ): Promise<void> => {
    for (let skip = 0; ; skip += imagesAtOnce) {
      const items = page(skip);
      if (items.length === 0) return;
      visit(items);
      await setImmediate();
      signal?.throwIfAborted();
    }
  };
  return {
    project,
    tags: store.tags.list(id),
    eachBatch: (take) =>
      eachPage(
        (skip) => store.images.list(id, {}, { order: 'Oldest', take: imagesAtOnce, skip }),
        (images) => take(images.map(toSourceImage)),
      ),
    async eachIteration(visitor) {
      for (const iteration of store.iterations.list(id).reverse()) {
        if (iteration.status !== 'Completed' && iteration.status !== 'Failed') continue;
        if (!visitor.begin(toSourceIteration(store, iteration))) continue;
        await eachPage(
          (skip) =>
            store.iterations.images(iteration.id, undefined, {
              order: 'Oldest',
              take: imagesAtOnce,
              skip,
            }),
          visitor.images,
        );
        visitor.end();
      }
    },
  };
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

function toSourceIteration(store: Store, iteration: Iteration): SourceIteration {
  const { id, projectId, publishedName: _1, publishResource: _2, ...rest } = iteration;
  const { contentRevision, ...kept } = rest;
  return {
    ...kept,
    head: store.iterations.head(id) ?? null,
    isCurrent: contentRevision === store.projects.get(projectId)?.contentRevision,
  };
}
