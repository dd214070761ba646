import type { Driver } from '../../device.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { foundCameras, usbCameraSettings } from '../usb-camera.ts';

/** A program that takes single pictures. */
export const webcam: Driver<typeof usbCameraSettings, CameraContext, CameraDevice> = {
  title: 'USB camera by fswebcam or imagesnap',
  settings: usbCameraSettings,
  probe: foundCameras,
  open: async (settings, context) =>
    (await import('./open-webcam.ts')).openWebcamDevice(settings, context),
};
