import { decodeDetections } from '../detection/held-out-detections.ts';
import { measureTag } from '../evaluation/measure.ts';
import type { JudgedPhoto } from '../evaluation/measure.ts';
import { regionsOf } from '../detection/regions.ts';
import type { ValidatedImage } from '../store/iteration-image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';
import { addFolds } from '../evaluation/performance.ts';
import type { FoldCounts } from '../evaluation/performance.ts';
import { compared, figuresOf } from './comparison.ts';
import type { Comparison, Figures } from './comparison.ts';
import type { RemoteImagePerformance } from './service-client.ts';

/** A photo of which both sides have told what they found in it without having learnt it. */
export interface DetectedPhoto {
  readonly old: JudgedPhoto;
  readonly now: JudgedPhoto;
}

/** What our cross-validation found in a photo. */
export function judgedPhoto(
  iteration: Pick<Iteration, 'tags'>,
  { labels, validation }: Pick<ValidatedImage, 'labels' | 'validation'>,
): JudgedPhoto | undefined {
  const heldOut = validation && decodeDetections(validation);
  if (!heldOut) return undefined;
  const truths = regionsOf(iteration, { labels }).map(({ label, box }) => ({ tag: label, box }));
  return { ...heldOut, truths };
}

/** The same photo as the service tells of it; `placeOf` gives its tags' places here. */
export function judgedElsewhere(
  { truths }: JudgedPhoto,
  predictions: NonNullable<RemoteImagePerformance['predictions']>,
  placeOf: (tagId: string) => number | undefined,
): JudgedPhoto {
  return {
    fold: 0,
    truths,
    detections: predictions.flatMap(({ tagId, probability, boundingBox }) => {
      const tag = placeOf(tagId);
      return boundingBox && tag !== undefined ? [{ tag, probability, box: boundingBox }] : [];
    }),
  };
}

/** As in the service's own figures. */
const thresholds = { threshold: 0.5, overlap: 0.3 };

/** A thing is found where a box of its tag overlaps it far enough. */
export function compareDetections(
  photos: readonly DetectedPhoto[],
  tags: readonly { readonly name: string }[],
): Comparison {
  const sides = { old: photos.map(({ old }) => old), now: photos.map(({ now }) => now) };
  const folds = tags.map((_, tag) => ({
    old: measureTag(sides.old, tag, thresholds).folds,
    now: measureTag(sides.now, tag, thresholds).folds,
  }));
  return compared({
    photos: photos.length,
    tags: tags.map(({ name }, tag) => ({
      name,
      photos: sides.now.filter(({ truths }) => truths.some((truth) => truth.tag === tag)).length,
      old: figuresOfFolds(folds[tag]!.old),
      now: figuresOfFolds(folds[tag]!.now),
    })),
    old: figuresOfFolds(addFolds(folds.map(({ old }) => old))),
    now: figuresOfFolds(addFolds(folds.map(({ now }) => now))),
  });
}

function figuresOfFolds(folds: FoldCounts): Figures {
  const sum = (of: (counts: FoldCounts[number]) => number): number =>
    folds.reduce((total, counts) => total + of(counts), 0);
  const right = sum(({ hits }) => hits);
  return figuresOf({
    right,
    wrong: sum(({ taken }) => taken) - right,
    missed: sum(({ there }) => there) - right,
  });
}
