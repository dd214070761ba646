import { seededRandom } from '../../shared/seeded-random.ts';
import { fitTemperature, logLoss } from './calibration.ts';
import type { HeldOutScore } from './calibration.ts';
import { presets } from './preset.ts';
import type { TrainingPreset } from './preset.ts';
import { prototypesOf } from './prototypes.ts';
import { foldsOf } from './folds.ts';
import { standardisationOf, standardised, unstandardised } from './standardisation.ts';
import { fitAcceptances } from './acceptance.ts';
import type { TagNearness } from './acceptance.ts';
import { exclusiveProbabilities } from './head.ts';
import type { HeadTag, MulticlassHead } from './head.ts';
import { embeddingOf, normalised, nearnessByTag, sumOf } from './embedding.ts';
import { fitLogistic, logits } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import { matrixOf, rowOf } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';
import { notHeld, rowsOf, seed } from './training-rows.ts';
import type { Rows } from './training-rows.ts';

export interface TrainingPhoto {
  /** Index of the photo's tag. */
  readonly label: number;
  /** Features of each view of it, the plain one first. */
  readonly views: readonly Float32Array[];
}

export interface FitTask<Photo = TrainingPhoto> {
  readonly backboneId: string;
  readonly featureCount: number;
  readonly tags: readonly HeadTag[];
  readonly photos: readonly Photo[];
  /** `Regular` where it is not given. */
  readonly preset?: TrainingPreset;
  /** The fold of each photo, where some must be held out together. */
  readonly foldOf?: readonly number[];
  readonly onProgress?: (done: number, of: number) => void;
  /** Called often; what it throws ends the work. */
  readonly checkpoint?: () => void;
}

/** What a photo was taken for by a head that had not been taught it. */
export interface HeldOut {
  readonly fold: number;
  /** Of each tag, in their order. */
  readonly probabilities: readonly number[];
}

/** Measured on photos that were held out of the training, each once. */
export interface FitReport {
  readonly photos: number;
  readonly heldOutAccuracy: number;
  readonly heldOutLogLoss: number;
  readonly penalty: number;
  readonly temperature: number;
}

export interface Fit {
  readonly head: MulticlassHead;
  readonly report: FitReport;
  /** One for each photo, in their order. */
  readonly heldOut: readonly HeldOut[];
}

/** Changes whenever the same photos would give another head. */
export const fitId = 'fit-6';

/** So many held-out photos choose the penalty and the temperature as well as more would. */
const judgesAtMost = 4_000;

interface HeldPhoto {
  readonly photo: number;
  readonly label: number;
  /** Its embedding, standardised as those of the fold. */
  readonly coordinates: Float32Array;
  readonly near: readonly number[];
}

interface FoldResult {
  readonly held: readonly HeldPhoto[];
  /** One for each penalty. */
  readonly models: readonly LogisticModel[];
}

type Prototypes = Pick<MulticlassHead, 'prototypes' | 'prototypeTags'>;

/**
 * Trains a head: classifier, temperature and acceptances. All but the classifier's weights are set
 * by photos held out in turn. The same photos always give the same head. Takes seconds:
 * keep it off any thread that answers.
 */
export function fitHead(task: FitTask): Fit {
  const { tags, photos, preset = presets.Regular } = task;
  const views = photos.map((photo) => photo.views.map((view) => embeddingOf(view)));
  const foldOf =
    task.foldOf ??
    foldsOf(
      photos.map((photo) => photo.label),
      preset.folds,
      seededRandom(seed),
    );
  const results: FoldResult[] = [];
  for (let fold = 0; fold < preset.folds; fold += 1) {
    results.push(runFold(task, preset, views, (photo) => foldOf[photo] === fold));
    task.onProgress?.(fold + 1, preset.folds + 1);
  }

  const stride = Math.ceil(photos.length / judgesAtMost);
  const judged = preset.penalties.map((_, index) =>
    results.flatMap(({ held, models }) =>
      held
        .filter(({ photo }) => photo % stride === 0)
        .map(({ label, coordinates }) => ({ label, scores: logits(models[index]!, coordinates) })),
    ),
  );
  const losses = judged.map((scores) => logLoss(scores, fitTemperature(scores)));
  const best = losses.indexOf(Math.min(...losses));
  const penalty = preset.penalties[best]!;
  const temperature = fitTemperature(judged[best]!);
  const acceptances = fitAcceptances(nearnessOf(tags, results));

  const rows = rowsOf(views);
  const standardisation = standardisationOf(rows.embeddings, task.featureCount);
  const model = modelOf(task, rows, standardised(standardisation, rows.embeddings), penalty);
  task.onProgress?.(preset.folds + 1, preset.folds + 1);
  return {
    head: {
      kind: 'multiclass',
      backboneId: task.backboneId,
      featureCount: task.featureCount,
      tags,
      model: unstandardised(standardisation, model),
      temperature,
      acceptances,
      ...prototypesByTag(task, views),
    },
    report: {
      photos: photos.length,
      heldOutAccuracy: accuracy(judged[best]!),
      heldOutLogLoss: logLoss(judged[best]!, temperature),
      penalty,
      temperature,
    },
    heldOut: heldOutOf(results, best, { tags, temperature, acceptances }),
  };
}

