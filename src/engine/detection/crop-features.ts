import { createHash } from 'node:crypto';

import { limits } from '../domain/limits.ts';
import type { Backbone } from '../model/backbone.ts';
import { checkPicture, decodePicture } from '../model/picture.ts';
import type { View } from '../model/picture.ts';
import type { FeatureStore } from '../store/feature-store.ts';
import type { Box } from '../domain/box.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import { grown, withinPicture } from './boxes.ts';
import type { Detector } from './detector.ts';
import type { Proposal } from './decode.ts';

/** Changes whenever the same photo would be looked at in another way. */
export const cropAugmentationId = 'crops-1';

/** A little of what is around a thing is seen with it, for no box is exact. */
const margin = 1.1;

/** How regions are looked at besides as they are: they shall be known in any turn. */
const regionViews: readonly View[] = [
  {},
  { flip: true, zoom: 0.9 },
  { turnDegrees: 90, gain: 0.9 },
  { turnDegrees: 180, flip: true, zoom: 1.1, shift: [0.04, -0.04], gain: 1.1 },
];

export function cropView(box: Box): View {
  return { part: withinPicture(grown(box, margin)) };
}

/** Of boxes that nobody proposed, so that where little is proposed the background is taught too. */
const strays = 3;

/** A photo as a training looks at it. */
export interface PhotoCrops {
  /** The strongest first; at the end boxes at random, whose objectness is 0. */
  readonly proposals: readonly (Proposal & { readonly features: Float32Array })[];
  /** Of each region, as it is and in other views. */
  readonly regions: readonly (readonly Float32Array[])[];
}

export interface CropTask {
  /** The photo's name. */
  readonly photo: string;
  readonly regions: readonly Box[];
  readonly features: FeatureStore;
  readonly backbone: Backbone;
  readonly detector: Detector;
  /** Gives the photo's bytes; called where it was not looked at before. */
  readonly read: () => Promise<Uint8Array>;
  /** Called between crops; what it throws ends the work. */
  readonly checkpoint: () => void;
}

/** The features of a photo's proposals and regions, computed once and kept. @throws PictureError */
export async function cropsOfPhoto(task: CropTask): Promise<PhotoCrops> {
  const { photo, regions, features, backbone, detector } = task;
  const key = {
    photo,
    backboneId: backbone.id,
    augmentationId: `${cropAugmentationId} ${detector.id} ${digest(regions)}`,
  };
  const kept = unpacked(features.get(key, backbone.featureCount), regions.length);
  if (kept) return kept;
  const bytes = await task.read();
  checkPicture(bytes, limits.trainingPictureBytes);
  const image = await decodePicture(bytes);
  const found = await detector.propose(image);
  const proposals = [...found, ...strayBoxes(photo)];
  const views = [
    ...proposals.map(({ box }) => cropView(box)),
    ...regions.flatMap((box) => regionViews.map((view) => ({ ...cropView(box), ...view }))),
  ];
  const rows: Float32Array[] = [];
  // One at a time: that is as fast as many together, and predictions come in between.
  for (const view of views) {
    task.checkpoint();
    rows.push(...(await backbone.features(image, [view])));
  }
  features.keep(key, [...packed(proposals, backbone.featureCount), ...rows]);
  return cropsFrom(proposals, rows, regions.length);
}

function cropsFrom(
  proposals: readonly Proposal[],
  rows: readonly Float32Array[],
  regions: number,
): PhotoCrops {
  return {
    proposals: proposals.map((proposal, index) => ({ ...proposal, features: rows[index]! })),
    regions: Array.from({ length: regions }, (_, region) => {
      const start = proposals.length + region * regionViews.length;
      return rows.slice(start, start + regionViews.length);
    }),
  };
}

/** The same ones for the same photo. */
function strayBoxes(photo: string): Proposal[] {
  const random = seededRandom(createHash('sha256').update(photo).digest().readUInt32LE());
  return Array.from({ length: strays }, () => {
    const [width, height] = [0.1 + 0.3 * random(), 0.1 + 0.3 * random()];
    const box = { left: random() * (1 - width), top: random() * (1 - height), width, height };
    return { box, objectness: 0 };
  });
}

const numbersEach = 5;

/** The proposals themselves, kept as a row before the features of their crops. */
function packed(proposals: readonly Proposal[], featureCount: number): Float32Array[] {
  const row = new Float32Array(featureCount);
  row[0] = proposals.length;
  proposals.forEach(({ box: { left, top, width, height }, objectness }, index) =>
    row.set([left, top, width, height, objectness], 1 + index * numbersEach),
  );
  return [row];
}

function unpacked(
  [row, ...rows]: readonly Float32Array[],
  regions: number,
): PhotoCrops | undefined {
  if (!row) return undefined;
  const count = row[0]!;
  if (rows.length !== count + regions * regionViews.length) return undefined;
  const proposals = Array.from({ length: count }, (_, index) => {
    const start = 1 + index * numbersEach;
    const [left = 0, top = 0, width = 0, height = 0, objectness = 0] = row.subarray(
      start,
      start + numbersEach,
    );
    return { box: { left, top, width, height }, objectness };
  });
  return cropsFrom(proposals, rows, regions);
}

function digest(regions: readonly Box[]): string {
  const boxes = regions.map(({ left, top, width, height }) => [left, top, width, height]);
  return createHash('sha256').update(JSON.stringify(boxes)).digest('hex').slice(0, 16);
}
