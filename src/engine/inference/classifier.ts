import { limits } from '../domain/limits.ts';
import type { FeatureExtractor } from './feature-extractor.ts';
import { plainView } from '../model/picture.ts';
import { serviceErrors } from '../domain/service-error.ts';
import type { Store } from '../store/store.ts';
import { HeadError, readHead } from '../training/head-file.ts';
import { classify } from '../training/head.ts';
import type { Head, TagProbability } from '../training/head.ts';

/** Names what a picture shows by the head of an iteration. */
export interface Classifier {
  /** Loads the head ahead of its first picture. @throws ServiceError */
  readonly warm: (iterationId: string) => void;
  /** The head of an iteration, which is kept for its next picture. @throws ServiceError */
  readonly headOf: (iterationId: string) => Head;
  /** @throws PictureError, ServiceError */
  readonly classify: (iterationId: string, picture: Uint8Array) => Promise<Classified>;
}

export interface Classified {
  readonly named: readonly TagProbability[];
  /** Of the picture, as the backbone gave them. */
  readonly features: Float32Array;
}

export function createClassifier(store: Store, extractor: FeatureExtractor): Classifier {
  const heads = new Map<string, Head>();

  function headOf(iterationId: string): Head {
    const head = heads.get(iterationId) ?? loadHead(iterationId);
    // Entered anew at each use, so the first one in the map is the one longest unused.
    heads.delete(iterationId);
    heads.set(iterationId, head);
    const [oldest] = heads.keys();
    if (heads.size > limits.headsInMemory && oldest !== undefined) heads.delete(oldest);
    return head;
  }

  function loadHead(iterationId: string): Head {
    const file = store.iterations.head(iterationId);
    if (!file) throw serviceErrors.iterationNotFound();
    try {
      return readHead(file, extractor.backboneId);
    } catch (error) {
      if (!(error instanceof HeadError)) throw error;
      throw store.iterations.isBeingReplaced(iterationId)
        ? serviceErrors.trainingAgain()
        : serviceErrors.modelUnusable(error.message);
    }
  }

  return {
    headOf,
    warm(iterationId) {
      classify(headOf(iterationId), new Float32Array(extractor.featureCount));
    },
    async classify(iterationId, picture) {
      const head = headOf(iterationId);
      const [features] = await extractor.features(picture, [plainView]);
      if (!features) throw serviceErrors.unknown();
      return { named: classify(head, features), features };
    },
  };
}
