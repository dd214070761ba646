import type { TagType } from '../domain/tag-type.ts';
import { calibrated } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import type { Acceptance } from './acceptance.ts';
import { acceptanceOf } from './acceptance.ts';
import { embeddingOf, nearnessByTag } from './embedding.ts';
import { logits, softmax } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import type { Matrix } from '../model/matrix.ts';

export interface HeadTag {
  readonly id: string;
  readonly name: string;
  /** What the tag was when it was taught; a GeneralProduct is learnt as a Regular one is. */
  readonly type: TagType;
}

interface AnyHead {
  readonly backboneId: string;
  readonly featureCount: number;
  readonly tags: readonly HeadTag[];
  /** Of embeddings; of a multilabel head each class is a regression of its own. */
  readonly model: LogisticModel;
}

/** Tags exclude one another. */
export interface MulticlassHead extends AnyHead {
  readonly kind: 'multiclass';
  readonly temperature: number;
  /** One for each tag; those of Negative tags are not used. */
  readonly acceptances: readonly Acceptance[];
  /** Embeddings of the sides of each tag's photos, and the index of each one's tag. */
  readonly prototypes: Matrix;
  readonly prototypeTags: readonly number[];
}

/** Each tag is there or not, whatever the others are. */
export interface MultilabelHead extends AnyHead {
  readonly kind: 'multilabel';
  /** One for each tag; those of Negative tags are not used. */
  readonly calibrations: readonly Calibration[];
}

/** What a training makes: all that is needed to name what a backbone's features show. */
export type Head = MulticlassHead | MultilabelHead;

export interface TagProbability {
  readonly tag: HeadTag;
  readonly probability: number;
}

/** The probability of every tag, most probable first. They need not add up to 1. */
export function classify(head: Head, features: Float32Array): TagProbability[] {
  const probabilities = probabilitiesOf(head, features);
  return head.tags
    .map((tag, index) => ({ tag, probability: probabilities[index]! }))
    .toSorted((a, b) => b.probability - a.probability);
}

/** The same in the order of the head's tags. */
export function probabilitiesOf(head: Head, features: Float32Array): number[] {
  const embedding = embeddingOf(features);
  const scores = logits(head.model, embedding);
  return head.kind === 'multiclass'
    ? exclusiveProbabilities(
        head,
        scores,
        nearnessByTag(head.prototypes, head.prototypeTags, head.tags.length, embedding),
      )
    : independentProbabilities(head, scores);
}

/** Under this nothing is left to be told apart. */
export const leastShare = 1e-12;

/** In the order of the tags; `near` is the cosine to the nearest prototype of each. */
export function exclusiveProbabilities(
  { tags, temperature, acceptances }: Pick<MulticlassHead, 'tags' | 'temperature' | 'acceptances'>,
  scores: Float64Array,
  near: ArrayLike<number>,
): number[] {
  const shares = [...softmax(scores, temperature)].map((share, index) =>
    tags[index]!.type === 'Negative' ? 0 : share,
  );
  // One for all, so that how near a picture is does not put one product before another: the
  // classifier knows that better. Where likely products are open, what is seen is one of them.
  const ofProducts = shares.reduce((sum, share) => sum + share, 0);
  const known =
    shares.reduce(
      (sum, share, index) => sum + share * acceptanceOf(acceptances[index]!, near[index]!),
      0,
    ) / Math.max(ofProducts, leastShare);
  const passed = shares.map((share) => share * known);
  // What no product is accepted with is the Negative tag's; rounding may leave less than none.
  const rest = Math.max(0, 1 - passed.reduce((sum, one) => sum + one, 0));
  return tags.map(({ type }, index) => (type === 'Negative' ? rest : passed[index]!));
}

/** In the order of the tags. */
export function independentProbabilities(
  { tags, calibrations }: Pick<MultilabelHead, 'tags' | 'calibrations'>,
  scores: Float64Array,
): number[] {
  const alone = tags.map(({ type }, index) =>
    type === 'Negative' ? 0 : calibrated(calibrations[index]!, scores[index]!),
  );
  // "None of the products": that each of them is not there.
  const none = alone.reduce((product, one) => product * (1 - one), 1);
  return tags.map(({ type }, index) => (type === 'Negative' ? none : alone[index]!));
}
