import { seededRandom } from '../../shared/seeded-random.ts';
import { calibrated, fitCalibration } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { presets } from './preset.ts';
import type { FitTask, HeldOut } from './fit-head.ts';
import { foldsOfSets } from './folds.ts';
import { standardisationOf, standardised, unstandardised } from './standardisation.ts';
import { independentProbabilities } from './head.ts';
import type { MultilabelHead } from './head.ts';
import { embeddingOf } from './embedding.ts';
import { fitSigmoid, logits } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import { matrixOf, rowOf } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';
import { notHeld, rowsOf, seed } from './training-rows.ts';
import type { Rows } from './training-rows.ts';

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
  /** For each tag 1 where a photo has it. */
  readonly truths: readonly Uint8Array[];
  /** Headings. */
  readonly views: readonly (readonly Float32Array[])[];
}

/**
 * Trains a regression for each tag by itself, with a calibration of its own by photos held out in
 * turn. Photos of a Negative tag teach what the others are not.
 */
export function fitMultilabelHead(task: FitTask<MultilabelPhoto>): MultilabelFit {
  const { tags, preset = presets.Regular } = task;
  const photos = photosOf(task);
  const foldOf = foldsOfSets(
    task.photos.map(({ labels }) => labels),
    preset.folds,
    seededRandom(seed),
  );
  const results: FoldResult[] = [];
  for (let fold = 0; fold < preset.folds; fold += 1) {
    results.push(runFold(task, photos, (photo) => foldOf[photo] === fold));
    task.onProgress?.(fold + 1, preset.folds + 1);
  }
  const tried = preset.penalties.map((_, index) => judge(tags, photos, results, index));
  const losses = tried.map(({ loss }) => loss);
  const best = losses.indexOf(Math.min(...losses));
  const penalty = preset.penalties[best]!;
  const { calibrations } = tried[best]!;

  const rows = rowsOf(photos.views);
  const standardisation = standardisationOf(rows.embeddings, task.featureCount);
  const model = modelOf(
    task,
    photos,
    rows,
    standardised(standardisation, rows.embeddings),
    penalty,
  );
  task.onProgress?.(preset.folds + 1, preset.folds + 1);
  return {
    head: {
      kind: 'multilabel',
      backboneId: task.backboneId,
      featureCount: task.featureCount,
      tags,
      model: unstandardised(standardisation, model),
      calibrations,
    },
    report: { photos: task.photos.length, heldOutLogLoss: losses[best]!, penalty },
    heldOut: heldOutOf(results, best, { tags, calibrations }),
  };
}

function photosOf({ tags, photos }: FitTask<MultilabelPhoto>): Photos {
  const truths = tags.map(() => new Uint8Array(photos.length));
  photos.forEach(({ labels }, photo) => {
    for (const label of labels) truths[label]![photo] = 1;
  });
  const views = photos.map((photo) => photo.views.map((view) => embeddingOf(view)));
  return { truths, views };
}

function runFold(
  task: FitTask<MultilabelPhoto>,
  photos: Photos,
  isHeld: (photo: number) => boolean,
): FoldResult {
  const { penalties, viewsInFolds } = task.preset ?? presets.Regular;
  const rows = rowsOf(notHeld(photos.views, isHeld, viewsInFolds));
  const standardisation = standardisationOf(rows.embeddings, task.featureCount);
  const coordinates = standardised(standardisation, rows.embeddings);
  const held = [...photos.views.keys()].filter(isHeld);
  const heldCoordinates = standardised(
    standardisation,
    held.map((photo) => photos.views[photo]![0]!),
  );
  let model: LogisticModel | undefined;
  return {
    held: held.map((photo, index) => ({ photo, coordinates: rowOf(heldCoordinates, index) })),
    models: penalties.map((penalty) => {
      model = modelOf(task, photos, rows, coordinates, penalty, model);
      return model;
    }),
  };
}

function modelOf(
  { tags, checkpoint }: FitTask<MultilabelPhoto>,
  { truths }: Photos,
  rows: Rows,
  features: Matrix,
  penalty: number,
  start?: LogisticModel,
): LogisticModel {
  const { columns } = features;
  const weights = tags.map(({ type }, tag) =>
    type === 'Negative'
      ? new Float32Array(columns + 1)
      : fitSigmoid({
          features,
          truths: Uint8Array.from(rows.photos, (photo) => truths[tag]![photo]!),
          penalty,
          ...(start && {
            start: start.weights.values.slice(tag * (columns + 1), (tag + 1) * (columns + 1)),
          }),
          ...(checkpoint && { checkpoint }),
        }),
  );
  return { classes: tags.length, weights: matrixOf(weights, columns + 1) };
}

/** Calibrates each tag by what was held out; the mean loss says how good the penalty was. */
function judge(
  tags: MultilabelHead['tags'],
  { truths, views }: Photos,
  results: readonly FoldResult[],
  penaltyIndex: number,
): { calibrations: Calibration[]; loss: number } {
  const scores = tags.map(() => new Float32Array(views.length));
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
