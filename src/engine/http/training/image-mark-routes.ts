import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { Box } from '../../domain/box.ts';
import type { Image } from '../../store/image-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import type { Tag } from '../../store/tag-store.ts';
import {
  checkedMetadata,
  checkedRegion,
  isNegativeWithOthers,
  regionSchema,
  tagsAllowed,
} from './batch.ts';
import { inputsOf, isId, jsonBody, tooMany } from './inputs.ts';
import { isDetection, projectOf } from './lookups.ts';

const tagsSchema = z.object({
  tags: z.array(z.object({ imageId: z.string(), tagId: z.string() })).nullish(),
});
const regionsSchema = z.object({
  regions: z.array(regionSchema.extend({ imageId: z.string() })).nullish(),
});
const metadataSchema = z.record(z.string(), z.string());

const path = '/projects/:projectId/images';

/** What is said of images that are there: their tags, regions and metadata. */
export function addImageMarkRoutes(
  server: FastifyInstance,
  { store }: { readonly store: Store },
): void {
  server.post(`${path}/tags`, async ({ params, body }) => {
    const project = projectOf(store, params);
    const pairs = (jsonBody(body, tagsSchema).tags ?? []).map(({ imageId, tagId }) => ({
      imageId: imageId.toLowerCase(),
      tagId: tagId.toLowerCase(),
    }));
    if (pairs.length > limits.imageTagsPerBatch) {
      throw tooMany('tags', limits.imageTagsPerBatch);
    }
    const images = knownImages(store, project, pairs);
    const tags = knownTags(store, project, pairs);
    const summary = sortedTags(project, images, tags, pairs);
    store.images.addTags(project.id, summary.created);
    return summary;
  });

  server.delete(`${path}/tags`, async ({ params, query }, reply) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    inputs.required('imageIds');
    inputs.required('tagIds');
    store.images.removeTags(
      project.id,
      inputs.ids('imageIds', limits.imagesPerBatch) ?? [],
      inputs.ids('tagIds', limits.tagsPerBatch) ?? [],
    );
    return reply.code(204).send();
  });

  server.post(`${path}/regions`, async ({ params, body }) => {
    const project = projectOf(store, params);
    if (!isDetection(project)) throw serviceErrors.wrongProjectType();
    const given = jsonBody(body, regionsSchema).regions ?? [];
    if (given.length > limits.regionsPerBatch) throw tooMany('regions', limits.regionsPerBatch);
    const regions = given.map((region) => ({
      ...checkedRegion(project, region),
      imageId: region.imageId.toLowerCase(),
    }));
    const images = knownImages(store, project, regions);
    const tags = knownTags(store, project, regions);
    if (regions.some(({ tagId }) => tags.get(tagId)?.type === 'Negative')) {
      throw badRequest('BadRequestImageRegions', 'A negative tag has no regions.');
    }
    const negative = store.tags.list(project.id).find(({ type }) => type === 'Negative');
    if (
      [...images.values()].some((image) => image.tags.some(({ tagId }) => tagId === negative?.id))
    ) {
      throw negativeAndRegular();
    }
    const { created, duplicated, exceeded } = sortedRegions(images, regions);
    const ids = store.images.addRegions(created);
    const kept = new Map(
      store.images
        .byIds(project.id, [...new Set(created.map(({ imageId }) => imageId))])
        .flatMap((image) => image.regions.map((region) => [region.regionId, region])),
    );
    return {
      created: created.map((region, index) => {
        const regionId = ids[index] ?? '';
        const { tagName, createdAt } = kept.get(regionId) ?? {};
        return { ...region, regionId, tagName, created: createdAt };
      }),
      duplicated,
      exceeded,
    };
  });

  server.delete(`${path}/regions`, async ({ params, query }, reply) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    inputs.required('regionIds');
    store.images.removeRegions(project.id, inputs.ids('regionIds', limits.regionsPerBatch) ?? []);
    return reply.code(204).send();
  });

  server.post(`${path}/metadata`, async ({ params, query, body }, reply) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    inputs.required('imageIds');
    const ids = inputs.ids('imageIds', limits.imagesPerPage) ?? [];
    const metadata = checkedMetadata(jsonBody(body, metadataSchema));
    const images = new Map(store.images.byIds(project.id, ids).map((image) => [image.id, image]));
    const entries = ids.map((imageId) => {
      const image = images.get(imageId);
      if (!image) return { imageId, status: 'ErrorImageNotFound', metadata: null };
      // Not found: whether the service replaces or adds. It can say that an image has too many.
      const next = { ...image.metadata, ...metadata };
      if (Object.keys(next).length > limits.metadataPairs) {
        return { imageId, status: 'ErrorLimitExceed', metadata: image.metadata };
      }
      store.images.setMetadata(project.id, [imageId], next);
      return { imageId, status: 'OK', metadata: next };
    });
    const isBatchSuccessful = entries.every(({ status }) => status === 'OK');
    return reply.code(isBatchSuccessful ? 200 : 207).send({ isBatchSuccessful, images: entries });
  });
}

