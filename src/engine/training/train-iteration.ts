import { createHash } from 'node:crypto';

import { cropAugmentationId, cropsOfPhoto } from '../detection/crop-features.ts';
import { noDetector } from '../detection/detector.ts';
import type { Detector } from '../detection/detector.ts';
import { detectionFitId, fitDetection } from './fit-detection.ts';
import { encodeDetections } from '../detection/held-out-detections.ts';
import { regionsOf } from '../detection/regions.ts';
import { findDomain } from '../domain/domains.ts';
import type { Backbone } from '../model/backbone.ts';
import { PictureError } from '../model/picture.ts';
import type { View } from '../model/picture.ts';
import type { IterationImage } from '../store/iteration-image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';
import { PhotoError } from '../store/photo-files.ts';
import type { Store } from '../store/store.ts';
import type { Tag } from '../store/tag-store.ts';
import { presets } from './preset.ts';
import { fitHead, fitId } from './fit-head.ts';
import type { FitTask } from './fit-head.ts';
import { fitMultilabelHead } from './fit-multilabel-head.ts';
import type { Head } from './head.ts';
import { writeHead } from './head-file.ts';
import { featuresOfPhoto } from './photo-features.ts';
import { augmentationId, viewsToTrain } from './augmentation.ts';
import { trainingSetFault, TrainingError } from './training-fault.ts';
import { encodeHeldOut } from './validation.ts';

export type TrainingStage = 'looking' | 'fitting';

export interface IterationTask {
  readonly store: Store;
  readonly backbone: Backbone;
  /** Without one no detection can be trained. */
  readonly detector?: Detector | undefined;
  readonly iterationId: string;
  readonly onProgress: (stage: TrainingStage, done: number, of: number) => void;
  /** Called often; what it throws ends the work, which a later call takes up again. */
  readonly checkpoint: () => void;
}

const validationsAtOnce = 200;
const yieldMs = 5;
const faultsTold = 5;
const hourMs = 3_600_000;
/** The rest of the reserved time is for the fit. */
const shareOfLooking = 0.5;

/**
 * Trains what the iteration's project holds, or what an interrupted training of it had taken, and
 * completes it. @throws TrainingError
 */
export async function trainIteration(task: IterationTask): Promise<void> {
  const startedMs = performance.now();
  const { store, backbone } = task;
  const iteration = store.trainings.takeContents(task.iterationId, () => {
    task.checkpoint();
    yieldToOtherWriters();
  });
  // Deleted meanwhile.
  if (!iteration) return;
  const all = store.iterationImages.all(iteration.id);
  checkTrainingSet(iteration, all);
  const { images, head, report, validation } = isDetection(iteration)
    ? await trainDetection(task, iteration, all)
    : await trainClassification(task, iteration, all, startedMs);
  // In parts: one long one would keep the engine's other writes waiting.
  for (let start = 0; start < images.length; start += validationsAtOnce) {
    task.checkpoint();
    const part = images.slice(start, start + validationsAtOnce);
    store.iterationImages.validate(
      iteration.id,
      part.map(({ imageId }, index) => ({
        imageId,
        bytes: validation[start + index]!,
      })),
    );
    yieldToOtherWriters();
  }
  store.iterations.complete(iteration.id, {
    backboneId: backbone.id,
    fingerprint: fingerprintOf(iteration, images, backbone.id),
    head: writeHead(head),
    report,
    trainingMs: performance.now() - startedMs,
  });
}

/** Between writes: who waits for the database tries again only now and then. */
function yieldToOtherWriters(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, yieldMs);
}

interface Trained {
  /** What it was trained on: not what was deleted everywhere meanwhile. */
  readonly images: readonly IterationImage[];
  readonly head: Head;
  readonly report: unknown;
  /** One for each image, in their order. */
  readonly validation: readonly Uint8Array[];
}

function isDetection({ domainId }: Iteration): boolean {
  return findDomain(domainId)?.type === 'ObjectDetection';
}

function checkTrainingSet(iteration: Iteration, images: readonly IterationImage[]): void {
  const fault = trainingSetFault({
    isDetection: isDetection(iteration),
    classificationType: iteration.classificationType,
    tags: iteration.tags,
    severalTags: images.filter(({ labels }) => labels.length > 1).length,
  });
  if (fault !== undefined) throw new TrainingError(fault);
}

async function trainClassification(
  task: IterationTask,
  iteration: Iteration,
  images: readonly IterationImage[],
  startedMs: number,
): Promise<Trained> {
  const { trainingType, reservedHours } = iteration;
  const wanted = viewsToTrain(images.length, trainingType);
  const fewer = viewsToTrain(images.length, 'Regular');
  const until =
    trainingType === 'Advanced' ? startedMs + reservedHours * hourMs * shareOfLooking : Infinity;
  const seen = await lookAt(task, iteration, images, ({ photo }) =>
    lookAtOne(task, photo, performance.now() < until ? wanted : fewer),
  );
  const { head, report, heldOut } = fit(task, iteration, seen.images, seen.found);
  return {
    images: seen.images,
    head,
    report: { ...report, fitId, recipeId: augmentationId },
    validation: heldOut.map(encodeHeldOut),
  };
}

