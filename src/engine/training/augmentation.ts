import { plainView } from '../model/picture.ts';
import type { View } from '../model/picture.ts';

/**
 * How a shop's photos are looked at for training, so that few of them suffice: mirrored, nearer,
 * turned, in another light. A change here needs a new `augmentationId`, for cached features carry it.
 */
export const augmentationId = 'views-3';

const trainingViews: readonly View[] = [
  plainView,
  { flip: true },
  { turnDegrees: 90, gain: 0.9 },
  { turnDegrees: 180, zoom: 0.9 },
  { zoom: 0.8, shift: [0.06, 0.04], gain: 1.1 },
  { turnDegrees: 270, flip: true },
  { turnDegrees: 20, zoom: 0.9 },
  { turnDegrees: -25, flip: true, gain: 0.85 },
];

const rowsAtMost = 5_000;
const fewestViews = 2;
/** With more photos than these one view of each has to do: memory and time are what they cost. */
const photosOfSeveralViews = 20_000;
const viewsOfRegularTraining = 4;

/** The most that can be asked for. */
export const mostViews = trainingViews.length;

/** For a training by the API. Measured: more views than these few hardly help, and cost most of all. */
export function viewsToTrain(
  photos: number,
  trainingType: 'Regular' | 'Advanced',
): readonly View[] {
  const views = viewsFor(photos);
  return trainingType === 'Advanced' ? views : views.slice(0, viewsOfRegularTraining);
}

/** So many as are asked for; else the more photos there are, the fewer views of each are needed. */
export function viewsFor(photos: number, wanted?: number): readonly View[] {
  if (wanted !== undefined) return trainingViews.slice(0, wanted);
  if (photos > photosOfSeveralViews) return trainingViews.slice(0, 1);
  const count = Math.floor(rowsAtMost / Math.max(photos, 1));
  return trainingViews.slice(0, Math.max(fewestViews, Math.min(count, trainingViews.length)));
}
