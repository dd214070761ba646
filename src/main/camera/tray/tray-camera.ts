import type { Photo } from '../../../shared/frame.ts';
import type { LayoutItem, SceneSettings } from '../../../shared/capture.ts';
import type { Handlers, PagePort } from '../../../shared/contracts/contract.ts';
import { scene } from '../../../shared/contracts/scene.ts';
import type { Scene } from '../../../shared/contracts/scene.ts';
import { heeding } from '../../ipc/heeding.ts';
import { CameraError } from '../camera.ts';
import type { Camera, CameraListener, PhotoRequest } from '../camera.ts';

/** The way to the scene's window. */
export type ScenePort = PagePort<Scene>;

/** The demo's virtual tray as a camera, with what only it can do besides. */
export interface TrayCamera extends Camera {
  readonly kind: 'tray';
  readonly lay: (productId: string) => void;
  readonly take: (instanceId: string) => void;
  readonly clear: () => void;
  /** What can be touched in the world view just now. */
  readonly layout: () => readonly LayoutItem[];
  /** The last layout at once, where there is one, then every change. */
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

  const handlersFor = (listener: CameraListener): Handlers<Scene> =>
    heeding(scene, {
      'scene:ready': () => {
        ready = true;
        port.send('scene:configure', settings);
        listener.status({ kind: 'ready', label: 'Virtual tray' });
      },
      'scene:thumb': (thumb) => listener.thumb(thumb),
      'scene:world-frame': (frame) => listener.preview(frame),
      'scene:layout': (items) => {
        layout = items;
        layoutListeners.forEach((tell) => tell(layout));
      },
      'scene:weight': (totalGrams) => weightListeners.forEach((tell) => tell(totalGrams)),
      'scene:photo': ({ requestId, ...photo }) => settle(requestId)?.resolve(photo),
      'scene:failed': ({ message, fatal, requestId }) => {
        if (fatal) listener.status(lost(message));
        if (requestId !== undefined) settle(requestId)?.reject(brokenPicture(message));
      },
    });

  return {
    kind: 'tray',
    start: (listener) => {
      listener.status({ kind: 'starting' });
      port.open({
        handlers: handlersFor(listener),
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
        port.send('scene:take-photo', {
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
    lay: (productId) => port.send('scene:lay', { productId }),
    take: (instanceId) => port.send('scene:take', { instanceId }),
    clear: () => port.send('scene:clear', null),
    layout: () => layout,
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
