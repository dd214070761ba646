import type { Camera } from '../../camera/camera.ts';
import type { TuningSystem } from '../../camera/tuning/find-device.ts';
import { mainsHzOf } from '../../camera/tuning/mains-frequency.ts';
import { tuneCamera } from '../../camera/tuning/tuned-camera.ts';
import type { TuningParts } from '../../camera/tuning/tuned-camera.ts';
import { findV4l2Ctl } from '../../camera/tuning/v4l2-ctl.ts';
import { listLinuxCameras } from '../../camera/webcam/devices.ts';
import { cameraDevice } from './camera-device.ts';
import type { CameraContext, CameraDevice } from './camera-device.ts';
import type { UsbCameraSettings } from './usb-camera.ts';

export const tuningSystem: TuningSystem = {
  platform: process.platform,
  findProgram: () => findV4l2Ctl(),
  listCameras: () => listLinuxCameras(),
};

/** A USB camera that is made to hold its exposure. */
export function tunedDevice(
  camera: Camera,
  deviceOf: TuningParts['deviceOf'],
  { mainsHz, fixedExposure }: UsbCameraSettings,
  { region, log }: Pick<CameraContext, 'region' | 'log'>,
): CameraDevice {
  const wishes = { mainsHz: mainsHz ?? mainsHzOf(region), fixedExposure };
  const tuned = tuneCamera(camera, { wishes, deviceOf, log });
  return cameraDevice(tuned, { retune: tuned.retune });
}
