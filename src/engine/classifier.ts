import { limits } from './limits.ts';
import type { Looker } from './looking/looker.ts';
import { checkPicture, plainView } from './model/picture.ts';
import { serviceErrors } from './service-error.ts';
import type { Store } from './store/store.ts';
import type { TagType } from './store/tag-store.ts';
import { HeadError, readHead } from './training/head-file.ts';
import { classify } from './training/head.ts';
import type { Head, HeadTag, TagProbability } from './training/head.ts';

/** Names what a picture shows by the head of an iteration. */
export interface Classifier {
  /** Loads the head ahead of its first picture. @throws ServiceError */
  readonly warm: (iterationId: string) => void;
  /** The head of an iteration, which is kept for its next picture. @throws ServiceError */
  readonly headOf: (iterationId: string) => Head;
  /** What the tag was in its project, which a head does not tell. @throws ServiceError */
  readonly typeOf: (iterationId: string, tag: HeadTag) => TagType;
  /** @throws PictureError, ServiceError */
  readonly classify: (iterationId: string, picture: Uint8Array) => Promise<TagProbability[]>;
}

interface Loaded {
  readonly head: Head;
  readonly generalProduct: string | undefined;
}

export function createClassifier(store: Store, looker: Looker): Classifier {
  const heads = new Map<string, Loaded>();

  function loadedOf(iterationId: string): Loaded {
    const loaded = heads.get(iterationId) ?? {
      head: loadHead(iterationId),
      generalProduct: store.iterations.generalProduct(iterationId),
    };
    // Entered anew at each use, so the first one in the map is the one longest unused.
    heads.delete(iterationId);
    heads.set(iterationId, loaded);
    const [oldest] = heads.keys();
    if (heads.size > limits.headsInMemory && oldest !== undefined) heads.delete(oldest);
    return loaded;
  }

  function loadHead(iterationId: string): Head {
    const file = store.iterations.head(iterationId);
    if (!file) throw serviceErrors.iterationNotFound();
    try {
      return readHead(file, looker.backboneId);
    } catch (error) {
      if (!(error instanceof HeadError)) throw error;
      throw store.iterations.isBeingReplaced(iterationId)
        ? serviceErrors.trainingAgain()
        : serviceErrors.modelUnusable(error.message);
    }
  }

  const headOf = (iterationId: string): Head => loadedOf(iterationId).head;

  return {
    headOf,
    typeOf: (iterationId, { id, type }) =>
      loadedOf(iterationId).generalProduct === id ? 'GeneralProduct' : type,
    warm(iterationId) {
      classify(headOf(iterationId), new Float32Array(looker.featureCount));
    },
    async classify(iterationId, picture) {
      checkPicture(picture, limits.predictionPictureBytes);
      const head = headOf(iterationId);
      const [features] = await looker.features(picture, [plainView]);
      if (!features) throw serviceErrors.unknown();
      return classify(head, features);
    },
  };
}
