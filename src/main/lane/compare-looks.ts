import type { Decision, Prediction, RecognitionResult } from '../recognition/recognition.ts';

/** What a photo of a thing came to. */
export interface Seen {
  readonly recognised: Extract<RecognitionResult, { kind: 'recognised' }>;
  readonly decision: Decision;
}

export type Comparison =
  /** The very thing, or one of the same product. */
  | 'same'
  /** Both are known, and they are different products. */
  | 'another'
  /** For the shopper to say. */
  | 'unclear';

/*
 * Both limits by `npm run bench -- second-look`: photos of a thing that was turned and shifted lie
 * above them, those of other things below. The same tag must lead as well, so that a swap has to
 * look alike in two ways before the wrong thing is sold.
 */

/** Cosine of two embeddings. */
const alikeCosine = 0.6;
/** What two lists of probabilities have in common: 1 for the same list. */
const alikeShare = 0.5;

/** What is known of the thing at one place of the tray, at one time. */
export interface Known {
  /** Null where it could not be photographed or recognised. */
  readonly seen: Seen | null;
  /** Null where the scale could not tell, or none is there. */
  readonly weightGrams: number | null;
}

/** A scale's readings of one thing differ by so much at most. */
const sameWeightGrams = 5;
const sameWeightShare = 0.03;

/**
 * Whether the same thing lies at a place of the tray as before. By the photos' embeddings where both
 * have one from the same endpoint, else by what was recognised; and by the weight.
 */
export function compareLooks(before: Known, now: Known): Comparison {
  if (before.seen === null || now.seen === null) return 'unclear';
  const comparison = compareSeen(before.seen, now.seen);
  if (comparison !== 'same' || before.weightGrams === null || now.weightGrams === null) {
    return comparison;
  }
  // As like as it looks, it has another price.
  const difference = Math.abs(now.weightGrams - before.weightGrams);
  const allowed = Math.max(sameWeightGrams, sameWeightShare * before.weightGrams);
  return difference > allowed ? 'unclear' : 'same';
}

function compareSeen(first: Seen, second: Seen): Comparison {
  if (areAlike(first, second)) return leadingTag(first) === leadingTag(second) ? 'same' : 'unclear';
  const [before, now] = [first.decision, second.decision];
  const known = before.kind === 'accept' && now.kind === 'accept';
  return known && before.productId !== now.productId ? 'another' : 'unclear';
}

function areAlike(first: Seen, second: Seen): boolean {
  const [one, other] = [first.recognised, second.recognised];
  // Another endpoint may have another model: its numbers mean other things.
  if (one.via !== other.via) return false;
  if (one.embedding !== undefined && one.embedding.length === other.embedding?.length) {
    return cosine(one.embedding, other.embedding) >= alikeCosine;
  }
  // Of two things that are no product the lists say the same, whatever they are.
  if (first.decision.kind === 'unknown' || second.decision.kind === 'unknown') return false;
  return shareOf(one.predictions, other.predictions) >= alikeShare;
}

function leadingTag({ recognised }: Seen): string | undefined {
  return recognised.predictions[0]?.tagName;
}

export function cosine(one: Float32Array, other: Float32Array): number {
  let product = 0;
  let squares = 0;
  let otherSquares = 0;
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index] ?? 0, other[index] ?? 0];
    product += a * b;
    squares += a * a;
    otherSquares += b * b;
  }
  return product / (Math.sqrt(squares * otherSquares) || 1);
}

/** The sum of each tag's smaller probability. */
export function shareOf(one: readonly Prediction[], other: readonly Prediction[]): number {
  const probabilities = new Map(other.map(({ tagName, probability }) => [tagName, probability]));
  return one.reduce(
    (sum, { tagName, probability }) => sum + Math.min(probability, probabilities.get(tagName) ?? 0),
    0,
  );
}
