import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { Box } from '../../domain/box.ts';
import type { NewRegion } from '../../store/image-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Tag } from '../../store/tag-store.ts';
import { isId, tooMany } from './inputs.ts';
import { isDetection } from './lookups.ts';

export type TagFault =
  | 'ErrorInvalidTag'
  | 'ErrorTagLimitExceed'
  | 'ErrorRegionLimitExceed'
  | 'ErrorNegativeAndRegularTagOnSameImage';

const idsSchema = z.array(z.string()).nullish();

export const regionSchema = z.object({
  tagId: z.string(),
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});

/** What every entry of a batch may say of its image. */
export const entryShape = {
  tagIds: idsSchema,
  regions: z.array(regionSchema).nullish(),
};

/** What a batch may say of all its images. */
export const batchShape = {
  tagIds: idsSchema,
  metadata: z.record(z.string(), z.string()).nullish(),
};

export interface Annotations {
  readonly tagIds: readonly string[];
  readonly regions: readonly NewRegion[];
}

interface GivenAnnotations {
  readonly tagIds?: readonly string[] | null | undefined;
  readonly regions?: readonly NewRegion[] | null | undefined;
}

/**
 * Each image's tags, with those that the batch gives to all, and its regions. Ids in small letters.
 * @throws ServiceError
 */
export function annotationsOf(
  project: Project,
  entries: readonly GivenAnnotations[],
  forAll: readonly string[] | null | undefined,
): Annotations[] {
  if (entries.length === 0) throw badRequest('BadRequestImageBatch', 'The batch has no images.');
  if (entries.length > limits.imagesPerBatch) throw tooMany('images', limits.imagesPerBatch);
  const annotations = entries.map(({ tagIds, regions }) => ({
    tagIds: knownForm([...(forAll ?? []), ...(tagIds ?? [])]),
    regions: (regions ?? []).map((region) => checkedRegion(project, region)),
  }));
  const all = new Set(annotations.flatMap(({ tagIds }) => tagIds));
  if (all.size > limits.tagsPerBatch) throw tooMany('tags in a batch', limits.tagsPerBatch);
  return annotations;
}

function knownForm(ids: readonly string[]): string[] {
  if (!ids.every(isId)) {
    throw badRequest('BadRequestInvalidIds', 'The batch has a tag id that is no id.');
  }
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** @throws ServiceError */
export function checkedRegion<T extends NewRegion>(project: Project, region: T): T {
  if (!isDetection(project)) {
    throw badRequest(
      'BadRequestImageRegions',
      'Only a project for object detection has regions; this one is for classification.',
    );
  }
  if (!isInside(region)) {
    throw badRequest(
      'BadRequestImageRegions',
      'A region must lie inside of its image: left, top, width and height are fractions of it, ' +
        'from 0 to 1.',
    );
  }
  const [tagId] = knownForm([region.tagId]);
  return { ...region, tagId: tagId ?? region.tagId };
}

// Clients round: an edge may lie this little outside.
const slack = 1e-4;

function isInside({ left, top, width, height }: Box): boolean {
  return (
    left >= -slack &&
    top >= -slack &&
    width > 0 &&
    height > 0 &&
    left + width <= 1 + slack &&
    top + height <= 1 + slack
  );
}

/** What speaks against an image's annotations. */
export function faultOf(
  project: Project,
  tags: ReadonlyMap<string, Tag>,
  { tagIds, regions }: Annotations,
): TagFault | undefined {
  const all = [...new Set([...tagIds, ...regions.map(({ tagId }) => tagId)])];
  const known = all.map((id) => tags.get(id)).filter((tag) => tag !== undefined);
  if (known.length < all.length) return 'ErrorInvalidTag';
  if (regions.some(({ tagId }) => tags.get(tagId)?.type === 'Negative')) return 'ErrorInvalidTag';
  if (isNegativeWithOthers(known)) return 'ErrorNegativeAndRegularTagOnSameImage';
  if (known.length > tagsAllowed(project)) return 'ErrorTagLimitExceed';
  if (regions.length > limits.regionsPerImage) return 'ErrorRegionLimitExceed';
  return undefined;
}

/** A negative image shows none of the things that the others teach. */
export function isNegativeWithOthers(tags: readonly Pick<Tag, 'type'>[]): boolean {
  return tags.length > 1 && tags.some(({ type }) => type === 'Negative');
}

/** Not found: the service's own words for a second tag in a multiclass project. */
export function tagsAllowed(project: Project): number {
  return project.classificationType === 'Multiclass' && !isDetection(project)
    ? 1
    : limits.tagsPerImage;
}

/** @throws ServiceError */
export function checkedMetadata(
  metadata: Readonly<Record<string, string>> | null | undefined,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(metadata ?? {});
  if (pairs.length > limits.metadataPairs) throw tooMany('metadata', limits.metadataPairs);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > limits.metadataKeyCharacters) {
      throw badRequest(
        'BadRequestImageMetadataKey',
        `A metadata key must have 1 to ${limits.metadataKeyCharacters} characters.`,
      );
    }
    if (value.length > limits.metadataValueCharacters) {
      throw badRequest(
        'BadRequestImageMetadataValue',
        `A metadata value may have at most ${limits.metadataValueCharacters} characters.`,
      );
    }
  }
  return metadata ?? {};
}
