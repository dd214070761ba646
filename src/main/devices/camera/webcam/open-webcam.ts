import { webcamDevice } from '../../../camera/tuning/find-device.ts';
import { inHostProcess } from '../../../camera/webcam/host.ts';
import { startUtilityHost } from '../../../camera/webcam/utility-host.ts';
import { openWebcam } from '../../../camera/webcam/webcam.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { tunedDevice, tuningSystem } from '../tuned-device.ts';
import type { UsbCameraSettings } from '../usb-camera.ts';

export function openWebcamDevice(
  settings: UsbCameraSettings,
  context: CameraContext,
): CameraDevice {
  const { device, turned, mirrored } = settings;
  const camera = openWebcam({
    device,
    orientation: { turned, mirrored },
    // A shop's settings name a device.
    pictureSources: context.takesPictureFiles,
    starter: inHostProcess(() => startUtilityHost(context.paths.webcamHost)),
    workerUrl: context.paths.picturesWorker,
  });
  return tunedDevice(camera, () => webcamDevice(device, tuningSystem), settings, context);
}
