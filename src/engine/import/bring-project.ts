import { HeadError, readHead, writeHead } from '../training/head-file.ts';
import type { ImportedIteration } from '../store/iteration-store.ts';
import type { IterationImage } from '../store/iteration-image-store.ts';
import type { Store } from '../store/store.ts';
import type {
  IterationVisitor,
  ProjectSource,
  SourceIteration,
  SourceTag,
} from '../export/project-source.ts';

/**
 * Brings what the source has and the project does not have yet, under ids of its own; iterations
 * come unpublished. Broken off, it goes on where it was when it is called again.
 */
export async function bringProject(
  store: Store,
  projectId: string,
  source: ProjectSource,
): Promise<void> {
  const tagIds = bringTags(store, projectId, source.tags);
  await source.eachBatch((images) => {
    const there = store.imports.imageIds(
      projectId,
      images.map(({ id }) => id),
    );
    const missing = images.filter(({ id }) => !there.has(id));
    store.imports.addImages(
      projectId,
      missing.map(({ id, tagIds: tags, regions, ...image }) => ({
        ...image,
        sourceId: id,
        tagIds: tags.map(tagIds),
        regions: regions.map((region) => ({ ...region, tagId: tagIds(region.tagId) })),
      })),
    );
  });
  await source.eachIteration(iterationBringer(store, projectId, tagIds));
}

/** Gives what a tag of the source is here. */
export function bringTags(
  store: Store,
  projectId: string,
  tags: readonly SourceTag[],
): (sourceId: string) => string {
  const known = store.imports.tagIds(projectId);
  for (const { id, ...tag } of tags) {
    if (known.has(id)) continue;
    const here = store.tags.named(projectId, tag.name) ?? store.tags.create(projectId, tag);
    store.imports.setTag(projectId, id, here.id);
    known.set(id, here.id);
  }
  return (sourceId) => {
    const here = known.get(sourceId);
    if (here === undefined)
      throw new Error(`The source has no tag ${sourceId}: is it being changed? Try again.`);
    return here;
  };
}

function iterationBringer(
  store: Store,
  projectId: string,
  tagIds: (sourceId: string) => string,
): IterationVisitor {
  const { imports, iterations, iterationImages } = store;
  const there = iterations.numbers(projectId);
  let current: { readonly id: string; readonly iteration: ImportedIteration } | undefined;
  // A tag that an iteration knew may be gone from the project: it keeps its id.
  const tagIdOf = (sourceId: string): string => {
    try {
      return tagIds(sourceId);
    } catch {
      return sourceId;
    }
  };
  return {
    begin(source) {
      if (there.has(source.number)) return false;
      const iteration = renamed(store, projectId, source, tagIdOf);
      current = { id: iterations.beginImported(projectId, iteration), iteration };
      return true;
    },
    images(images) {
      if (!current) return;
      const ids = imports.imageIds(
        projectId,
        images.map(({ imageId }) => imageId),
      );
      iterationImages.add(
        current.id,
        images.map((image): IterationImage => ({
          ...image,
          imageId: ids.get(image.imageId) ?? image.imageId,
          labels: image.labels.map((label) => ({ ...label, tagId: tagIdOf(label.tagId) })),
        })),
      );
    },
    end() {
      if (current) iterations.finishImported(current.id, current.iteration);
      current = undefined;
    },
  };
}

function renamed(
  store: Store,
  projectId: string,
  { isCurrent, head, tags, ...iteration }: SourceIteration,
  tagIdOf: (sourceId: string) => string,
): ImportedIteration {
  return {
    ...iteration,
    tags: tags.map((tag) => ({ ...tag, id: tagIdOf(tag.id) })),
    head: head && renamedHead(head, iteration.backboneId, tagIdOf),
    contentRevision: isCurrent ? (store.projects.get(projectId)?.contentRevision ?? 0) : 0,
  };
}

/** A head of another format or backbone cannot be used here either; it stays as it is. */
function renamedHead(
  file: Uint8Array,
  backboneId: string,
  tagIdOf: (sourceId: string) => string,
): Uint8Array {
  try {
    const head = readHead(file, backboneId);
    return writeHead({
      ...head,
      tags: head.tags.map((tag) => ({ ...tag, id: tagIdOf(tag.id) })),
    });
  } catch (error) {
    if (error instanceof HeadError) return file;
    throw error;
  }
}
