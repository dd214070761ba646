import type { Photo } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import { ownScript } from '../parts/own-script.ts';
import type { FrameWork } from './frame-pump.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './photo-worker.ts?worker&url';

/** A frame is handed over with it, and closed by who takes it. */
export interface PhotoOrder {
  readonly id: number;
  readonly frame: VideoFrame;
  readonly region: ItemRegion | null;
  readonly maxSide: number;
}

type Made = Omit<Photo, 'atMs'>;

export type PhotoAnswer =
  { readonly id: number; readonly photo: Made } | { readonly id: number; readonly problem: string };

interface Waiting {
  readonly resolve: (photo: Made) => void;
  readonly reject: (problem: Error) => void;
}

/**
 * Photos made in a worker: on the page's own thread Chromium puts encoding off until the page is
 * idle, behind thumbs and previews, while a shopper waits for the photo.
 */
export function createPhotoWork(): FrameWork<VideoFrame>['photo'] {
  const worker = new Worker(ownScript('photo-worker', workerUrl), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<PhotoAnswer>) => {
    const order = waiting.get(data.id);
    waiting.delete(data.id);
    if ('photo' in data) order?.resolve(data.photo);
    else order?.reject(new Error(data.problem));
  });
  worker.addEventListener('error', ({ message }) => {
    for (const order of waiting.values()) order.reject(new Error(message));
    waiting.clear();
  });
  return (frame, region, maxSide) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      const own = frame.clone();
      const order: PhotoOrder = { id: lastId, frame: own, region, maxSide };
      worker.postMessage(order, [own]);
    });
}
