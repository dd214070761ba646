import { session } from 'electron';
import { capture } from '../../../../shared/contracts/capture.ts';
import { createCaptureWindow } from '../../../camera/capture-window.ts';
import { createLiveCamera } from '../../../camera/live/live.ts';
import { allowOnlyCamera } from '../../../camera/live/permissions.ts';
import { liveDevice } from '../../../camera/tuning/find-device.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { tunedDevice, tuningSystem } from '../tuned-device.ts';
import type { UsbCameraSettings } from '../usb-camera.ts';

const capturePage = 'app://capture/capture/index.html';

export function openLive(settings: UsbCameraSettings, context: CameraContext): CameraDevice {
  const { device, turned, mirrored } = settings;
  const { paths, serve, log } = context;
  // A session of its own: its one permission is the camera's. It is kept, for device ids to last.
  const own = session.fromPartition('persist:capture');
  serve(own);
  const window = createCaptureWindow({
    contract: capture,
    url: capturePage,
    preload: paths.preload,
    session: own,
    log,
  });
  allowOnlyCamera(own, { url: capturePage, isCaptureWindow: window.owns });
  const camera = createLiveCamera({ window, device, orientation: { turned, mirrored } });
  const deviceOf = (label: string) => liveDevice(label, camera.tune, tuningSystem);
  return tunedDevice(camera, deviceOf, settings, context);
}
