import type { Orientation } from '../../shared/orientation.ts';
import { ownScript } from '../parts/own-script.ts';
import { callWorker } from '../parts/worker-calls.ts';
import type { FrameWork } from './frame-pump.ts';
import type { PhotoWorker } from './photo-job.ts';
// oxlint-disable-next-line import/default -- Vite gives a "?worker&url" import its default export.
import workerUrl from './photo-worker.ts?worker&url';

/** Nobody waits so long for a photo: whoever needs so much time hangs. */
const deadlineMs = 10_000;

/**
 * Photos made in a worker: on the page's own thread Chromium puts encoding off until the page is
 * idle, behind thumbs and previews, while a shopper waits for the photo.
 */
export function createPhotoWork(orientation: () => Orientation): FrameWork<VideoFrame>['photo'] {
  const script = ownScript('photo-worker', workerUrl);
  const call = callWorker<PhotoWorker>(() => new Worker(script, { type: 'module' }), {
    deadlineMs,
  });
  return (frame, region, maxSide) => {
    const own = frame.clone();
    return call(
      'photo',
      { frame: own, region, maxSide, orientation: orientation() },
      { transfer: [own] },
    );
  };
}
