import type { SceneSettings } from '../../shared/capture.ts';
import type { EventName, Handlers, PayloadOf } from '../../shared/contracts/contract.ts';
import { scene } from '../../shared/contracts/scene.ts';
import type { Scene } from '../../shared/contracts/scene.ts';
import { asTaken } from '../../shared/orientation.ts';
import { heeding } from '../ipc/heeding.ts';
import type { ScenePort } from '../camera/tray/tray-camera.ts';

/** Each piece of work brings its own light and noise; the world view is not looked at. */
const sceneForBatches: SceneSettings = {
  seed: 1,
  productIds: [],
  worldSize: { width: 320, height: 240 },
  light: { level: 1, warmth: 0, turn: 0 },
  noise: 0,
  orientation: asTaken,
};

/** Has the scene do one piece of batch work, and hears what it says of it. Rejects when it fails. */
export function runBatch<E extends EventName<Scene>>(
  port: ScenePort,
  order: E,
  payload: PayloadOf<Scene, E>,
  heard: Partial<Handlers<Scene>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open({
      handlers: heeding(scene, {
        ...heard,
        'scene:ready': () => {
          port.send('scene:configure', sceneForBatches);
          port.send(order, payload);
        },
        'scene:batch-done': () => resolve(),
        'scene:failed': ({ message }) => reject(new Error(message)),
      }),
      gone: () => reject(new Error('The scene window ended while it rendered.')),
    });
  });
}
