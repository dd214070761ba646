import type { CameraSettings } from './camera.ts';
import { between } from './random.ts';
import type { Random } from './random.ts';

/** A fair webcam in even light. */
export function baseCamera(random: Random): CameraSettings {
  return {
    exposureS: between(random, 0.006, 0.022),
    readoutS: between(random, 0.008, 0.033),
    noise: {
      // Many cameras take the noise out of what does not move.
      read: 0.25 * 6 ** random(),
      shot: between(random, 0.03, 0.12),
      smearPx: random() < 0.5 ? between(random, 0.7, 1.4) : 0,
    },
    tone: {
      gamma: between(random, 0.92, 1.08),
      knee: between(random, 190, 235),
      saturation: between(random, 0.75, 1.2),
    },
    autoExposure: null,
    flicker: null,
    whiteDrift: null,
    jpegQuality: null,
    focusPulses: [],
    shakePx: 0,
    bumps: [],
    shades: [],
    unrest: null,
    lampSteps: [],
    clouds: null,
    light: 1,
    frozenFromS: null,
  };
}
