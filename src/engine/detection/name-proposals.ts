import type { Box } from '../domain/box.ts';
import { containmentOf, meanBox, withinPicture } from './boxes.ts';
import { overlapOf } from '../../shared/overlap.ts';
import type { Proposal } from './decode.ts';

/** Something found in a picture. */
export interface Detection {
  /** The place of its tag among the head's. */
  readonly tag: number;
  readonly probability: number;
  readonly box: Box;
}

/** A proposal with the probability of each regular tag, in the order of the head's. */
export interface NamedProposal extends Proposal {
  readonly probabilities: readonly number[];
}

/** What overlaps more than this is the same thing, seen twice. */
const mostOverlap = 0.4;
/** A part of a thing, or what is around it, is not another thing of its kind. */
const mostContainment = 0.7;
/** Two tags seldom lie in one place: only what is nearly the same box is one thing of two names. */
const mostOverlapOfOthers = 0.7;
/** What agrees so far on where a thing lies may say where its borders are. */
const agreement = 0.6;
const leastProbability = 0.01;
const mostDetections = 64;

/**
 * One detection for each thing, most probable first: non-maximum suppression tag by tag, and boxes
 * that are the mean of those which agree.
 */
export function nameProposals(proposals: readonly NamedProposal[]): Detection[] {
  const candidates = proposals
    .flatMap(({ box, objectness, probabilities }) =>
      probabilities.map((probability, tag) => ({
        tag,
        probability,
        box,
        weight: probability * objectness,
      })),
    )
    .filter(({ probability }) => probability >= leastProbability)
    // Of two that are as sure of the thing, the one that is surer of its borders comes first.
    .toSorted((a, b) => rank(b) - rank(a));
  const kept: typeof candidates = [];
  for (const one of candidates) {
    const isNew = kept.every(
      ({ tag, box }) =>
        overlapOf(box, one.box) <= (tag === one.tag ? mostOverlap : mostOverlapOfOthers) &&
        (tag !== one.tag || containmentOf(box, one.box) <= mostContainment),
    );
    if (isNew) kept.push(one);
  }
  return kept
    .map(({ tag, probability, box }) => ({
      tag,
      probability,
      box: withinPicture(
        meanBox(
          candidates.filter((each) => each.tag === tag && overlapOf(each.box, box) >= agreement),
        ),
      ),
    }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, mostDetections);
}

function rank({ probability, weight }: { probability: number; weight: number }): number {
  return Math.sqrt(probability * weight);
}
