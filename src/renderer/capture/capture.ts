import type { Capture } from '../../shared/contracts/capture.ts';
import type { PageApi } from '../../shared/contracts/contract.ts';
import { createFramePump } from './frame-pump.ts';
import { createFrameWork } from './frame-work.ts';
import { keepCameraOpen } from './keep-open.ts';
import { asTaken } from '../../shared/orientation.ts';
import { createPhotoWork } from './photo-work.ts';
import { createTrackTuning } from './tune-track.ts';
import type { TrackTuning } from './tune-track.ts';

/** https://www.w3.org/TR/mediacapture-transform/; Chromium has it in windows too, TypeScript has not. */
const { MediaStreamTrackProcessor } = globalThis as unknown as {
  readonly MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack }) => {
    readonly readable: ReadableStream<VideoFrame>;
  };
};

declare global {
  interface Window {
    readonly capture: PageApi<Capture>;
  }
}

const { tell, on } = window.capture;

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

let orientation = asTaken;
let tuning: TrackTuning | null = null;
const work = createFrameWork(() => orientation);
const photo = createPhotoWork(() => orientation);

const pump = createFramePump(
  // From one origin for all processes, so that main can tell how long a picture was on its way.
  {
    work: { ...work, photo },
    now: () => performance.timeOrigin + performance.now(),
    after,
  },
  {
    thumb: tell['capture:thumb'],
    preview: tell['capture:preview'],
    failed: (failure) => camera.fail(failure),
  },
);

const camera = keepCameraOpen(
  { mediaDevices: navigator.mediaDevices },
  {
    devices: tell['capture:devices'],
    opened: (track) => {
      tuning = createTrackTuning(track);
      const { width = 0, height = 0 } = track.getSettings();
      tell['capture:opened']({ label: track.label, width, height });
      pump.run(new MediaStreamTrackProcessor({ track }).readable);
    },
    lost: tell['capture:lost'],
  },
);

on['capture:open']((wish) => {
  ({ orientation } = wish);
  camera.open(wish);
});
on['capture:taken']((what) => pump.taken(what));
on['capture:take-photo'](({ requestId, region, maxSide }) => {
  pump.photo(region, maxSide).then(
    (photo) => tell['capture:photo']({ requestId, ...photo }),
    (error: unknown) => tell['capture:photo-failed']({ requestId, message: String(error) }),
  );
});
on['capture:tune'](({ requestId, step }) => {
  // Before a camera is open there is none that main could want to tune.
  void tuning?.take(step).then((outcome) => tell['capture:tuned']({ requestId, ...outcome }));
});

tell['capture:ready']();
