import type { Classifier } from './classifier.ts';
import { limits } from '../domain/limits.ts';
import type { FeatureExtractor } from './feature-extractor.ts';
import { checkPicture } from '../model/picture.ts';
import type { Box } from '../domain/box.ts';
import { probabilitiesOf } from '../training/head.ts';
import type { HeadTag } from '../training/head.ts';
import { cropView } from '../detection/crop-features.ts';
import type { Proposal } from '../detection/decode.ts';
import { background } from '../training/fit-detection.ts';
import { nameProposals } from '../detection/name-proposals.ts';

export interface FoundThing {
  readonly tag: HeadTag;
  readonly probability: number;
  readonly box: Box;
}

/** Finds things in a picture, and names them by the head of an iteration. */
export interface Finder {
  /** Most probable first. @throws PictureError, ServiceError */
  readonly find: (iterationId: string, picture: Uint8Array) => Promise<FoundThing[]>;
  /** Where something seems to lie, most likely first. @throws PictureError */
  readonly propose: (picture: Uint8Array) => Promise<Proposal[]>;
}

export interface FinderOptions {
  readonly classifier: Pick<Classifier, 'headOf'>;
  /** One with a detector. */
  readonly extractor: FeatureExtractor;
}

export function createFinder({ classifier, extractor }: FinderOptions): Finder {
  return {
    async find(iterationId, picture) {
      const head = classifier.headOf(iterationId);
      const proposals = await extractor.propose(picture);
      if (proposals.length === 0) return [];
      const rows = await extractor.features(
        picture,
        proposals.map(({ box }) => cropView(box)),
      );
      const places = head.tags.flatMap(({ id }, place) => (id === background.id ? [] : [place]));
      const named = proposals.map((proposal, index) => {
        const all = probabilitiesOf(head, rows[index]!);
        return { ...proposal, probabilities: places.map((place) => all[place]!) };
      });
      return nameProposals(named).map(({ tag, ...found }) => ({
        tag: head.tags[places[tag]!]!,
        ...found,
      }));
    },
    async propose(picture) {
      checkPicture(picture, limits.trainingPictureBytes);
      return extractor.propose(picture);
    },
  };
}
