import type { LiveCapture, MainToCapture } from '../../shared/capture-live.ts';
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

// Each hidden page has another `capture`, put there by its own preload.
const main = (window as unknown as { readonly capture: LiveCapture }).capture;

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
    thumb: (thumb) => main.thumb(thumb),
    preview: (preview) => main.preview(preview),
    failed: (failure) => camera.fail(failure),
  },
);

const camera = keepCameraOpen(
  { mediaDevices: navigator.mediaDevices },
  {
    devices: (devices) => main.devices(devices),
    opened: (track) => {
      tuning = createTrackTuning(track);
      const { width = 0, height = 0 } = track.getSettings();
      main.opened({ label: track.label, width, height });
      pump.run(new MediaStreamTrackProcessor({ track }).readable);
    },
    lost: (failure) => main.lost(failure),
  },
);

main.onCommand((command: MainToCapture) => {
  switch (command.kind) {
    case 'open':
      ({ orientation } = command);
      camera.open(command);
      return;
    case 'taken':
      pump.taken(command.what);
      return;
    case 'photo':
      pump.photo(command.region, command.maxSide).then(
        (photo) => main.photo(command.requestId, photo),
        (error: unknown) => main.photoFailed(command.requestId, String(error)),
      );
      return;
    case 'tune':
      // Before a camera is open there is none that main could want to tune.
      void tuning?.take(command.step).then((outcome) => main.tuned(command.requestId, outcome));
      return;
  }
});

main.ready();
