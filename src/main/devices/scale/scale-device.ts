import type { TrayCamera } from '../../camera/tray/tray-camera.ts';
import type { Scale } from '../../lane/lane-parts.ts';
import type { Device } from '../device.ts';

/** The scale under the tray. */
export interface ScaleDevice extends Device {
  /** Null where there is none. */
  readonly scale: Scale | null;
}

/** What the app gives to a scale's driver. */
export interface ScaleContext {
  /** Whose tray it may weigh; null where the camera is a real one. */
  readonly virtualTray: Pick<TrayCamera, 'onWeight'> | null;
}
