import { checkPicture, decodePicture } from '../model/picture.ts';
import type { Backbone } from '../model/backbone.ts';
import type { View } from '../model/picture.ts';
import { limits } from '../domain/limits.ts';
import type { FeatureStore } from '../store/feature-store.ts';
import { augmentationId } from './augmentation.ts';

export interface LookTask {
  /** The photo's name. */
  readonly photo: string;
  readonly views: readonly View[];
  readonly features: FeatureStore;
  readonly backbone: Backbone;
  /** Gives the photo's bytes; called where not all views are kept already. */
  readonly read: () => Promise<Uint8Array>;
  /** Called between views; what it throws ends the work. */
  readonly checkpoint?: () => void;
}

/** The features of each view of a photo, computed once and kept. @throws PictureError */
export async function featuresOfPhoto(task: LookTask): Promise<readonly Float32Array[]> {
  const { photo, views, features, backbone } = task;
  const key = { photo, backboneId: backbone.id, augmentationId };
  const kept = features.get(key, backbone.featureCount);
  if (kept.length >= views.length) return kept.slice(0, views.length);
  const bytes = await task.read();
  checkPicture(bytes, limits.trainingPictureBytes);
  const image = await decodePicture(bytes);
  const all = [...kept];
  // One at a time: that is as fast as many together, and predictions come in between.
  for (const view of views.slice(kept.length)) {
    task.checkpoint?.();
    all.push(...(await backbone.features(image, [view])));
  }
  features.keep(key, all);
  return all;
}