function runFold(
  task: FitTask,
  { penalties, viewsInFolds }: TrainingPreset,
  views: readonly (readonly Float32Array[])[],
  isHeld: (photo: number) => boolean,
): FoldResult {
  const taught = notHeld(views, isHeld, viewsInFolds);
  const rows = rowsOf(taught);
  const standardisation = standardisationOf(rows.embeddings, task.featureCount);
  const coordinates = standardised(standardisation, rows.embeddings);
  const { prototypes, prototypeTags } = prototypesByTag(task, taught);
  const held = [...views.keys()].filter(isHeld);
  const heldEmbeddings = held.map((photo) => views[photo]![0]!);
  const heldCoordinates = standardised(standardisation, heldEmbeddings);
  let model: LogisticModel | undefined;
  return {
    held: held.map((photo, index) => ({
      photo,
      label: task.photos[photo]!.label,
      coordinates: rowOf(heldCoordinates, index),
      near: nearnessByTag(prototypes, prototypeTags, task.tags.length, heldEmbeddings[index]!),
    })),
    models: penalties.map((penalty) => {
      model = modelOf(task, rows, coordinates, penalty, model);
      return model;
    }),
  };
}

function nearnessOf(tags: readonly HeadTag[], results: readonly FoldResult[]): TagNearness[] {
  const nearness = tags.map(() => ({
    known: new Array<number>(),
    outOfDistribution: new Array<number>(),
  }));
  for (const { label, near } of results.flatMap(({ held }) => held)) {
    if (tags[label]?.type !== 'Negative') nearness[label]!.known.push(near[label]!);
    const others = near.map((one, tag) =>
      tag !== label && tags[tag]?.type !== 'Negative' ? one : -1,
    );
    const nearest = Math.max(...others);
    if (nearest > -1) nearness[others.indexOf(nearest)]!.outOfDistribution.push(nearest);
  }
  return nearness;
}

function heldOutOf(
  results: readonly FoldResult[],
  best: number,
  served: Pick<MulticlassHead, 'tags' | 'temperature' | 'acceptances'>,
): HeldOut[] {
  const heldOut: HeldOut[] = [];
  for (const [fold, { held, models }] of results.entries()) {
    for (const { photo, coordinates, near } of held) {
      const scores = logits(models[best]!, coordinates);
      heldOut[photo] = { fold, probabilities: exclusiveProbabilities(served, scores, near) };
    }
  }
  return heldOut;
}

function modelOf(
  { tags, photos, checkpoint }: FitTask,
  rows: Rows,
  coordinates: Matrix,
  penalty: number,
  start?: LogisticModel,
): LogisticModel {
  return fitLogistic({
    features: coordinates,
    labels: labelsOf(photos, rows),
    classes: tags.length,
    penalty,
    ...(start && { start }),
    ...(checkpoint && { checkpoint }),
  });
}

/** Of each tag that is no Negative one: what it was taught as, from each of its sides. */
function prototypesByTag(
  { tags, photos, featureCount }: FitTask,
  viewsOf: readonly (readonly Float32Array[])[],
): Prototypes {
  const taught = tags.map((): Float32Array[] => []);
  viewsOf.forEach((views, photo) => {
    if (views.length > 0) taught[photos[photo]!.label]!.push(normalised(sumOf(views)));
  });
  const prototypes = taught.map((embeddings, tag) =>
    tags[tag]!.type === 'Negative' || embeddings.length === 0 ? [] : prototypesOf(embeddings),
  );
  return {
    prototypes: matrixOf(prototypes.flat(), featureCount),
    prototypeTags: prototypes.flatMap((each, tag) => each.map(() => tag)),
  };
}

function labelsOf(photos: readonly TrainingPhoto[], rows: Rows): number[] {
  return rows.photos.map((photo) => photos[photo]!.label);
}

function accuracy(held: readonly HeldOutScore[]): number {
  const right = held.filter(({ scores, label }) => scores.indexOf(Math.max(...scores)) === label);
  return right.length / Math.max(held.length, 1);
}
