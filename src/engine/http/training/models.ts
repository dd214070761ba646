import { z } from 'zod';

import { tagTypes } from '../../domain/tag-type.ts';
import { predictionAnswer } from '../predict.ts';

/** The shapes of the training API, as the engine's description gives them. */
const time = z.iso.datetime();
const id = z.uuid();

export const domainModel = z.strictObject({
  id,
  name: z.string(),
  type: z.enum(['Classification', 'ObjectDetection']),
  exportable: z.boolean(),
  enabled: z.boolean(),
  exportablePlatforms: z.array(z.string()),
  modelInformation: z.null(),
});

const settingsModel = z.strictObject({
  domainId: id,
  classificationType: z.enum(['Multiclass', 'Multilabel']).nullable(),
  targetExportPlatforms: z.array(z.string()),
  useNegativeSet: z.boolean(),
  detectionParameters: z.null(),
  imageProcessingSettings: z.strictObject({
    augmentationMethods: z.record(z.string(), z.boolean()),
  }),
});

export const projectModel = z.strictObject({
  id,
  name: z.string(),
  description: z.string(),
  settings: settingsModel,
  created: time,
  lastModified: time,
  thumbnailUri: z.url().nullable(),
  drModeEnabled: z.boolean(),
  status: z.string(),
});

export const tagModel = z.strictObject({
  id,
  name: z.string(),
  description: z.string(),
  type: z.enum(tagTypes),
  imageCount: z.int(),
});

const boxShape = { left: z.number(), top: z.number(), width: z.number(), height: z.number() };

const imageTagModel = z.strictObject({ tagId: id, tagName: z.string(), created: time });

const regionModel = z.strictObject({
  regionId: id,
  tagId: id,
  tagName: z.string(),
  created: time,
  ...boxShape,
});

export const imageModel = z.strictObject({
  id,
  created: time,
  width: z.int(),
  height: z.int(),
  resizedImageUri: z.url(),
  thumbnailUri: z.url(),
  originalImageUri: z.url(),
  tags: z.array(imageTagModel),
  regions: z.array(regionModel),
  metadata: z.record(z.string(), z.string()),
});

export const imageBatchModel = z.strictObject({
  isBatchSuccessful: z.boolean(),
  images: z.array(
    z.strictObject({
      sourceUrl: z.string(),
      status: z.string(),
      image: imageModel.nullable(),
    }),
  ),
});

export const iterationModel = z.strictObject({
  id,
  name: z.string(),
  status: z.enum(['New', 'Training', 'Completed', 'Failed']),
  created: time,
  lastModified: time,
  trainedAt: time.nullable(),
  projectId: id,
  exportable: z.boolean(),
  exportableTo: z.array(z.string()),
  domainId: id,
  classificationType: z.enum(['Multiclass', 'Multilabel']).nullable(),
  trainingType: z.enum(['Regular', 'Advanced']),
  reservedBudgetInHours: z.int(),
  trainingTimeInMinutes: z.int(),
  publishName: z.string().nullable(),
  originalPublishResourceId: z.string().nullable(),
  customBaseModelInfo: z.null(),
  trainingErrorDetails: z.string().nullable(),
});

export const suggestionModel = predictionAnswer.extend({ predictionUncertainty: z.number() });

/** Where the service's model says more than matters here. */
export const anyModel = z.looseObject({});

const entry = { tagIds: z.array(id).optional(), regions: z.array(anyModel).optional() };
const batchOf = (source: Readonly<Record<string, z.ZodType>>) =>
  z.object({
    images: z.array(z.object({ ...source, ...entry })),
    tagIds: z.array(id).optional(),
    metadata: z.record(z.string(), z.string()).optional(),
  });

export const bodies = {
  files: batchOf({ name: z.string().optional(), contents: z.base64() }),
  urls: batchOf({ url: z.url() }),
  predictions: batchOf({ id }),
  imageTags: z.object({ tags: z.array(z.object({ imageId: id, tagId: id })) }),
  regions: z.object({ regions: z.array(z.object({ imageId: id, tagId: id, ...boxShape })) }),
  metadata: z.record(z.string(), z.string()),
  project: z.object({
    name: z.string().optional(),
    description: z.string().optional(),
    settings: anyModel.optional(),
  }),
  tag: z.object({
    name: z.string().optional(),
    description: z.string().optional(),
    type: z.string().optional(),
  }),
  iteration: z.object({ name: z.string() }),
  predictionQuery: z.object({
    iterationId: id.optional(),
    orderBy: z.enum(['Newest', 'Oldest', 'Suggested']).optional(),
    startTime: time.optional(),
    endTime: time.optional(),
    maxCount: z.int().optional(),
    continuation: z.string().optional(),
    session: z.string().optional(),
    application: z.string().optional(),
    tags: z.array(anyModel).optional(),
  }),
  url: z.object({ url: z.url() }),
  training: z.object({
    selectedTags: z.array(id).optional(),
    customBaseModelInfo: z.null().optional(),
  }),
};
