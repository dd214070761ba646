import type { CallReply } from '../../../shared/calls/call-messages.ts';
import { createCalls } from '../../../shared/calls/calls.ts';
import type { Calls } from '../../../shared/calls/calls.ts';
import type { CameraDevice } from '../../../shared/capture-live.ts';
import type { TuningOutcome, TuningStep } from '../../../shared/camera-tuning.ts';
import type { Capture } from '../../../shared/contracts/capture.ts';
import type { Handlers, PagePort } from '../../../shared/contracts/contract.ts';
import type { Photo } from '../../../shared/frame.ts';
import type { ItemRegion } from '../../../shared/item-mask.ts';
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

/** What the open camera is asked through its page. */
interface OpenCamera {
  photo(wish: { readonly region: ItemRegion | null; readonly maxSide: number }): Photo;
  tune(wish: { readonly step: TuningStep }): TuningOutcome;
}

const lateMessages = {
  photo: 'No photo came in time.',
  tune: 'The camera was not tuned in time.',
} as const;

export function createLiveCamera(options: LiveOptions): LiveCamera {
  const size = options.size ?? { width: 640, height: 480 };
  const orientation = options.orientation ?? asTaken;
  const photoTimeoutMs = options.photoTimeoutMs ?? 1500;
  const probe = options.probe ?? probeVideoNodes;
  const deviceListeners = new Set<(devices: readonly CameraDevice[]) => void>();
  let devices: readonly CameraDevice[] = [];
  let device = options.device;
  let lost: CameraError | null = null;
  let isOpen = false;
  /** From one opening of the camera until it is lost; another opening meanwhile changes nothing. */
  let calls: Calls<OpenCamera> | null = null;
  let reply: (message: CallReply) => void = () => undefined;
  let pageIsReady = false;
  let readyTimer: NodeJS.Timeout | null = null;
  let stopped = false;
  // A probe that answers late must not speak over a camera that has come back meanwhile.
  let turn = 0;

  const { send } = options.window;

  function open(): void {
    turn += 1;
    isOpen = false;
    send('capture:open', { device, ...size, framesPerSecond: 30, orientation });
  }

  /** Each message has its request's number; what nobody waits for any more is made all the same. */
  function callCamera(): Calls<OpenCamera> {
    return createCalls<OpenCamera>({
      post: (message) => {
        if (message.kind !== 'call') return;
        const { id: requestId } = message;
        if (message.name === 'photo') {
          send('capture:take-photo', { requestId, ...message.argument });
        } else {
          send('capture:tune', { requestId, ...message.argument });
        }
      },
      on: (receive) => {
        reply = receive;
      },
      errorOf: ({ message }) =>
        new CameraError('broken-picture', message, cameraAdvice['broken-picture']),
      lateError: (name) => new CameraError('timeout', lateMessages[name], cameraAdvice.timeout),
    });
  }

  function endCalls(error: CameraError): void {
    calls?.end(error);
    calls = null;
  }

  function openCamera(): Calls<OpenCamera> {
    if (calls !== null && isOpen && !stopped) return calls;
    throw lost ?? new CameraError('timeout', 'No camera is open.', cameraAdvice.timeout);
  }

  function lose(fault: CameraFault, message: string, listener: CameraListener): void {
    if (stopped) return;
    const isNews = isOpen || lost?.fault !== fault;
    isOpen = false;
    lost = new CameraError(fault, message, cameraAdvice[fault]);
    endCalls(lost);
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
      calls ??= callCamera();
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
    'capture:photo': ({ requestId: id, ...photo }) => reply({ kind: 'done', id, response: photo }),
    'capture:photo-failed': ({ requestId: id, message }) =>
      reply({ kind: 'failed', id, failure: { message } }),
    'capture:tuned': ({ requestId: id, ...outcome }) =>
      reply({ kind: 'done', id, response: outcome }),
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
    photo: async ({ region, maxSide }: PhotoRequest) =>
      openCamera().call(
        'photo',
        { region: region ?? null, maxSide },
        { deadlineMs: photoTimeoutMs },
      ),
    tune: async (step) =>
      openCamera().call('tune', { step }, { deadlineMs: options.tuneTimeoutMs ?? 5000 }),
    stop: async () => {
      stopped = true;
      if (readyTimer !== null) clearTimeout(readyTimer);
      endCalls(new CameraError('timeout', 'The camera was stopped.', cameraAdvice.timeout));
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
