import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';

import { decodeDetections } from '../../detection/held-out-detections.ts';
import { measureTag } from '../../evaluation/measure.ts';
import type { JudgedPhoto, TagMeasure } from '../../evaluation/measure.ts';
import { regionsOf } from '../../detection/regions.ts';
import { limits } from '../../domain/limits.ts';
import { badRequest, ServiceError, serviceErrors } from '../../domain/service-error.ts';
import type { IterationImage } from '../../store/iteration-image-store.ts';
import type { Iteration } from '../../store/iteration-store.ts';
import type { Store } from '../../store/store.ts';
import type { Tag } from '../../store/tag-store.ts';
import { addFolds, averagePrecision, countFolds, measured } from '../../evaluation/performance.ts';
import type { FoldCounts, HeldOutTag } from '../../evaluation/performance.ts';
import { decodeHeldOut } from '../../training/validation.ts';
import { imageRegionAnswer, imageTagAnswer, labelsOf } from './answers.ts';
import { pageOf } from './image-routes.ts';
import { inputsOf } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { pictureLinks } from './picture-links.ts';
import type { PictureLinks } from './picture-links.ts';
import type { PathSigner } from '../signed-paths.ts';
import { createSemaphore } from '../semaphore.ts';
import { isDetection, iterationOf, projectOf } from './lookups.ts';

export interface PerformanceRoutesOptions {
  readonly store: Store;
  readonly signer: PathSigner;
}

const thresholdByDefault = 0.5;
const overlapByDefault = 0.3;
const imagesAtOnce = 100;

/** `GET projects/{projectId}/iterations/{iterationId}/performance[/images[/count]]` */
export function addPerformanceRoutes(
  server: FastifyInstance,
  { store, signer }: PerformanceRoutesOptions,
): void {
  const path = '/projects/:projectId/iterations/:iterationId/performance';
  const trainedOf = (params: unknown): Iteration => {
    const iteration = iterationOf(store, projectOf(store, params), params);
    if (iteration.status === 'Completed') return iteration;
    throw badRequest(
      'BadRequestIterationIsNotTrained',
      `The iteration is not trained; its status is ${iteration.status}.`,
    );
  };

  const enter = createSemaphore(
    { running: limits.runningMeasures, waiting: limits.waitingMeasures },
    serviceErrors.rateLimited,
  );
  server.get(path, async (request) => {
    const iteration = trainedOf(request.params);
    const inputs = inputsOf(request.query);
    const threshold = fraction(inputs, 'threshold') ?? thresholdByDefault;
    const overlap = fraction(inputs, 'overlapThreshold') ?? overlapByDefault;
    return enter(() =>
      isDetection(iteration)
        ? detectionAnswer(store, iteration, { threshold, overlap })
        : performanceAnswer(store, iteration, threshold),
    );
  });

  server.get(`${path}/images`, async (request) => {
    const iteration = trainedOf(request.params);
    const inputs = inputsOf(request.query);
    const images = store.iterationImages.list(iteration.id, tagIdsOf(inputs), pageOf(inputs));
    const linksFor = pictureLinks(signer, request);
    return images.map((image) => imagePerformanceAnswer(iteration, image, linksFor));
  });

  server.get(`${path}/images/count`, async (request, reply) => {
    const iteration = trainedOf(request.params);
    const count = store.iterationImages.count(iteration.id, tagIdsOf(inputsOf(request.query)));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(count));
  });
}

function tagIdsOf(inputs: Inputs): readonly string[] | undefined {
  return inputs.ids('tagIds', limits.tagsPerBatch);
}

function fraction(inputs: Inputs, name: string): number | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw badRequest('BadRequest', `The parameter ${name} must be a number from 0 to 1.`);
}

async function performanceAnswer(store: Store, { id, tags }: Iteration, threshold: number) {
  const { perTag, foldOf } = await heldOutOf(store, id, tags);
  const counts: FoldCounts[] = [];
  const precisions: number[] = [];
  for (const tag of perTag) {
    counts.push(countFolds(tag, foldOf, threshold));
    precisions.push(averagePrecision(tag));
    await nextTurn();
  }
  const taught = perTag.map(({ truths }) => truths.includes(1));
  const known = precisions.filter((_, tag) => taught[tag]);
  const meanPrecision = known.reduce((sum, one) => sum + one, 0) / Math.max(known.length, 1);
  return {
    perTagPerformance: tags.map((tag, place) => ({
      id: tag.id,
      name: tag.name,
      ...measured(counts[place]!, precisions[place]!),
    })),
    ...measured(addFolds(counts), meanPrecision),
  };
}

