import type { Photo } from '../../../shared/frame.ts';
import type {
  LayoutItem,
  MainToScene,
  SceneSettings,
  SceneToMain,
} from '../../../shared/capture.ts';
import { CameraError } from '../camera.ts';
import type { Camera, CameraListener, PhotoRequest } from '../camera.ts';

/** The way to the scene's window; its messages are parsed already. */
export interface ScenePort {
  /** Opens the window; again after its process died, until `close`. */
  readonly open: (listener: {
    readonly message: (message: SceneToMain) => void;
    readonly gone: () => void;
  }) => void;
  readonly send: (message: MainToScene) => void;
  readonly close: () => Promise<void>;
}

/** The demo's virtual tray as a camera, with what only it can do besides. */
export interface TrayCamera extends Camera {
  readonly kind: 'tray';
  readonly lay: (productId: string) => void;
  readonly take: (instanceId: string) => void;
  readonly clear: () => void;
  /** What can be touched in the world view; the last layout at once, then every change. */
  readonly onLayout: (listener: (items: readonly LayoutItem[]) => void) => () => void;
  /** The demo's scale: what lies on the tray in all, in grams, whenever it changes. */
  readonly onWeight: (listener: (totalGrams: number) => void) => () => void;
}

const photoTimeoutMs = 1_500;
const jpegQuality = 0.9;

interface Waiting {
  readonly resolve: (photo: Photo) => void;
  readonly reject: (error: CameraError) => void;
  readonly timer: NodeJS.Timeout;
}

/** A camera that looks at the 3D scene of its own hidden window. */
export function createTrayCamera(port: ScenePort, settings: SceneSettings): TrayCamera {
  const waiting = new Map<number, Waiting>();
  const layoutListeners = new Set<(items: readonly LayoutItem[]) => void>();
  const weightListeners = new Set<(totalGrams: number) => void>();
  let layout: readonly LayoutItem[] = [];
  let nextRequestId = 1;
  let ready = false;

  const settle = (requestId: number): Waiting | undefined => {
    const found = waiting.get(requestId);
    if (found !== undefined) clearTimeout(found.timer);
    waiting.delete(requestId);
    return found;
  };

  const failAll = (fault: CameraError): void => {
    for (const requestId of [...waiting.keys()]) settle(requestId)?.reject(fault);
  };

  const receive = (message: SceneToMain, listener: CameraListener): void => {
    switch (message.kind) {
      case 'ready':
        ready = true;
        port.send({ kind: 'configure', ...settings });
        listener.status({ kind: 'ready', label: 'Virtual tray' });
        return;
      case 'thumb':
        listener.thumb(message);
        return;
      case 'worldFrame':
        listener.preview(message);
        return;
      case 'layout':
        layout = message.items;
        layoutListeners.forEach((tell) => tell(layout));
        return;
      case 'weight':
        weightListeners.forEach((tell) => tell(message.totalGrams));
        return;
      case 'photo':
        settle(message.requestId)?.resolve(message);
        return;
      case 'failed':
        if (message.fatal) listener.status(lost(message.message));
        if (message.requestId !== undefined) {
          settle(message.requestId)?.reject(brokenPicture(message.message));
        }
        return;
      case 'posed':
      case 'portrait':
      case 'scripted':
      case 'filmed':
      case 'batchDone':
        return;
    }
  };

  return {
    kind: 'tray',
    start: (listener) => {
      listener.status({ kind: 'starting' });
      port.open({
        message: (message) => receive(message, listener),
        gone: () => {
          ready = false;
          failAll(brokenPicture('the scene window ended'));
          listener.status(lost('the scene window ended'));
        },
      });
    },
    photo: (request: PhotoRequest) =>
      new Promise((resolve, reject) => {
        if (!ready) {
          reject(brokenPicture('the scene is not ready'));
          return;
        }
        const requestId = nextRequestId++;
        const timer = setTimeout(() => {
          waiting.delete(requestId);
          reject(new CameraError('timeout', 'the scene gave no photo in time', advice));
        }, photoTimeoutMs);
        waiting.set(requestId, { resolve, reject, timer });
        port.send({
          kind: 'photo',
          requestId,
          region: request.region ?? { left: 0, top: 0, width: 1, height: 1 },
          maxSide: request.maxSide,
          quality: jpegQuality,
        });
      }),
    stop: async () => {
      failAll(brokenPicture('the camera was stopped'));
      ready = false;
      await port.close();
    },
    lay: (productId) => port.send({ kind: 'lay', productId }),
    take: (instanceId) => port.send({ kind: 'take', instanceId }),
    clear: () => port.send({ kind: 'clear' }),
    onLayout: (tell) => {
      layoutListeners.add(tell);
      if (layout.length > 0) tell(layout);
      return () => layoutListeners.delete(tell);
    },
    onWeight: (tell) => {
      weightListeners.add(tell);
      return () => weightListeners.delete(tell);
    },
  };
}

const advice = 'Start the demo again; the virtual tray needs WebGL.';

function brokenPicture(message: string): CameraError {
  return new CameraError('broken-picture', message, advice);
}

function lost(message: string): Parameters<CameraListener['status']>[0] {
  return { kind: 'lost', fault: 'broken-picture', advice: `${advice} (${message})` };
}
