import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Classifier } from '../classifier.ts';
import type { Store } from '../store/store.ts';
import type { TagProbability } from '../training/head.ts';
import type { Turnstile } from './turnstile.ts';

export interface PredictOptions {
  readonly store: Store;
  readonly classifier: Classifier;
  /** How many pictures are recognised at a time. */
  readonly enter: Turnstile;
}

export interface Question {
  readonly projectId: string;
  readonly iterationId: string;
  readonly picture: Buffer;
  /** For later teaching. */
  readonly keep: boolean;
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
      tagType: z.enum(['Regular', 'Negative', 'GeneralProduct']),
    }),
  ),
});

export type PredictionAnswer = z.infer<typeof predictionAnswer>;

export function createPredict({
  store,
  classifier,
  enter,
}: PredictOptions): (question: Question) => Promise<PredictionAnswer> {
  return async ({ projectId, iterationId, picture, keep }) => {
    const ranked = await enter(() => classifier.classify(iterationId, picture));
    const prediction = {
      id: randomUUID(),
      project: projectId,
      iteration: iterationId,
      created: new Date().toISOString(),
      predictions: ranked.map(toPrediction),
    };
    if (!keep) return prediction;
    const replaced = await store.keeping(async (keepPhoto) =>
      store.predictions.keep({
        id: prediction.id,
        projectId,
        iterationId,
        photo: await keepPhoto(picture),
        predictions: prediction.predictions,
        createdAt: prediction.created,
      }),
    );
    await store.dropUnused(replaced);
    return prediction;
  };
}

function toPrediction({ tag, probability }: TagProbability) {
  return { probability, tagId: tag.id, tagName: tag.name, tagType: tag.type };
}
