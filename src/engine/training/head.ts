import type { Gate } from './gate.ts';
import { nearnessTo, openness } from './gate.ts';
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
  readonly gate: Gate;
  /** Headings of taught photos of regular tags. */
  readonly references: Matrix;
}

export interface TagProbability {
  readonly tag: HeadTag;
  readonly probability: number;
}

/** The probability of every tag, most probable first. Those of regular tags need not add up to 1. */
export function classify(head: Head, features: Float32Array): TagProbability[] {
  const { coordinates, heading } = place(head.space, normalise(features));
  const shares = softmax(logits(head.model, coordinates), head.temperature);
  const open = openness(head.gate, nearnessTo(head.references, heading));
  return head.tags
    .map((tag, index) => ({ tag, probability: gated(tag, shares[index] ?? 0, open) }))
    .toSorted((a, b) => b.probability - a.probability);
}

// What the gate takes from the products is the Negative tag's.
function gated(tag: HeadTag, share: number, open: number): number {
  return tag.type === 'Negative' ? 1 - open * (1 - share) : open * share;
}
