import type { Gate } from './gate.ts';
import { nearnessByTag, openness } from './gate.ts';
import { logits, softmax } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import type { Matrix } from './matrix.ts';
import { normalise, place } from './space.ts';
import type { Space } from './space.ts';

/** `Negative` is the service's word for "none of the products". */
export type TagType = 'Regular' | 'Negative';

export interface HeadTag {
  readonly id: string;
  readonly name: string;
  readonly type: TagType;
}

/** What a training makes: all that is needed to name what a backbone's features show. */
export interface Head {
  readonly backboneId: string;
  readonly featureCount: number;
  readonly tags: readonly HeadTag[];
  readonly space: Space;
  readonly model: LogisticModel;
  readonly temperature: number;
  /** One for each tag; those of Negative tags are not used. */
  readonly gates: readonly Gate[];
  /** Headings of taught photos of regular tags, and the index of each one's tag. */
  readonly references: Matrix;
  readonly referenceTags: readonly number[];
}

export interface TagProbability {
  readonly tag: HeadTag;
  readonly probability: number;
}

/** The probability of every tag, most probable first. Those of regular tags need not add up to 1. */
export function classify(head: Head, features: Float32Array): TagProbability[] {
  const { coordinates, heading } = place(head.space, normalise(features));
  const shares = softmax(logits(head.model, coordinates), head.temperature);
  const near = nearnessByTag(head.references, head.referenceTags, head.tags.length, heading);
  const passed = head.tags.map(({ type }, index) =>
    type === 'Regular' ? openness(head.gates[index]!, near[index]!) * (shares[index] ?? 0) : 0,
  );
  // What the gates take from the products is the Negative tag's.
  const rest = 1 - passed.reduce((sum, one) => sum + one, 0);
  return head.tags
    .map((tag, index) => ({ tag, probability: tag.type === 'Negative' ? rest : passed[index]! }))
    .toSorted((a, b) => b.probability - a.probability);
}
