import type { Box } from '../domain/box.ts';
import type { FoldCounts } from './performance.ts';
import { overlapOf } from '../../shared/overlap.ts';
import type { Detection } from '../detection/name-proposals.ts';

/** What was found in a photo that was held out, and what lies there. */
export interface JudgedPhoto {
  readonly fold: number;
  readonly detections: readonly Detection[];
  readonly truths: readonly { readonly tag: number; readonly box: Box }[];
}

export interface TagMeasure {
  /** With what is at least as probable as the threshold. */
  readonly folds: FoldCounts;
  readonly averagePrecision: number;
  /** How many there are to be found. */
  readonly truths: number;
}

interface Match {
  readonly probability: number;
  readonly fold: number;
  readonly isRight: boolean;
}

/** How well the things of one tag were found; right is what overlaps a truth so far at least. */
export function measureTag(
  photos: readonly JudgedPhoto[],
  tag: number,
  { threshold, overlap }: { readonly threshold: number; readonly overlap: number },
): TagMeasure {
  const matches = photos.flatMap((photo) => matchesOf(photo, tag, overlap));
  const folds: { hits: number; taken: number; there: number }[] = [];
  const foldAt = (fold: number) => (folds[fold] ??= { hits: 0, taken: 0, there: 0 });
  let truths = 0;
  for (const photo of photos) {
    const there = photo.truths.filter((truth) => truth.tag === tag).length;
    foldAt(photo.fold).there += there;
    truths += there;
  }
  for (const { probability, fold, isRight } of matches) {
    if (probability < threshold) continue;
    foldAt(fold).taken += 1;
    if (isRight) foldAt(fold).hits += 1;
  }
  return {
    folds: Array.from(folds, (counts) => counts ?? { hits: 0, taken: 0, there: 0 }),
    averagePrecision: averagePrecision(matches, truths),
    truths,
  };
}

/** The most probable chooses first, and a truth is found but once. */
function matchesOf({ fold, detections, truths }: JudgedPhoto, tag: number, least: number): Match[] {
  const open = truths.filter((truth) => truth.tag === tag);
  return detections
    .filter((each) => each.tag === tag)
    .toSorted((a, b) => b.probability - a.probability)
    .map(({ probability, box }) => {
      const overlaps = open.map((truth) => overlapOf(truth.box, box));
      const best = Math.max(-1, ...overlaps);
      const isRight = best >= least;
      if (isRight) open.splice(overlaps.indexOf(best), 1);
      return { probability, fold, isRight };
    });
}

/**
 * The area under precision over recall, where each precision is the best at its recall or a higher
 * one: Everingham and others, "The PASCAL Visual Object Classes Challenge", since 2010.
 */
function averagePrecision(matches: readonly Match[], truths: number): number {
  if (truths === 0) return 0;
  let hits = 0;
  const precisions = matches
    // Of equals the wrong ones come first, so that no order flatters.
    .toSorted((a, b) => b.probability - a.probability || Number(a.isRight) - Number(b.isRight))
    .flatMap(({ isRight }, rank) => {
      if (!isRight) return [];
      hits += 1;
      return [hits / (rank + 1)];
    });
  let best = 0;
  const sum = precisions.reduceRight((total, precision) => {
    best = Math.max(best, precision);
    return total + best;
  }, 0);
  return sum / truths;
}
