import { createTrayCamera } from '../../../camera/tray/tray-camera.ts';
import { cameraDevice } from '../camera-device.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { openScenePort } from './scene-port.ts';
import type { VirtualTraySettings } from './tray-driver.ts';

/** The world view's size: what the shopper's window shows of the demo. */
const worldSize = { width: 1000, height: 750 };

export function openVirtualTray(
  { turned, mirrored, seed }: VirtualTraySettings,
  context: CameraContext,
): CameraDevice {
  const virtualTray = createTrayCamera(openScenePort(context), {
    seed,
    productIds: [],
    worldSize,
    light: { level: 1, warmth: 0, turn: 0 },
    noise: 1.5,
    orientation: { turned, mirrored },
  });
  return cameraDevice(virtualTray, { virtualTray });
}
