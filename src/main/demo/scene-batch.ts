import type { MainToScene, SceneSettings, SceneToMain } from '../../shared/capture.ts';
import { asTaken } from '../../shared/orientation.ts';
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

/** Has the scene do one piece of batch work and hands on what it says. Rejects when it fails. */
export function runBatch(
  port: ScenePort,
  order: MainToScene,
  receive: (message: SceneToMain) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open({
      message: (message) => {
        switch (message.kind) {
          case 'ready':
            port.send({ kind: 'configure', ...sceneForBatches });
            port.send(order);
            return;
          case 'batchDone':
            resolve();
            return;
          case 'failed':
            reject(new Error(message.message));
            return;
          default:
            receive(message);
        }
      },
      gone: () => reject(new Error('The scene window ended while it rendered.')),
    });
  });
}
