import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Classifier } from '../inference/classifier.ts';
import type { Finder } from '../inference/finder.ts';
import { noDetector } from '../detection/detector.ts';
import { limits } from '../domain/limits.ts';
import { checkPicture } from '../model/picture.ts';
import { serviceErrors } from '../domain/service-error.ts';
import type { Store } from '../store/store.ts';
import { tagTypes } from '../domain/tag-type.ts';
import type { TagProbability } from '../training/head.ts';
import type { Semaphore } from './semaphore.ts';

export interface PredictOptions {
  readonly store: Store;
  readonly classifier: Classifier;
  /** Undefined where the engine has no detector. */
  readonly finder: Finder | undefined;
  /** How many pictures are recognised at a time. */
  readonly enter: Semaphore;
}

export interface Question {
  readonly kind: 'classify' | 'detect';
  readonly projectId: string;
  readonly iterationId: string;
  readonly picture: Buffer;
  /** As many as a picture for prediction may have, where it is not given. */
  readonly mostBytes?: number;
  /** For later teaching. */
  readonly keep: boolean;
  /** Aborts where nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Told of the picture's features, of which a classification is made. */
  readonly onFeatures?: (features: Float32Array) => void;
}

export const predictionAnswer = z.object({
  id: z.uuid(),
  project: z.uuid(),
  iteration: z.uuid(),
  created: z.iso.datetime(),
  predictions: z.array(
    z.object({
      probability: z.number(),
      tagId: z.uuid(),
      tagName: z.string(),
      tagType: z.enum(tagTypes),
      boundingBox: z
        .object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })
        .optional(),
    }),
  ),
});

export type PredictionAnswer = z.infer<typeof predictionAnswer>;

export function createPredict({
  store,
  classifier,
  finder,
  enter,
}: PredictOptions): (question: Question) => Promise<PredictionAnswer> {
  const answer = async ({ kind, iterationId, picture, mostBytes, onFeatures }: Question) => {
    checkPicture(picture, mostBytes ?? limits.predictionPictureBytes);
    if (kind === 'classify') {
      const { named, features } = await classifier.classify(iterationId, picture);
      onFeatures?.(features);
      return named.map(toPrediction);
    }
    if (!finder) throw serviceErrors.notOffered(noDetector);
    const found = await finder.find(iterationId, picture);
    return found.map(({ box, ...named }) => {
      const { left, top, width, height } = box;
      return { ...toPrediction(named), boundingBox: { left, top, width, height } };
    });
  };
  return async (question) => {
    const { projectId, iterationId, picture, keep, signal } = question;
    // Not while it is looked at: that takes a moment, and the thread cannot be held up in it.
    const predictions = await enter(() => answer(question), signal);
    const prediction = {
      id: randomUUID(),
      project: projectId,
      iteration: iterationId,
      created: new Date().toISOString(),
      predictions,
    };
    if (!keep) return prediction;
    const replaced = await store.keeping(async (keepPhoto) => {
      const photo = await keepPhoto(picture);
      // It may have been deleted while the picture was recognised.
      if (!store.projects.get(projectId)) throw serviceErrors.projectNotFound();
      return store.predictions.keep({
        id: prediction.id,
        projectId,
        iterationId,
        photo,
        predictions: prediction.predictions,
        createdAt: prediction.created,
      });
    });
    await store.dropUnused(replaced);
    return prediction;
  };
}

function toPrediction({ tag, probability }: TagProbability) {
  return { probability, tagId: tag.id, tagName: tag.name, tagType: tag.type };
}
