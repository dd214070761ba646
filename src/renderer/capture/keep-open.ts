import { keepAlive } from '../../shared/keep-alive.ts';
import type { KeptAlive, Life } from '../../shared/keep-alive.ts';
import { systemTimers } from '../../shared/timers.ts';
import type { Timers } from '../../shared/timers.ts';
import type { CameraDevice, CameraWish, CaptureFailure } from '../../shared/capture-live.ts';

export interface KeepOpenParts {
  readonly mediaDevices: Pick<
    MediaDevices,
    'enumerateDevices' | 'getUserMedia' | 'addEventListener'
  >;
  readonly timers?: Timers;
}

export interface KeepOpenListener {
  readonly devices: (devices: readonly CameraDevice[]) => void;
  /** The track delivers from now on; the one before has been stopped. */
  readonly opened: (track: MediaStreamTrack) => void;
  /** Nothing is open; it is tried again by and by, and at once when a device comes or goes. */
  readonly lost: (failure: CaptureFailure) => void;
}

export interface KeptCamera {
  /** Closes what is open, and keeps the wished camera open from now on. */
  open(wish: CameraWish): void;
  /** The track has ended or delivers nothing: closes it and opens it again. */
  fail(failure: CaptureFailure): void;
}

const openTimeoutMs = 10_000;
const retryMs = [250, 500, 1000, 2000, 5000] as const;
/** One that opens and soon ends or delivers nothing, each time, is tried ever more slowly too. */
const healthyAfterMs = 10_000;

/** Keeps one camera open: unplugged, taken by another program or forbidden, it is tried again. */
export function keepCameraOpen(parts: KeepOpenParts, listener: KeepOpenListener): KeptCamera {
  const { mediaDevices, timers = systemTimers } = parts;
  let wish: CameraWish;
  let keeper: KeptAlive | null = null;
  let current: { readonly track: MediaStreamTrack; readonly life: Life } | null = null;

  async function connect(life: Life): Promise<void> {
    const opened = await within(openTimeoutMs, find(wish), (late) => late.stop());
    // Only the newest attempt counts: an older one that succeeds late is closed again.
    if (!life.isCurrent()) {
      opened.stop();
      return;
    }
    current = { track: opened, life };
    opened.addEventListener('ended', () =>
      life.ended(new DOMException('The camera was unplugged.', 'EndedError')),
    );
    listener.opened(opened);
    // Labels are complete only now.
    void tellDevices();
  }

  async function find(wanted: CameraWish): Promise<MediaStreamTrack> {
    const cameras = await tellDevices();
    const chosen = wanted.device === null ? null : choose(cameras, wanted.device);
    if (chosen === undefined || cameras.length === 0) {
      throw new DOMException(`No camera “${wanted.device ?? ''}”.`, 'NotFoundError');
    }
    const stream = await mediaDevices.getUserMedia({
      audio: false,
      video: {
        ...(chosen === null ? {} : { deviceId: { exact: chosen.id } }),
        width: { ideal: wanted.width },
        height: { ideal: wanted.height },
        frameRate: { ideal: wanted.framesPerSecond },
      },
    });
    const [found] = stream.getVideoTracks();
    if (found === undefined) throw new DOMException('No video in the stream.', 'NotFoundError');
    return found;
  }

  async function tellDevices(): Promise<readonly CameraDevice[]> {
    const all = await mediaDevices.enumerateDevices();
    const cameras = all
      .filter((one) => one.kind === 'videoinput')
      .map((one) => ({ id: one.deviceId, label: one.label }));
    listener.devices(cameras);
    return cameras;
  }

  /** Rejects after a time; what comes later is handed to `discard`. */
  function within<T>(limitMs: number, work: Promise<T>, discard: (late: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const cancel = timers.schedule(limitMs, () => {
        isLate = true;
        reject(new DOMException('The camera does not open.', 'TimeoutError'));
      });
      work.then(
        (value) => {
          cancel();
          if (isLate) discard(value);
          else resolve(value);
        },
        (error: unknown) => {
          cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  function closeTrack(): void {
    current?.track.stop();
    current = null;
  }

  mediaDevices.addEventListener('devicechange', () => {
    if (current === null) keeper?.restart();
    else void tellDevices();
  });

  return {
    open: (next) => {
      wish = next;
      closeTrack();
      if (keeper !== null) {
        keeper.restart();
        return;
      }
      keeper = keepAlive({
        start: connect,
        backoffMs: retryMs,
        healthyAfterMs,
        onEnded: (cause) => {
          closeTrack();
          listener.lost(asFailure(cause));
        },
        timers,
      });
    },
    fail: ({ name, message }) => current?.life.ended(new DOMException(message, name)),
  };
}

/** Chromium adds the USB ids to a label: “HD Webcam (046d:082d)”. */
function choose(cameras: readonly CameraDevice[], device: string): CameraDevice | undefined {
  return (
    cameras.find((camera) => camera.id === device) ??
    cameras.find((camera) => camera.label === device) ??
    cameras.find((camera) => camera.label.startsWith(`${device} (`))
  );
}

function asFailure(error: unknown): CaptureFailure {
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}
