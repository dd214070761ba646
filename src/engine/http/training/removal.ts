import { setImmediate as others } from 'node:timers/promises';

import type { Store } from '../../store/store.ts';

/** A hundred thousand rows at once would keep every other request waiting for seconds. */
const atOnce = 50;

/** In steps; `isEverywhere` takes them out of what iterations were trained on, too. */
export async function removeImages(
  store: Store,
  projectId: string,
  ids: readonly string[],
  isEverywhere: boolean,
): Promise<void> {
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce);
    const photos = store.images.remove(projectId, some);
    if (isEverywhere) photos.push(...store.iterationImages.forget(projectId, some));
    await store.dropUnused(photos);
  }
}

/** Images and iterations first, so that little is left for the step that takes all the rest. */
export async function removeProject(store: Store, projectId: string): Promise<void> {
  await removeImages(store, projectId, store.images.ids(projectId), true);
  for (const { id } of store.iterations.list(projectId)) {
    await removeIteration(store, projectId, id);
  }
  const photos = store.projects.remove(projectId);
  for (let at = 0; at < photos.length; at += atOnce) {
    await store.dropUnused(photos.slice(at, at + atOnce));
  }
}

/** In steps; a kill leaves one that says what became of it, and can be deleted again. */
export async function removeIteration(
  store: Store,
  projectId: string,
  iterationId: string,
): Promise<void> {
  store.iterations.abandon(
    iterationId,
    'The engine was stopped while it deleted this iteration. Delete it again.',
  );
  for (;;) {
    const photos = store.iterationImages.forgetSome(iterationId, atOnce);
    await store.dropUnused(photos);
    if (photos.length < atOnce) break;
    await others();
  }
  await store.dropUnused(store.iterations.remove(projectId, iterationId));
}

/** False where there is no such tag. */
export async function removeTag(store: Store, projectId: string, tagId: string): Promise<boolean> {
  const page = { order: 'Newest', take: atOnce, skip: 0 } as const;
  const tag = store.tags.get(projectId, tagId);
  if (!tag) return false;
  for (let left = tag.imageCount; left > atOnce; left -= atOnce) {
    const images = store.images.list(projectId, { tagIds: [tag.id] }, page);
    store.images.removeTags(
      projectId,
      images.map(({ id }) => id),
      [tag.id],
    );
    await others();
  }
  return store.tags.remove(projectId, tag.id);
}
