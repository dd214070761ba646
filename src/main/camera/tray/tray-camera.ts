import type { CallReply } from '../../../shared/calls/call-messages.ts';
import { createCalls } from '../../../shared/calls/calls.ts';
import type { Calls } from '../../../shared/calls/calls.ts';
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

/** What the scene is asked. */
interface SceneCalls {
  photo(request: PhotoRequest): Photo;
}

/** A camera that looks at the 3D scene of its own hidden window. */
export function createTrayCamera(port: ScenePort, settings: SceneSettings): TrayCamera {
  const layoutListeners = new Set<(items: readonly LayoutItem[]) => void>();
  const weightListeners = new Set<(totalGrams: number) => void>();
  let layout: readonly LayoutItem[] = [];
  /** While the scene's page lives and is ready. */
  let calls: Calls<SceneCalls> | null = null;
  let reply: (message: CallReply) => void = () => undefined;

  const callScene = (): Calls<SceneCalls> =>
    createCalls<SceneCalls>({
      post: (message) => {
        if (message.kind !== 'call') return;
        const { region = { left: 0, top: 0, width: 1, height: 1 }, maxSide } = message.argument;
        const { id: requestId } = message;
        port.send('scene:take-photo', { requestId, region, maxSide, quality: jpegQuality });
      },
      on: (receive) => {
        reply = receive;
      },
      deadlineMs: photoTimeoutMs,
      errorOf: ({ message }) => brokenPicture(message),
      lateError: () => new CameraError('timeout', 'the scene gave no photo in time', advice),
    });

  const endCalls = (fault: CameraError): void => {
    calls?.end(fault);
    calls = null;
  };

  const handlersFor = (listener: CameraListener): Handlers<Scene> =>
    heeding(scene, {
      'scene:ready': () => {
        calls ??= callScene();
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
      'scene:photo': ({ requestId: id, ...photo }) => reply({ kind: 'done', id, response: photo }),
      'scene:failed': ({ message, fatal, requestId: id }) => {
        if (fatal) listener.status(lost(message));
        if (id !== undefined) reply({ kind: 'failed', id, failure: { message } });
      },
    });

  return {
    kind: 'tray',
    start: (listener) => {
      listener.status({ kind: 'starting' });
      port.open({
        handlers: handlersFor(listener),
        gone: () => {
          endCalls(brokenPicture('the scene window ended'));
          listener.status(lost('the scene window ended'));
        },
      });
    },
    photo: async (request: PhotoRequest) => {
      if (calls === null) throw brokenPicture('the scene is not ready');
      return calls.call('photo', request);
    },
    stop: async () => {
      endCalls(brokenPicture('the camera was stopped'));
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
