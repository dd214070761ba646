import { z } from 'zod';
import type { Driver } from '../../device.ts';
import type { CameraContext, CameraDevice } from '../camera-device.ts';
import { mounting } from '../mounting.ts';

const settings = z.strictObject({
  ...mounting,
  /** Of its scene: how goods lie, and which noise the sensor has. */
  seed: z.int().min(0).default(1),
});
export type VirtualTraySettings = z.infer<typeof settings>;

/** The demo's virtual tray. */
export const tray: Driver<typeof settings, CameraContext, CameraDevice> = {
  title: 'Virtual tray',
  settings,
  probe: async () => [],
  open: async (wanted, context) =>
    (await import('./open-tray.ts')).openVirtualTray(wanted, context),
};
