/** What was held out of a training: for each tag, each photo's probability and whether it has it. */
export interface HeldOutTag {
  readonly probabilities: Float32Array;
  /** 1 where the photo has the tag, else 0. */
  readonly truths: Uint8Array;
}

export interface Measured {
  readonly precision: number;
  readonly precisionStdDeviation: number;
  readonly recall: number;
  readonly recallStdDeviation: number;
  readonly averagePrecision: number;
}

interface Counts {
  /** Taken for the tag, and rightly. */
  hits: number;
  taken: number;
  there: number;
}

/** For each fold. */
export type FoldCounts = readonly Readonly<Counts>[];

/** A photo is taken for a tag from the threshold on; `foldOf` has the fold of each photo. */
export function countFolds(tag: HeldOutTag, foldOf: Uint8Array, threshold: number): FoldCounts {
  const folds: Counts[] = [];
  for (let photo = 0; photo < foldOf.length; photo += 1) {
    const counts = (folds[foldOf[photo]!] ??= { hits: 0, taken: 0, there: 0 });
    const isTaken = tag.probabilities[photo]! >= threshold;
    const isThere = tag.truths[photo] === 1;
    if (isTaken) counts.taken += 1;
    if (isThere) counts.there += 1;
    if (isTaken && isThere) counts.hits += 1;
  }
  return Array.from(folds, (counts) => counts ?? { hits: 0, taken: 0, there: 0 });
}

/** The same folds of all tags together: each pair of a photo and a tag counts alike. */
export function addFolds(tags: readonly FoldCounts[]): FoldCounts {
  const folds = Math.max(0, ...tags.map((each) => each.length));
  return Array.from({ length: folds }, (_, fold) => total(tags.map((each) => each[fold])));
}

export function measured(folds: FoldCounts, averagePrecision: number): Measured {
  const all = total(folds);
  return {
    precision: share(all.hits, all.taken) ?? 0,
    precisionStdDeviation: deviation(folds.map(({ hits, taken }) => share(hits, taken))),
    recall: share(all.hits, all.there) ?? 0,
    recallStdDeviation: deviation(folds.map(({ hits, there }) => share(hits, there))),
    averagePrecision,
  };
}

/**
 * The mean, over the photos that have the tag, of the precision at a threshold of each one's
 * probability. Of photos that are equally probable those without the tag come first.
 */
export function averagePrecision({ probabilities, truths }: HeldOutTag): number {
  const there = probabilities.filter((_, photo) => truths[photo] === 1).toSorted();
  const away = probabilities.filter((_, photo) => truths[photo] !== 1).toSorted();
  let sum = 0;
  let before = away.length;
  let rank = 0;
  for (let place = there.length - 1; place >= 0; place -= 1) {
    rank += 1;
    while (before > 0 && away[before - 1]! >= there[place]!) before -= 1;
    sum += rank / (rank + away.length - before);
  }
  return there.length > 0 ? sum / there.length : 0;
}

function total(counts: readonly (Readonly<Counts> | undefined)[]): Counts {
  const sum = { hits: 0, taken: 0, there: 0 };
  for (const each of counts) {
    sum.hits += each?.hits ?? 0;
    sum.taken += each?.taken ?? 0;
    sum.there += each?.there ?? 0;
  }
  return sum;
}

function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

/** Of a sample; 0 where there are less than two. */
function deviation(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2) return 0;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (known.length - 1));
}
