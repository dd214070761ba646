import type { Photo } from '../../shared/frame.ts';
import type { Orientation } from '../../shared/orientation.ts';
import { ownScript } from '../parts/own-script.ts';
import { orderFrom } from '../parts/worker-orders.ts';
import type { FrameWork } from './frame-pump.ts';
import type { PhotoOrder } from './photo-order.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './photo-worker.ts?worker&url';

/**
 * Photos made in a worker: on the page's own thread Chromium puts encoding off until the page is
 * idle, behind thumbs and previews, while a shopper waits for the photo.
 */
export function createPhotoWork(orientation: () => Orientation): FrameWork<VideoFrame>['photo'] {
  const script = ownScript('photo-worker', workerUrl);
  const order = orderFrom<PhotoOrder, Omit<Photo, 'atMs'>>(
    () => new Worker(script, { type: 'module' }),
  );
  return (frame, region, maxSide) => {
    const own = frame.clone();
    return order({ frame: own, region, maxSide, orientation: orientation() }, [own]);
  };
}