interface TagPair {
  readonly imageId: string;
  readonly tagId: string;
}

/** @throws ServiceError where one is not there. */
function knownImages(
  store: Store,
  project: Project,
  pairs: readonly { readonly imageId: string }[],
): ReadonlyMap<string, Image> {
  const ids = [...new Set(pairs.map(({ imageId }) => imageId))];
  if (!ids.every(isId)) throw badRequest('BadRequestInvalidIds', 'An image id is no id.');
  const images = store.images.byIds(project.id, ids);
  if (images.length < ids.length) {
    throw badRequest('BadRequestInvalidIds', 'The project does not have all of these images.');
  }
  return new Map(images.map((image) => [image.id, image]));
}

/** @throws ServiceError where one is not there. */
function knownTags(
  store: Store,
  project: Project,
  pairs: readonly { readonly tagId: string }[],
): ReadonlyMap<string, Tag> {
  const tags = new Map(store.tags.list(project.id).map((tag) => [tag.id, tag]));
  if (!pairs.every(({ tagId }) => tags.has(tagId))) {
    throw badRequest('BadRequestInvalidIds', 'The project does not have all of these tags.');
  }
  return tags;
}

function negativeAndRegular() {
  return badRequest(
    'BadRequestNegativeAndRegularTagOnSameImage',
    'An image cannot have the negative tag together with another.',
  );
}

function sortedTags(
  project: Project,
  images: ReadonlyMap<string, Image>,
  tags: ReadonlyMap<string, Tag>,
  pairs: readonly TagPair[],
) {
  const created: TagPair[] = [];
  const duplicated: TagPair[] = [];
  const exceeded: TagPair[] = [];
  const tagIds = new Map(
    [...images].map(([id, image]) => [id, new Set(image.tags.map(({ tagId }) => tagId))]),
  );
  for (const pair of pairs) {
    const old = tagIds.get(pair.imageId) ?? new Set();
    const all = [...old, pair.tagId].map((id) => tags.get(id)).filter((tag) => tag !== undefined);
    if (old.has(pair.tagId)) duplicated.push(pair);
    else if (isNegativeWithOthers(all)) {
      throw negativeAndRegular();
    } else if (all.length > tagsAllowed(project)) exceeded.push(pair);
    else {
      created.push(pair);
      old.add(pair.tagId);
    }
  }
  return { created, duplicated, exceeded };
}

type PlacedRegion = z.infer<typeof regionSchema> & TagPair;

function sortedRegions(images: ReadonlyMap<string, Image>, regions: readonly PlacedRegion[]) {
  const created: PlacedRegion[] = [];
  const duplicated: PlacedRegion[] = [];
  const exceeded: PlacedRegion[] = [];
  const kept = new Map<string, (Box & { readonly tagId: string })[]>(
    [...images].map(([id, image]) => [id, [...image.regions]]),
  );
  for (const region of regions) {
    const old = kept.get(region.imageId) ?? [];
    if (old.some((each) => each.tagId === region.tagId && isSameBox(each, region))) {
      duplicated.push(region);
    } else if (old.length >= limits.regionsPerImage) exceeded.push(region);
    else {
      created.push(region);
      old.push(region);
    }
  }
  return { created, duplicated, exceeded };
}

function isSameBox(a: Box, b: Box): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}
