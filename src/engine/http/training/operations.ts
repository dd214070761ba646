import { z } from 'zod';

import { tagTypes } from '../../domain/tag-type.ts';
import type { Operation } from '../operation.ts';
import {
  anyModel,
  bodies,
  domainModel,
  imageBatchModel,
  imageModel,
  iterationModel,
  projectModel,
  suggestionModel,
  tagModel,
} from './models.ts';

const id = z.uuid();
const ids = z.array(z.uuid());
const text = z.string();
const count = z.int();
const page = {
  orderBy: z.enum(['Newest', 'Oldest']).optional(),
  take: z.int().optional(),
  skip: z.int().optional(),
};
const iterationId = id.optional();
const tagIds = ids.optional();
const partly = { alsoStatus: 207 } as const;

interface Details extends Partial<Omit<Operation, 'id' | 'summary' | 'query'>> {
  readonly query?: z.ZodRawShape;
}

function operation(id: string, summary: string, { query, ...rest }: Details): Operation {
  return { answer: null, ...rest, id, summary, ...(query && { query: z.object(query) }) };
}

const project = '/projects/:projectId';
const images = `${project}/images`;
const iteration = `${project}/iterations/:iterationId`;
const tag = `${project}/tags/:tagId`;

/** What each call of the training API does, by its method and its path below the prefix. */
export const trainingOperations: Readonly<Record<string, Operation>> = {
  'GET /domains': operation('GetDomains', 'Lists the domains.', { answer: z.array(domainModel) }),
  'GET /domains/:domainId': operation('GetDomain', 'Gives a domain.', { answer: domainModel }),

  'GET /projects': operation('GetProjects', 'Lists the projects.', {
    answer: z.array(projectModel),
  }),
  'POST /projects': operation('CreateProject', 'Makes a project.', {
    query: {
      name: text,
      description: text.optional(),
      domainId: id.optional(),
      classificationType: z.enum(['Multiclass', 'Multilabel']).optional(),
      targetExportPlatforms: z.array(text).optional(),
    },
    body: anyModel.optional(),
    answer: projectModel,
  }),
  [`GET ${project}`]: operation('GetProject', 'Gives a project.', { answer: projectModel }),
  [`PATCH ${project}`]: operation('UpdateProject', 'Changes a project.', {
    body: bodies.project,
    answer: projectModel,
  }),
  [`DELETE ${project}`]: operation('DeleteProject', 'Deletes a project with all it holds.', {}),
  [`GET ${project}/artifacts`]: operation('GetArtifact', 'Gives a picture by its path.', {
    query: { path: text },
    answer: text,
  }),
  [`GET ${project}/export`]: operation('ExportProject', 'Gives a token to copy a project by.', {
    answer: anyModel,
  }),
  'POST /projects/import': operation('ImportProject', 'Makes a copy of a project by its token.', {
    query: { token: text, name: text.optional() },
    answer: projectModel,
  }),

  [`GET ${project}/tags`]: operation('GetTags', 'Lists the tags.', {
    query: { iterationId },
    answer: z.array(tagModel),
  }),
  [`POST ${project}/tags`]: operation('CreateTag', 'Makes a tag.', {
    query: {
      name: text,
      description: text.optional(),
      type: z.enum(tagTypes).optional(),
    },
    answer: tagModel,
  }),
  [`GET ${tag}`]: operation('GetTag', 'Gives a tag.', { query: { iterationId }, answer: tagModel }),
  [`PATCH ${tag}`]: operation('UpdateTag', 'Changes a tag.', {
    body: bodies.tag,
    answer: tagModel,
  }),
  [`DELETE ${tag}`]: operation('DeleteTag', 'Deletes a tag.', {}),

  [`POST ${images}`]: operation('CreateImagesFromData', 'Adds pictures that are sent.', {
    query: { tagIds },
    body: 'picture',
    answer: imageBatchModel,
    ...partly,
  }),
  [`POST ${images}/files`]: operation('CreateImagesFromFiles', 'Adds pictures in base64.', {
    body: bodies.files,
    answer: imageBatchModel,
    ...partly,
  }),
  [`POST ${images}/urls`]: operation('CreateImagesFromUrls', 'Adds pictures by their URLs.', {
    body: bodies.urls,
    answer: imageBatchModel,
    ...partly,
  }),
  [`POST ${images}/predictions`]: operation(
    'CreateImagesFromPredictions',
    'Adds pictures that were kept when they were recognised.',
    { body: bodies.predictions, answer: imageBatchModel, ...partly },
  ),
  [`GET ${images}`]: operation('GetImages', 'Lists images.', {
    query: {
      iterationId,
      tagIds,
      taggingStatus: z.enum(['All', 'Tagged', 'Untagged']).optional(),
      $filter: text.optional(),
      ...page,
    },
    answer: z.array(imageModel),
  }),
  [`GET ${images}/count`]: operation('GetImageCount', 'Counts images.', {
    query: {
      iterationId,
      taggingStatus: z.enum(['All', 'Tagged', 'Untagged']).optional(),
      $filter: text.optional(),
      tagIds,
    },
    answer: count,
  }),
  [`GET ${images}/id`]: operation('GetImagesByIds', 'Gives images by their ids.', {
    query: { imageIds: ids.optional(), iterationId },
    answer: z.array(imageModel),
  }),
  [`GET ${images}/tagged`]: operation('GetTaggedImages', 'Lists tagged images.', {
    query: { iterationId, tagIds, ...page },
    answer: z.array(imageModel),
  }),
  [`GET ${images}/tagged/count`]: operation('GetTaggedImageCount', 'Counts tagged images.', {
    query: { iterationId, tagIds },
    answer: count,
  }),
  [`GET ${images}/untagged`]: operation('GetUntaggedImages', 'Lists untagged images.', {
    query: { iterationId, ...page },
    answer: z.array(imageModel),
  }),
  [`GET ${images}/untagged/count`]: operation('GetUntaggedImageCount', 'Counts untagged images.', {
    query: { iterationId },
    answer: count,
  }),
  [`DELETE ${images}`]: operation('DeleteImages', 'Deletes images.', {
    query: {
      imageIds: ids.optional(),
      allImages: z.boolean().optional(),
      allIterations: z.boolean().optional(),
    },
    alsoStatus: 202,
  }),
  [`POST ${images}/metadata`]: operation('UpdateImageMetadata', 'Sets the metadata of images.', {
    query: { imageIds: ids },
    body: bodies.metadata,
    answer: anyModel,
    ...partly,
  }),
  [`POST ${images}/tags`]: operation('CreateImageTags', 'Tags images.', {
    body: bodies.imageTags,
    answer: anyModel,
  }),
  [`DELETE ${images}/tags`]: operation('DeleteImageTags', 'Takes tags off images.', {
    query: { imageIds: ids, tagIds: ids },
  }),
  [`POST ${images}/regions`]: operation('CreateImageRegions', 'Marks things in images.', {
    body: bodies.regions,
    answer: anyModel,
    ...partly,
  }),
  [`DELETE ${images}/regions`]: operation('DeleteImageRegions', 'Takes regions off images.', {
    query: { regionIds: ids },
  }),
  [`POST ${images}/:imageId/regionproposals`]: operation(
    'GetImageRegionProposals',
    'Says where things seem to lie in an image, whatever they are.',
    { answer: anyModel },
  ),
  [`POST ${images}/suggested`]: operation(
    'QuerySuggestedImages',
    'Is not offered, and says so with 501.',
    { query: { iterationId: id }, body: anyModel, answer: anyModel },
  ),
  [`POST ${images}/suggested/count`]: operation(
    'QuerySuggestedImageCount',
    'Is not offered, and says so with 501.',
    { query: { iterationId: id }, body: anyModel, answer: anyModel },
  ),
  [`POST ${project}/tagsandregions/suggestions`]: operation(
    'SuggestTagsAndRegions',
    'Says what untagged images seem to show.',
    { query: { iterationId: id, imageIds: ids }, answer: z.array(suggestionModel) },
  ),

  [`POST ${project}/train`]: operation('TrainProject', 'Trains a new iteration.', {
    query: {
      trainingType: z.enum(['Regular', 'Advanced']).optional(),
      reservedBudgetInHours: z.int().optional(),
      forceTrain: z.boolean().optional(),
      notificationEmailAddress: text.optional(),
    },
    body: bodies.training.optional(),
    answer: iterationModel,
  }),
  [`GET ${project}/iterations`]: operation('GetIterations', 'Lists the iterations.', {
    answer: z.array(iterationModel),
  }),
  [`GET ${iteration}`]: operation('GetIteration', 'Gives an iteration.', {
    answer: iterationModel,
  }),
  [`PATCH ${iteration}`]: operation('UpdateIteration', 'Renames an iteration.', {
    body: bodies.iteration,
    answer: iterationModel,
  }),
  [`DELETE ${iteration}`]: operation('DeleteIteration', 'Deletes an iteration.', {}),
  [`GET ${iteration}/performance`]: operation(
    'GetIterationPerformance',
    'Says how well an iteration does, by cross-validation.',
    {
      query: { threshold: z.number().optional(), overlapThreshold: z.number().optional() },
      answer: anyModel,
    },
  ),
  [`GET ${iteration}/performance/images`]: operation(
    'GetImagePerformances',
    'Says what the cross-validation made of each image.',
    { query: { tagIds, ...page }, answer: z.array(anyModel) },
  ),
  [`GET ${iteration}/performance/images/count`]: operation(
    'GetImagePerformanceCount',
    'Counts the images that the cross-validation looked at.',
    { query: { tagIds }, answer: count },
  ),
  [`POST ${iteration}/publish`]: operation('PublishIteration', 'Lets an iteration be asked.', {
    query: { publishName: text, predictionId: text, overwrite: z.boolean().optional() },
    answer: z.boolean(),
  }),
  [`DELETE ${iteration}/publish`]: operation(
    'UnpublishIteration',
    'Lets an iteration be asked no more.',
    {},
  ),
  [`POST ${iteration}/export`]: operation('ExportIteration', 'Begins to pack an iteration.', {
    query: { platform: text, flavor: text.optional() },
    answer: anyModel,
  }),
  [`GET ${iteration}/export`]: operation('GetExports', 'Lists the packages of an iteration.', {
    answer: z.array(anyModel),
  }),

  [`POST ${project}/quicktest/image`]: operation('QuickTestImage', 'Tries a picture.', {
    query: { iterationId, store: z.boolean().optional() },
    body: 'picture',
    answer: anyModel,
  }),
  [`POST ${project}/quicktest/url`]: operation('QuickTestImageUrl', 'Tries a picture by URL.', {
    query: { iterationId, store: z.boolean().optional() },
    body: bodies.url,
    answer: anyModel,
  }),
  [`POST ${project}/predictions/query`]: operation(
    'QueryPredictions',
    'Lists pictures that were kept when they were recognised.',
    { body: bodies.predictionQuery, answer: anyModel },
  ),
  [`DELETE ${project}/predictions`]: operation('DeletePrediction', 'Deletes kept pictures.', {
    query: { ids },
  }),
};
