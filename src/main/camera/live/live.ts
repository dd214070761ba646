import type { CameraDevice } from '../../../shared/capture-live.ts';
import type { TuningOutcome, TuningStep } from '../../../shared/camera-tuning.ts';
import type { Capture } from '../../../shared/contracts/capture.ts';
import type { Handlers, PagePort } from '../../../shared/contracts/contract.ts';
import type { Photo } from '../../../shared/frame.ts';
import { asTaken } from '../../../shared/orientation.ts';
import type { Orientation } from '../../../shared/orientation.ts';
import { cameraAdvice } from '../advice.ts';
import { CameraError } from '../camera.ts';
import type { Camera, CameraFault, CameraListener, PhotoRequest } from '../camera.ts';
import { faultOfCapture, probeVideoNodes } from './fault.ts';

export interface LiveOptions {
  readonly window: PagePort<Capture>;
  /** Id or label of a device; null for whichever there is. */
  readonly device: string | null;
  /** Asked of the camera, which may have another. Default 640 × 480. */
  readonly size?: { readonly width: number; readonly height: number };
  /** How its picture becomes upright. Default: as it is taken. */
  readonly orientation?: Orientation;
  /** Default 1500. */
  readonly photoTimeoutMs?: number;
  /** Default 5000. */
  readonly tuneTimeoutMs?: number;
  /** For the page to load and answer. Default 15000. */
  readonly readyTimeoutMs?: number;
  readonly probe?: () => Promise<'open' | 'denied'>;
}

/** Chromium's own capture, with what staff need to choose the camera. */
export interface LiveCamera extends Camera {
  readonly kind: 'live';
  /** The cameras there are, the last list at once, then at every change; ends with the function returned. */
  readonly onDevices: (listener: (devices: readonly CameraDevice[]) => void) => () => void;
  /** Changes to another camera; null for whichever there is. */
  readonly choose: (device: string | null) => void;
  /** Asks the open camera through Chromium. Rejects with a CameraError. */
  readonly tune: (step: TuningStep) => Promise<TuningOutcome>;
}

interface Waiting<T> {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: CameraError) => void;
  readonly timer: NodeJS.Timeout;
}

