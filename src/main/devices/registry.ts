import { cameraDrivers } from './camera/camera-drivers.ts';
import { recogniserDrivers } from './recogniser/recogniser-drivers.ts';
import { scaleDrivers } from './scale/scale-drivers.ts';
import { terminalDrivers } from './terminal/terminal-drivers.ts';

/** Every driver that the till has, by the device's place in it and the kind that its settings name. */
export const drivers = {
  camera: cameraDrivers,
  scale: scaleDrivers,
  terminal: terminalDrivers,
  recogniser: recogniserDrivers,
} as const;
