import type { Driver } from '../../device.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { foundCameras, usbCameraSettings } from '../usb-camera.ts';

/** Chromium's own capture. */
export const live: Driver<typeof usbCameraSettings, CameraContext, CameraDevice> = {
  title: 'USB camera',
  settings: usbCameraSettings,
  probe: foundCameras,
  open: async (settings, context) => (await import('./open-live.ts')).openLive(settings, context),
};
