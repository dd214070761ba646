import { seededRandom } from '../../shared/seeded-random.ts';
import { calibrated, fitCalibration } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { efforts } from './effort.ts';
import type { FitTask, HeldOut } from './fit-head.ts';
import { foldsOfSets } from './folds.ts';
import { independentProbabilities } from './head.ts';
import type { MultilabelHead } from './head.ts';
import { fitSigmoid, logits } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import { matrixOf } from './matrix.ts';
import { normalise } from './space.ts';
import type { Place } from './space.ts';
import { placesOf, rowsOf, seed, spaceOf } from './taught-rows.ts';
import type { Rows } from './taught-rows.ts';

export interface MultilabelPhoto {
  /** Indices of the photo's tags. */
  readonly labels: readonly number[];
  /** Features of each view of it, the plain one first. */
  readonly views: readonly Float32Array[];
}

export interface MultilabelReport {
  readonly photos: number;
  /** Mean over tags of the negative log-likelihood of what was held out, in nats. */
  readonly heldOutLogLoss: number;
  readonly penalty: number;
}

export interface MultilabelFit {
  readonly head: MultilabelHead;
  readonly report: MultilabelReport;
  /** One for each photo, in their order. */
  readonly heldOut: readonly HeldOut[];
}

interface FoldResult {
  readonly held: readonly { readonly photo: number; readonly coordinates: Float32Array }[];
  /** One for each penalty. */
  readonly models: readonly LogisticModel[];
}

interface Photos {
  readonly truths: readonly Uint8Array[];
  readonly views: readonly (readonly Float32Array[])[];
  /** Which photos have the same tags. */
  readonly setOf: readonly number[];
  readonly sets: number;
}

/**
 * Trains a regression for each tag by itself, with a calibration of its own by photos held out in
 * turn. Photos of a Negative tag teach what the others are not.
 */
export function fitMultilabelHead(task: FitTask<MultilabelPhoto>): MultilabelFit {
  const { tags, effort = efforts.Regular } = task;
  const photos = photosOf(task);
  const foldOf = foldsOfSets(
    task.photos.map(({ labels }) => labels),
    effort.folds,
    seededRandom(seed),
  );
  const results: FoldResult[] = [];
  for (let fold = 0; fold < effort.folds; fold += 1) {
    results.push(runFold(task, photos, (photo) => foldOf[photo] === fold));
    task.onProgress?.(fold + 1, effort.folds + 1);
  }
  const tried = effort.penalties.map((_, index) => judge(tags, photos, results, index));
  const losses = tried.map(({ loss }) => loss);
  const best = losses.indexOf(Math.min(...losses));
  const penalty = effort.penalties[best]!;
  const { calibrations } = tried[best]!;

  const rows = rowsOf(labelled(photos), () => true, Infinity);
  const space = spaceOf(rows, photos.sets);
  const model = modelOf(task, photos, rows, placesOf(space, rows.normalised), penalty);
  task.onProgress?.(effort.folds + 1, effort.folds + 1);
  return {
    head: {
      kind: 'multilabel',
      backboneId: task.backboneId,
      featureCount: task.featureCount,
      tags,
      space,
      model,
      calibrations,
    },
    report: { photos: task.photos.length, heldOutLogLoss: losses[best]!, penalty },
    heldOut: heldOutOf(results, best, { tags, calibrations }),
  };
}

function photosOf({ tags, photos }: FitTask<MultilabelPhoto>): Photos {
  const truths = tags.map(() => new Uint8Array(photos.length));
  const sets = new Map<string, number>();
  const setOf = photos.map(({ labels }, photo) => {
    for (const label of labels) truths[label]![photo] = 1;
    const key = labels.toSorted((a, b) => a - b).join();
    const set = sets.get(key) ?? sets.size;
    sets.set(key, set);
    return set;
  });
  const views = photos.map((photo) => photo.views.map((view) => normalise(view)));
  return { truths, views, setOf, sets: sets.size };
}