export function createLiveCamera(options: LiveOptions): LiveCamera {
  const size = options.size ?? { width: 640, height: 480 };
  const orientation = options.orientation ?? asTaken;
  const photoTimeoutMs = options.photoTimeoutMs ?? 1500;
  const probe = options.probe ?? probeVideoNodes;
  const photos = new Map<number, Waiting<Photo>>();
  const tunings = new Map<number, Waiting<TuningOutcome>>();
  const deviceListeners = new Set<(devices: readonly CameraDevice[]) => void>();
  let devices: readonly CameraDevice[] = [];
  let device = options.device;
  let lost: CameraError | null = null;
  let isOpen = false;
  let pageIsReady = false;
  let readyTimer: NodeJS.Timeout | null = null;
  let lastRequestId = 0;
  let stopped = false;
  // A probe that answers late must not speak over a camera that has come back meanwhile.
  let turn = 0;

  const { send } = options.window;

  function open(): void {
    turn += 1;
    isOpen = false;
    send('capture:open', { device, ...size, framesPerSecond: 30, orientation });
  }

  function settle<T>(waiting: Map<number, Waiting<T>>, requestId: number): Waiting<T> | undefined {
    const found = waiting.get(requestId);
    if (found !== undefined) clearTimeout(found.timer);
    waiting.delete(requestId);
    return found;
  }

  function rejectAll(error: CameraError): void {
    for (const requestId of photos.keys()) settle(photos, requestId)?.reject(error);
    for (const requestId of tunings.keys()) settle(tunings, requestId)?.reject(error);
  }

  /** Sends a request under a number of its own, for whose answer so long is waited. */
  function ask<T>(
    waiting: Map<number, Waiting<T>>,
    limitMs: number,
    late: string,
    sendRequest: (requestId: number) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!isOpen || stopped) {
        reject(lost ?? new CameraError('timeout', 'No camera is open.', cameraAdvice.timeout));
        return;
      }
      const requestId = ++lastRequestId;
      const timer = setTimeout(() => {
        waiting.delete(requestId);
        reject(new CameraError('timeout', late, cameraAdvice.timeout));
      }, limitMs);
      waiting.set(requestId, { resolve, reject, timer });
      sendRequest(requestId);
    });
  }

  function lose(fault: CameraFault, message: string, listener: CameraListener): void {
    if (stopped) return;
    const isNews = isOpen || lost?.fault !== fault;
    isOpen = false;
    lost = new CameraError(fault, message, cameraAdvice[fault]);
    rejectAll(lost);
    if (isNews) listener.status({ kind: 'lost', fault, advice: lost.advice });
  }

  function waitForPage(listener: CameraListener): void {
    if (readyTimer !== null) clearTimeout(readyTimer);
    readyTimer = setTimeout(
      () => lose('timeout', 'The capture page does not start.', listener),
      options.readyTimeoutMs ?? 15_000,
    );
  }

  const handlersFor = (listener: CameraListener): Handlers<Capture> => ({
    'capture:ready': () => {
      pageIsReady = true;
      if (readyTimer !== null) clearTimeout(readyTimer);
      open();
    },
    'capture:devices': (list) => {
      devices = list;
      for (const tell of deviceListeners) tell(devices);
    },
    'capture:opened': ({ label }) => {
      turn += 1;
      isOpen = true;
      lost = null;
      listener.status({ kind: 'ready', label });
    },
    'capture:lost': (failure) => {
      const asked = ++turn;
      void probe().then((nodes) => {
        if (asked === turn) lose(faultOfCapture(failure, nodes), failure.message, listener);
      });
    },
    'capture:thumb': (thumb) => {
      send('capture:taken', 'thumb');
      listener.thumb(thumb);
    },
    'capture:preview': (preview) => {
      send('capture:taken', 'preview');
      listener.preview(preview);
    },
    'capture:photo': ({ requestId, ...photo }) => settle(photos, requestId)?.resolve(photo),
    'capture:photo-failed': ({ requestId, message }) =>
      settle(photos, requestId)?.reject(
        new CameraError('broken-picture', message, cameraAdvice['broken-picture']),
      ),
    'capture:tuned': ({ requestId, ...outcome }) => settle(tunings, requestId)?.resolve(outcome),
  });

  return {
    kind: 'live',
    start: (listener) => {
      listener.status({ kind: 'starting' });
      waitForPage(listener);
      options.window.open({
        handlers: handlersFor(listener),
        gone: (reason) => {
          turn += 1;
          pageIsReady = false;
          waitForPage(listener);
          lose('timeout', `The capture page ended: ${reason}`, listener);
        },
      });
    },
    photo: ({ region, maxSide }: PhotoRequest) =>
      ask(photos, photoTimeoutMs, 'No photo came in time.', (requestId) =>
        send('capture:take-photo', { requestId, region: region ?? null, maxSide }),
      ),
    tune: (step) =>
      ask(
        tunings,
        options.tuneTimeoutMs ?? 5000,
        'The camera was not tuned in time.',
        (requestId) => send('capture:tune', { requestId, step }),
      ),
    stop: async () => {
      stopped = true;
      if (readyTimer !== null) clearTimeout(readyTimer);
      rejectAll(new CameraError('timeout', 'The camera was stopped.', cameraAdvice.timeout));
      await options.window.close();
    },
    onDevices: (tell) => {
      deviceListeners.add(tell);
      if (devices.length > 0) tell(devices);
      return () => deviceListeners.delete(tell);
    },
    choose: (next) => {
      device = next;
      if (pageIsReady) open();
    },
  };
}
