import { session } from 'electron';
import { scene } from '../../../../shared/contracts/scene.ts';
import { denyPermissions } from '../../../app/lock-down.ts';
import { createCaptureWindow } from '../../../camera/capture-window.ts';
import type { ScenePort } from '../../../camera/tray/tray-camera.ts';
import type { CameraContext } from '../camera-device.ts';

const scenePage = 'app://tray/tray-scene/index.html';

/** The scene's window. */
export function openScenePort({
  paths,
  serve,
  log,
}: Pick<CameraContext, 'paths' | 'serve' | 'log'>): ScenePort {
  const own = session.fromPartition('tray');
  serve(own);
  denyPermissions(own);
  return createCaptureWindow({
    contract: scene,
    url: scenePage,
    preload: paths.preload,
    session: own,
    // Without a GPU one picture of the whole scene may take a second.
    hangMs: 20_000,
    log,
  });
}
