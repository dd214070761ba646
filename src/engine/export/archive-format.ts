import { z } from 'zod';

import { tagTypes } from '../domain/tag-type.ts';

/*
 * A project as a zip: `freshlane-project.json`, then batches of images, each followed by those of its
 * photos that are new, then the iterations with the images that they were trained on. In this order
 * it is written and read, so that neither holds more than a batch.
 */

export const archiveVersion = 1;

export const archiveNames = {
  project: 'freshlane-project.json',
  images: (batch: number): string => `images/${number(batch)}.json`,
  photo: (photo: string): string => `photos/${photo}`,
  iteration: (iteration: number): string => `iterations/${number(iteration)}/iteration.json`,
  head: (iteration: number): string => `iterations/${number(iteration)}/head`,
  iterationImages: (iteration: number, batch: number): string =>
    `iterations/${number(iteration)}/images/${number(batch)}.json`,
} as const;

const number = (value: number): string => String(value).padStart(6, '0');

const photo = z.string().regex(/^[\da-f]{64}$/);
const fraction = z.number();
const box = { left: fraction, top: fraction, width: fraction, height: fraction };
const tag = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.enum(tagTypes),
});
const classificationType = z.enum(['Multiclass', 'Multilabel']);

export const projectSchema = z.object({
  format: z.literal('freshlane-project'),
  version: z.int(),
  /** Of this archive; tells a second try from another import. */
  id: z.string(),
  exportedAt: z.string(),
  images: z.int().nonnegative(),
  project: z.object({
    name: z.string().min(1),
    description: z.string(),
    domainId: z.string(),
    classificationType,
    settings: z.object({
      targetExportPlatforms: z.array(z.string()).exactOptional(),
      imageProcessing: z
        .object({ augmentationMethods: z.record(z.string(), z.boolean()).exactOptional() })
        .exactOptional(),
    }),
  }),
  tags: z.array(tag),
});

export const imagesSchema = z.array(
  z.object({
    id: z.string(),
    photo,
    width: z.int().positive(),
    height: z.int().positive(),
    metadata: z.record(z.string(), z.string()),
    tagIds: z.array(z.string()),
    regions: z.array(z.object({ tagId: z.string(), ...box })),
  }),
);

export const iterationSchema = z.object({
  number: z.int().positive(),
  name: z.string(),
  status: z.enum(['Completed', 'Failed']),
  backboneId: z.string(),
  fingerprint: z.string(),
  report: z.unknown(),
  domainId: z.string(),
  classificationType,
  trainingType: z.enum(['Regular', 'Advanced']),
  reservedHours: z.number(),
  createdAt: z.string(),
  modifiedAt: z.string(),
  trainedAt: z.string().nullable(),
  trainingMs: z.number(),
  errorDetails: z.string().nullable(),
  tags: z.array(tag.extend({ imageCount: z.int() })),
  isCurrent: z.boolean(),
  hasHead: z.boolean(),
});

export const iterationImagesSchema = z.array(
  z.object({
    imageId: z.string(),
    photo,
    width: z.int().positive(),
    height: z.int().positive(),
    createdAt: z.string(),
    labels: z.array(
      z.object({
        tagId: z.string(),
        left: fraction.exactOptional(),
        top: fraction.exactOptional(),
        width: fraction.exactOptional(),
        height: fraction.exactOptional(),
      }),
    ),
    /** Base64. */
    validation: z.string().nullable(),
  }),
);