async function detectionAnswer(
  store: Store,
  iteration: Iteration,
  thresholds: { readonly threshold: number; readonly overlap: number },
) {
  const photos: JudgedPhoto[] = [];
  for (let after = ''; ;) {
    const part = store.iterationImages.validated(iteration.id, after, imagesAtOnce);
    for (const { labels, validation } of part) {
      const heldOut = validation && decodeDetections(validation);
      if (!heldOut) continue;
      const truths = regionsOf(iteration, { labels }).map(({ label, box }) => ({
        tag: label,
        box,
      }));
      photos.push({ ...heldOut, truths });
    }
    const last = part.at(-1);
    if (!last || part.length < imagesAtOnce) break;
    after = last.imageId;
    await nextTurn();
  }
  if (photos.length === 0) throw nothingMeasured();
  const measures: TagMeasure[] = [];
  for (const place of iteration.tags.keys()) {
    measures.push(measureTag(photos, place, thresholds));
    await nextTurn();
  }
  const known = measures.filter(({ truths }) => truths > 0);
  const sum = known.reduce((total, { averagePrecision: one }) => total + one, 0);
  return {
    perTagPerformance: iteration.tags.map(({ id, name }, place) => {
      const { folds, averagePrecision: precision } = measures[place]!;
      return { id, name, ...measured(folds, precision) };
    }),
    ...measured(addFolds(measures.map(({ folds }) => folds)), sum / Math.max(known.length, 1)),
  };
}

function nothingMeasured(): ServiceError {
  return new ServiceError(
    404,
    'NotFoundIterationPerformance',
    'Nothing was measured when this iteration was trained. Train the project again.',
  );
}

/** Read in parts, with turns for others in between: there may be 100,000 images. */
async function heldOutOf(
  store: Store,
  iterationId: string,
  tags: readonly Tag[],
): Promise<{ perTag: readonly HeldOutTag[]; foldOf: Uint8Array }> {
  const count = store.iterationImages.count(iterationId, undefined);
  const places = new Map(tags.map((tag, place) => [tag.id, place]));
  const perTag = tags.map(() => ({
    probabilities: new Float32Array(count),
    truths: new Uint8Array(count),
  }));
  const foldOf = new Uint8Array(count);
  let found = 0;
  for (let after = ''; ;) {
    const part = store.iterationImages.validated(iterationId, after, imagesAtOnce);
    for (const { tagIds, validation } of part) {
      const heldOut = validation && decodeHeldOut(validation, tags.length);
      if (!heldOut || found >= count) continue;
      foldOf[found] = heldOut.fold;
      heldOut.probabilities.forEach((one, place) => {
        perTag[place]!.probabilities[found] = one;
      });
      for (const tagId of tagIds) perTag[places.get(tagId) ?? -1]!.truths[found] = 1;
      found += 1;
    }
    const last = part.at(-1);
    if (!last || part.length < imagesAtOnce) break;
    after = last.imageId;
    await nextTurn();
  }
  if (found === 0) throw nothingMeasured();
  return {
    perTag: perTag.map(({ probabilities, truths }) => ({
      probabilities: probabilities.subarray(0, found),
      truths: truths.subarray(0, found),
    })),
    foldOf: foldOf.subarray(0, found),
  };
}

function imagePerformanceAnswer(
  iteration: Iteration,
  { imageId, photo, width, height, createdAt, labels, validation }: IterationImage,
  links: PictureLinks,
) {
  const { tags, regions } = labelsOf(iteration, labels, createdAt);
  return {
    predictions: validation === null ? [] : heldOutPredictions(iteration, validation),
    id: imageId,
    created: createdAt,
    width,
    height,
    imageUri: links(photo, 'original'),
    thumbnailUri: links(photo, 'thumbnail'),
    tags: tags.map(imageTagAnswer),
    regions: regions.map(imageRegionAnswer),
  };
}

function heldOutPredictions(iteration: Iteration, validation: Uint8Array) {
  if (isDetection(iteration)) {
    return (decodeDetections(validation)?.detections ?? []).map(({ probability, tag, box }) => ({
      probability,
      ...predictedTag(iteration.tags[tag]!),
      boundingBox: box,
    }));
  }
  return (decodeHeldOut(validation, iteration.tags.length)?.probabilities ?? [])
    .map((probability, place) => ({ probability, ...predictedTag(iteration.tags[place]!) }))
    .toSorted((a, b) => b.probability - a.probability);
}

function predictedTag({ id, name, type }: Tag) {
  return { tagId: id, tagName: name, tagType: type };
}
