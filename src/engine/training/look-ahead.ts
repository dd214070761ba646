import type { Backbone } from '../model/backbone.ts';
import type { Store } from '../store/store.ts';
import { featuresOfPhoto } from './photo-features.ts';
import { mostViews, augmentationId, viewsFor } from './augmentation.ts';

export interface LookAheadTask {
  readonly store: Store;
  readonly backbone: Backbone;
  readonly photos: readonly string[];
  readonly views: number;
  readonly checkpoint: () => void;
}

/** Keeps the features of photos that a training will ask for; what cannot be read it passes by. */
export async function lookAhead(task: LookAheadTask): Promise<void> {
  const { store, backbone, checkpoint } = task;
  const views = viewsFor(0, Math.min(task.views, mostViews));
  for (const photo of task.photos) {
    checkpoint();
    if (store.features.has({ photo, backboneId: backbone.id, augmentationId }, views.length))
      continue;
    const read = (): Promise<Uint8Array> => store.photos.read(photo);
    try {
      await featuresOfPhoto({ photo, views, features: store.features, backbone, read, checkpoint });
      // Deleted while it was looked at.
      if (!store.references.isUsed(photo)) store.features.forget([photo]);
    } catch {
      // The training itself names the photo, if it is still there by then.
      checkpoint();
    }
  }
}
