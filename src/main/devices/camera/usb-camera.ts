import { z } from 'zod';
import { listLinuxCameras } from '../../camera/webcam/devices.ts';
import type { FoundDevice } from '../device.ts';
import { mounting } from './mounting.ts';

/** What is set of a USB camera, whichever way its pictures are taken. */
export const usbCameraSettings = z.strictObject({
  ...mounting,
  device: z.string().max(200).nullable().default(null),
  /** Of the shop's lamps; null for what the store's region has. */
  mainsHz: z.literal([50, 60], { error: 'is not 50, 60 or null' }).nullable().default(null),
  /** Whether the camera is asked to keep its exposure once it has found it. */
  fixedExposure: z.boolean().default(true),
});
export type UsbCameraSettings = z.infer<typeof usbCameraSettings>;

export async function foundCameras(): Promise<readonly FoundDevice[]> {
  if (process.platform !== 'linux') return [];
  const cameras = await listLinuxCameras();
  return cameras.map(({ device, label }) => ({ id: device, label }));
}
