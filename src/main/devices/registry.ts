import { cameraPlace } from './camera/camera-place.ts';
import { recogniserPlace } from './recogniser/recogniser-place.ts';
import { scalePlace } from './scale/scale-place.ts';
import { terminalPlace } from './terminal/terminal-place.ts';

/** Every place for a device in the till, each with its drivers and their settings. */
export const places = {
  camera: cameraPlace,
  scale: scalePlace,
  terminal: terminalPlace,
  recogniser: recogniserPlace,
} as const;
