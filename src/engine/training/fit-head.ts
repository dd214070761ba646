import { fitTemperature, logLoss } from './calibration.ts';
import type { HeldOutScore } from './calibration.ts';
import { foldsOf } from './folds.ts';
import { fitGates, nearnessByTag } from './gate.ts';
import type { TagNearness } from './gate.ts';
import type { Head, HeadTag } from './head.ts';
import { fitLogistic, logits } from './logistic.ts';
import type { LogisticModel } from './logistic.ts';
import { matrixOf } from './matrix.ts';
import { seededRandom } from './random.ts';
import { fitSpace, normalise, placeAll } from './space.ts';
import type { Place, Space } from './space.ts';

export interface TaughtPhoto {
  /** Index of the photo's tag. */
  readonly label: number;
  /** Features of each view of it, the plain one first. */
  readonly views: readonly Float32Array[];
}

export interface FitTask {
  readonly backboneId: string;
  readonly featureCount: number;
  readonly tags: readonly HeadTag[];
  readonly photos: readonly TaughtPhoto[];
  readonly onProgress?: (done: number, of: number) => void;
}

/** Measured on photos that were held out of the training, each once. */
export interface FitReport {
  readonly photos: number;
  readonly heldOutAccuracy: number;
  readonly heldOutLogLoss: number;
  readonly penalty: number;
  readonly temperature: number;
}

/** Changes whenever the same photos would give another head. */
export const fitId = 'fit-3';

const dimensions = 256;
const folds = 3;
const penalties = [3e-3, 1e-3, 3e-4];
const viewsInFolds = 3;
const referencesAtMost = 2_048;
const seed = 20_260_101;

interface Rows {
  readonly normalised: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly photos: readonly number[];
}

interface FoldResult {
  readonly byPenalty: readonly (readonly HeldOutScore[])[];
  readonly nearness: readonly TagNearness[];
}

/**
 * Trains a head: space, classifier, temperature and gate. The penalty, the temperature and the gate
 * are set by photos held out in turn. The same photos always give the same head. Takes seconds:
 * keep it off any thread that answers.
 */
export function fitHead(task: FitTask): { head: Head; report: FitReport } {
  const { tags, photos } = task;
  const normalised = photos.map((photo) => ({
    label: photo.label,
    views: photo.views.map((view) => normalise(view)),
  }));
  const foldOf = foldsOf(
    photos.map((photo) => photo.label),
    folds,
    seededRandom(seed),
  );
  const results: FoldResult[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    results.push(runFold(tags, normalised, (photo) => foldOf[photo] === fold));
    task.onProgress?.(fold + 1, folds + 1);
  }

  const held = penalties.map((_, index) => results.flatMap((result) => result.byPenalty[index]!));
  const losses = held.map((scores) => logLoss(scores, fitTemperature(scores)));
  const best = losses.indexOf(Math.min(...losses));
  const penalty = penalties[best]!;
  const temperature = fitTemperature(held[best]!);
  const gates = fitGates(
    tags.map((_, tag) => ({
      known: results.flatMap((result) => result.nearness[tag]!.known),
      strangers: results.flatMap((result) => result.nearness[tag]!.strangers),
    })),
  );

  const rows = rowsOf(normalised, () => true, Infinity);
  const space = spaceOf(rows, tags.length);
  const places = placesOf(space, rows.normalised);
  const model = modelOf(rows, places, tags.length, penalty);
  const taken = referenceRows(rows, tags, photos.length);
  task.onProgress?.(folds + 1, folds + 1);
  return {
    head: {
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
      heldOutAccuracy: accuracy(held[best]!),
      heldOutLogLoss: logLoss(held[best]!, temperature),
      penalty,
      temperature,
    },
  };
}

function runFold(
  tags: readonly HeadTag[],
  photos: readonly TaughtPhoto[],
  isHeld: (photo: number) => boolean,
): FoldResult {
  const rows = rowsOf(photos, (photo) => !isHeld(photo), viewsInFolds);
  const space = spaceOf(rows, tags.length);
  const places = placesOf(space, rows.normalised);
  const references = matrixOf(
    places.map((taught) => taught.heading),
    space.basis.rows,
  );

  const held = photos.filter((_, index) => isHeld(index));
  const heldPlaces = placesOf(
    space,
    held.map((photo) => photo.views[0]!),
  ).map((found, index) => ({ label: held[index]!.label, ...found }));
  const nearness = tags.map(() => ({ known: new Array<number>(), strangers: new Array<number>() }));
  for (const { label, heading } of heldPlaces) {
    const near = nearnessByTag(references, rows.labels, tags.length, heading);
    if (tags[label]?.type === 'Regular') nearness[label]!.known.push(near[label]!);
    const others = near.map((one, tag) =>
      tag !== label && tags[tag]?.type === 'Regular' ? one : -1,
    );
    const nearest = Math.max(...others);
    if (nearest > -1) nearness[others.indexOf(nearest)]!.strangers.push(nearest);
  }

  let model: LogisticModel | undefined;
  const byPenalty = penalties.map((penalty) => {
    model = modelOf(rows, places, tags.length, penalty, model);
    const fitted = model;
    return heldPlaces.map(({ label, coordinates }) => ({
      label,
      scores: logits(fitted, coordinates),
    }));
  });
  return { byPenalty, nearness };
}

function rowsOf(
  photos: readonly TaughtPhoto[],
  isTaken: (photo: number) => boolean,
  viewsAtMost: number,
): Rows {
  const normalised: Float32Array[] = [];
  const labels: number[] = [];
  const origins: number[] = [];
  photos.forEach((photo, index) => {
    if (!isTaken(index)) return;
    for (const view of photo.views.slice(0, viewsAtMost)) {
      normalised.push(view);
      labels.push(photo.label);
      origins.push(index);
    }
  });
  return { normalised, labels, photos: origins };
}

function spaceOf(rows: Rows, classes: number): Space {
  return fitSpace({
    rows: matrixOf(rows.normalised, rows.normalised[0]?.length ?? 0),
    labels: rows.labels,
    classes,
    dimensions,
    random: seededRandom(seed),
  });
}

function placesOf(space: Space, normalised: readonly Float32Array[]): Place[] {
  return placeAll(space, matrixOf(normalised, space.mean.length));
}

function modelOf(
  rows: Rows,
  places: readonly Place[],
  classes: number,
  penalty: number,
  start?: LogisticModel,
): LogisticModel {
  const coordinates = places.map((taught) => taught.coordinates);
  return fitLogistic({
    features: matrixOf(coordinates, coordinates[0]?.length ?? 0),
    labels: rows.labels,
    classes,
    penalty,
    ...(start && { start }),
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