function labelled({ views, setOf }: Photos): { label: number; views: readonly Float32Array[] }[] {
  return views.map((each, photo) => ({ label: setOf[photo]!, views: each }));
}

function runFold(
  task: FitTask<MultilabelPhoto>,
  photos: Photos,
  isHeld: (photo: number) => boolean,
): FoldResult {
  const { penalties, viewsInFolds } = task.effort ?? efforts.Regular;
  const rows = rowsOf(labelled(photos), (photo) => !isHeld(photo), viewsInFolds);
  const space = spaceOf(rows, photos.sets);
  const places = placesOf(space, rows.normalised);
  const held = [...photos.views.keys()].filter(isHeld);
  const heldPlaces = placesOf(
    space,
    held.map((photo) => photos.views[photo]![0]!),
  );
  let model: LogisticModel | undefined;
  return {
    held: held.map((photo, index) => ({
      photo,
      coordinates: heldPlaces[index]!.coordinates,
    })),
    models: penalties.map((penalty) => {
      model = modelOf(task, photos, rows, places, penalty, model);
      return model;
    }),
  };
}

function modelOf(
  { tags, checkpoint }: FitTask<MultilabelPhoto>,
  { truths }: Photos,
  rows: Rows,
  places: readonly Place[],
  penalty: number,
  start?: LogisticModel,
): LogisticModel {
  const coordinates = places.map((taught) => taught.coordinates);
  const columns = coordinates[0]?.length ?? 0;
  const features = matrixOf(coordinates, columns);
  const weights = tags.map(({ type }, tag) =>
    type === 'Negative'
      ? new Float32Array(columns + 1)
      : fitSigmoid({
          features,
          truths: Uint8Array.from(rows.photos, (photo) => truths[tag]![photo]!),
          penalty,
          ...(start && { start: start.weights.values.slice(tag * (columns + 1), (tag + 1) * (columns + 1)) }),
          ...(checkpoint && { checkpoint }),
        }),
  );
  return { classes: tags.length, weights: matrixOf(weights, columns + 1) };
}

/** Calibrates each tag by what was held out; the mean loss says how good the penalty was. */
function judge(
  tags: MultilabelHead['tags'],
  { truths, setOf }: Photos,
  results: readonly FoldResult[],
  penaltyIndex: number,
): { calibrations: Calibration[]; loss: number } {
  const scores = tags.map(() => new Float32Array(setOf.length));
  for (const { held, models } of results) {
    for (const { photo, coordinates } of held) {
      logits(models[penaltyIndex]!, coordinates).forEach((score, tag) => {
        scores[tag]![photo] = score;
      });
    }
  }
  const losses: number[] = [];
  const calibrations = tags.map(({ type }, tag) => {
    if (type === 'Negative') return { slope: 1, offset: 0 };
    const calibration = fitCalibration(scores[tag]!, truths[tag]!);
    losses.push(meanLogLoss(calibration, scores[tag]!, truths[tag]!));
    return calibration;
  });
  return { calibrations, loss: losses.reduce((sum, one) => sum + one, 0) / losses.length };
}

function meanLogLoss(calibration: Calibration, scores: Float32Array, truths: Uint8Array): number {
  let sum = 0;
  for (let photo = 0; photo < truths.length; photo += 1) {
    const found = calibrated(calibration, scores[photo]!);
    sum -= Math.log(Math.max(truths[photo] === 1 ? found : 1 - found, 1e-12));
  }
  return sum / Math.max(truths.length, 1);
}

function heldOutOf(
  results: readonly FoldResult[],
  best: number,
  served: Pick<MultilabelHead, 'tags' | 'calibrations'>,
): HeldOut[] {
  const heldOut: HeldOut[] = [];
  for (const [fold, { held, models }] of results.entries()) {
    for (const { photo, coordinates } of held) {
      const scores = logits(models[best]!, coordinates);
      heldOut[photo] = { fold, probabilities: independentProbabilities(served, scores) };
    }
  }
  return heldOut;
}