async function trainDetection(
  task: IterationTask,
  iteration: Iteration,
  images: readonly IterationImage[],
): Promise<Trained> {
  const { store, backbone, detector, checkpoint } = task;
  if (!detector) throw new TrainingError(noDetector);
  const trays = await lookAt(task, iteration, images, async (image) => {
    const { photo } = image;
    const regions = regionsOf(iteration, image);
    const crops = await orTrainingError(photo, () =>
      cropsOfPhoto({
        photo,
        regions: regions.map(({ box }) => box),
        features: store.features,
        backbone,
        detector,
        read: () => store.photos.read(photo),
        checkpoint,
      }),
    );
    return { regions, crops };
  });
  const photos = trays.found;
  const { head, report, heldOut } = fitDetection({ ...commonOf(task, iteration), photos });
  const ids = { fitId, detectionFitId, cropRecipeId: cropAugmentationId, detectorId: detector.id };
  return {
    images: trays.images,
    head,
    report: { ...report, ...ids },
    validation: heldOut.map(encodeDetections),
  };
}

/** Those images that are still there when all have been looked at, and what was found in each. */
interface Seen<Found> {
  readonly images: readonly IterationImage[];
  readonly found: readonly Found[];
}

async function lookAt<Found>(
  task: IterationTask,
  iteration: Iteration,
  images: readonly IterationImage[],
  look: (image: IterationImage) => Promise<Found>,
): Promise<Seen<Found>> {
  const { iterationImages, features, references } = task.store;
  const tagNames = new Map(iteration.tags.map(({ id, name }) => [id, name]));
  const found = new Map<IterationImage, Found>();
  const faults: string[] = [];
  for (const [index, image] of images.entries()) {
    task.checkpoint();
    task.onProgress('looking', index, images.length);
    try {
      found.set(image, await look(image));
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      // Deleted meanwhile, out of this iteration too.
      if (iterationImages.byIds(iteration.id, [image.imageId]).length === 0) continue;
      const under = image.labels.map(({ tagId }) => `"${tagNames.get(tagId) ?? tagId}"`).join(', ');
      faults.push(`image ${image.imageId} (${under}): ${error.message}`);
    }
  }
  task.onProgress('looking', images.length, images.length);
  if (faults.length > 0) {
    const more = faults.length > faultsTold ? `; and ${faults.length - faultsTold} more` : '';
    throw new TrainingError(
      `Some photos cannot be used: ${faults.slice(0, faultsTold).join('; ')}${more}. ` +
        'Delete these images, upload them again, and train again.',
    );
  }
  const there = new Set(iterationImages.ids(iteration.id));
  const left = images.filter(({ imageId }) => there.has(imageId));
  if (left.length < images.length) {
    const gone = images.filter(({ imageId }) => !there.has(imageId)).map(({ photo }) => photo);
    features.forget(gone.filter((photo) => !references.isUsed(photo)));
    checkTrainingSet({ ...iteration, tags: countedAgain(iteration.tags, left) }, left);
  }
  return { images: left, found: left.map((image) => found.get(image)!) };
}

function countedAgain(tags: readonly Tag[], images: readonly IterationImage[]): Tag[] {
  return tags.map((tag) => ({
    ...tag,
    imageCount: images.filter(({ labels }) => labels.some(({ tagId }) => tagId === tag.id)).length,
  }));
}

async function lookAtOne(
  { store, backbone, checkpoint }: IterationTask,
  photo: string,
  views: readonly View[],
): Promise<readonly Float32Array[]> {
  const read = (): Promise<Uint8Array> => store.photos.read(photo);
  const { features } = store;
  return orTrainingError(photo, () =>
    featuresOfPhoto({ photo, views, features, backbone, read, checkpoint }),
  );
}

/** Says of which photo it is that something is wrong. */
async function orTrainingError<Found>(photo: string, look: () => Promise<Found>): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PhotoError) {
      throw new TrainingError(`its file ${photo} is ${error.fault}`, { cause: error });
    }
    if (!(error instanceof PictureError)) throw error;
    throw new TrainingError(`its file ${photo} is no picture that can be read`, { cause: error });
  }
}

function commonOf(
  { backbone, onProgress, checkpoint }: IterationTask,
  { tags, trainingType }: Iteration,
): Omit<FitTask, 'photos'> {
  return {
    backboneId: backbone.id,
    featureCount: backbone.featureCount,
    tags: tags.map(({ id, name, type }) => ({ id, name, type })),
    preset: presets[trainingType],
    onProgress: (done, of) => onProgress('fitting', done, of),
    checkpoint,
  };
}

function fit(
  task: IterationTask,
  iteration: Iteration,
  images: readonly IterationImage[],
  views: readonly (readonly Float32Array[])[],
) {
  const { tags, classificationType } = iteration;
  const places = new Map(tags.map(({ id }, place) => [id, place]));
  const photos = images.map(({ labels }, index) => ({
    labels: labels.map(({ tagId }) => places.get(tagId)!),
    views: views[index]!,
  }));
  const common = commonOf(task, iteration);
  return classificationType === 'Multilabel'
    ? fitMultilabelHead({ ...common, photos })
    : fitHead({
        ...common,
        photos: photos.map(({ labels, views: each }) => ({ label: labels[0]!, views: each })),
      });
}

function fingerprintOf(
  { trainingType, classificationType, tags }: Iteration,
  images: readonly IterationImage[],
  backboneId: string,
): string {
  const hash = createHash('sha256');
  const how = [backboneId, augmentationId, fitId, trainingType, classificationType];
  hash.update(JSON.stringify([how, tags.map(({ id, name, type }) => [id, name, type])]));
  for (const { photo, labels } of images) hash.update(JSON.stringify([photo, labels]));
  return hash.digest('hex');
}
