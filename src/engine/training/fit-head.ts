import { seededRandom } from '../../shared/seeded-random.ts';
import { fitTemperature, logLoss } from './calibration.ts';
import type { HeldOutScore } from './calibration.ts';
import { efforts } from './effort.ts';
import type { Effort } from './effort.ts';
import { foldsOf } from './folds.ts';
import { fitGates, nearnessByTag } from './gate.ts';
import type { TagNearness } from './gate.ts';
import { exclusiveProbabilities } from './head.ts';
import type { HeadTag, MulticlassHead } from './head.ts';
import { fitLogistic, logits } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import { matrixOf } from './matrix.ts';
import { normalise } from './space.ts';
import type { Place } from './space.ts';
import { placesOf, rowsOf, seed, spaceOf } from './taught-rows.ts';
import type { Rows } from './taught-rows.ts';

export interface TaughtPhoto {
  /** Index of the photo's tag. */
  readonly label: number;
  /** Features of each view of it, the plain one first. */
  readonly views: readonly Float32Array[];
}

export interface FitTask<Photo = TaughtPhoto> {
  readonly backboneId: string;
  readonly featureCount: number;
  readonly tags: readonly HeadTag[];
  readonly photos: readonly Photo[];
  /** `Regular` where it is not given. */
  readonly effort?: Effort;
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
export const fitId = 'fit-5';

const referencesAtMost = 2_048;
/** So many held-out photos choose the penalty and the temperature as well as more would. */
const judgesAtMost = 4_000;

interface HeldPhoto {
  readonly photo: number;
  readonly label: number;
  readonly coordinates: Float32Array;
  readonly near: readonly number[];
}

interface FoldResult {
  readonly held: readonly HeldPhoto[];
  /** One for each penalty. */
  readonly models: readonly LogisticModel[];
}

/**
 * Trains a head: space, classifier, temperature and gate. The penalty, the temperature and the gate
 * are set by photos held out in turn. The same photos always give the same head. Takes seconds:
 * keep it off any thread that answers.
 */
export function fitHead(task: FitTask): Fit {
  const { tags, photos, effort = efforts.Regular } = task;
  const normalised = photos.map((photo) => ({
    label: photo.label,
    views: photo.views.map((view) => normalise(view)),
  }));
  const foldOf =
    task.foldOf ??
    foldsOf(
      photos.map((photo) => photo.label),
      effort.folds,
      seededRandom(seed),
    );
  const results: FoldResult[] = [];
  for (let fold = 0; fold < effort.folds; fold += 1) {
    results.push(runFold(task, effort, normalised, (photo) => foldOf[photo] === fold));
    task.onProgress?.(fold + 1, effort.folds + 1);
  }

  const stride = Math.ceil(photos.length / judgesAtMost);
  const judged = effort.penalties.map((_, index) =>
    results.flatMap(({ held, models }) =>
      held
        .filter(({ photo }) => photo % stride === 0)
        .map(({ label, coordinates }) => ({ label, scores: logits(models[index]!, coordinates) })),
    ),
  );
  const losses = judged.map((scores) => logLoss(scores, fitTemperature(scores)));
  const best = losses.indexOf(Math.min(...losses));
  const penalty = effort.penalties[best]!;
  const temperature = fitTemperature(judged[best]!);
  const gates = fitGates(nearnessOf(tags, results));

  const rows = rowsOf(normalised, () => true, Infinity);
  const space = spaceOf(rows, tags.length);
  const places = placesOf(space, rows.normalised);
  const model = modelOf(task, rows, places, penalty);
  const taken = referenceRows(rows, tags, photos.length);
  task.onProgress?.(effort.folds + 1, effort.folds + 1);
  return {
    head: {
      kind: 'multiclass',
      backboneId: task.backboneId,
      featureCount: task.featureCount,
      tags,
      space,
      model,
      temperature,
      gates,
      references: matrixOf(
        taken.map((row) => places[row]!.heading),
        space.basis.rows,
      ),
      referenceTags: taken.map((row) => rows.labels[row]!),
    },
    report: {
      photos: photos.length,
      heldOutAccuracy: accuracy(judged[best]!),
      heldOutLogLoss: logLoss(judged[best]!, temperature),
      penalty,
      temperature,
    },
    heldOut: heldOutOf(results, best, { tags, temperature, gates }),
  };
}

function runFold(
  task: FitTask,
  { penalties, viewsInFolds }: Effort,
  photos: readonly TaughtPhoto[],
  isHeld: (photo: number) => boolean,
): FoldResult {
  const { tags } = task;
  const rows = rowsOf(photos, (photo) => !isHeld(photo), viewsInFolds);
  const space = spaceOf(rows, tags.length);
  const places = placesOf(space, rows.normalised);
  const taken = referenceRows(rows, tags, new Set(rows.photos).size);
  const references = matrixOf(
    taken.map((row) => places[row]!.heading),
    space.basis.rows,
  );
  const referenceTags = taken.map((row) => rows.labels[row]!);

  const held = [...photos.keys()].filter(isHeld);
  const heldPlaces = placesOf(
    space,
    held.map((photo) => photos[photo]!.views[0]!),
  );
  let model: LogisticModel | undefined;
  return {
    held: held.map((photo, index) => ({
      photo,
      label: photos[photo]!.label,
      coordinates: heldPlaces[index]!.coordinates,
      near: nearnessByTag(references, referenceTags, tags.length, heldPlaces[index]!.heading),
    })),
    models: penalties.map((penalty) => {
      model = modelOf(task, rows, places, penalty, model);
      return model;
    }),
  };
}

function nearnessOf(tags: readonly HeadTag[], results: readonly FoldResult[]): TagNearness[] {
  const nearness = tags.map(() => ({ known: new Array<number>(), strangers: new Array<number>() }));
  for (const { label, near } of results.flatMap(({ held }) => held)) {
    if (tags[label]?.type === 'Regular') nearness[label]!.known.push(near[label]!);
    const others = near.map((one, tag) =>
      tag !== label && tags[tag]?.type === 'Regular' ? one : -1,
    );
    const nearest = Math.max(...others);
    if (nearest > -1) nearness[others.indexOf(nearest)]!.strangers.push(nearest);
  }
  return nearness;
}

function heldOutOf(
  results: readonly FoldResult[],
  best: number,
  served: Pick<MulticlassHead, 'tags' | 'temperature' | 'gates'>,
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
  { tags, checkpoint }: FitTask,
  rows: Rows,
  places: readonly Place[],
  penalty: number,
  start?: LogisticModel,
): LogisticModel {
  const coordinates = places.map((taught) => taught.coordinates);
  return fitLogistic({
    features: matrixOf(coordinates, coordinates[0]?.length ?? 0),
    labels: rows.labels,
    classes: tags.length,
    penalty,
    ...(start && { start }),
    ...(checkpoint && { checkpoint }),
  });
}

// As many views of each photo as there is room for, because every product must keep all its sides.
function referenceRows(rows: Rows, tags: readonly HeadTag[], photos: number): number[] {
  const viewsEach = Math.max(1, Math.floor(referencesAtMost / Math.max(photos, 1)));
  const taken = new Array<number>(photos).fill(0);
  const regular = rows.labels.flatMap((label, row) => {
    const photo = rows.photos[row]!;
    if (tags[label]?.type !== 'Regular' || taken[photo]! >= viewsEach) return [];
    taken[photo]! += 1;
    return [row];
  });
  const stride = Math.max(1, Math.ceil(regular.length / referencesAtMost));
  return regular.filter((_, index) => index % stride === 0);
}

function accuracy(held: readonly HeldOutScore[]): number {
  const right = held.filter(({ scores, label }) => scores.indexOf(Math.max(...scores)) === label);
  return right.length / Math.max(held.length, 1);
}
