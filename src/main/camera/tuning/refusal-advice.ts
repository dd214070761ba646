import type { TuningRefusal } from '../../../shared/camera-tuning.ts';

/** What staff can do about what a camera could not be asked to hold, in one sentence. */
export const refusalAdvice: Readonly<Record<TuningRefusal, string>> = {
  'not-offered':
    'The camera has no such control; where its picture flickers or pulses, use another camera, or lamps that do not flicker.',
  refused: 'The camera did not take the value; unplug it and plug it in again.',
  'too-bright':
    'It is so bright that lamps may still flicker in the picture; shade the tray, or use lamps that do not flicker.',
  'picture-changed':
    'The picture became another one; it is tried again, best with nobody at the tray. If that goes on, set camera.fixedExposure to false.',
  'no-program': 'Install v4l-utils (on Debian and Ubuntu: apt-get install v4l-utils).',
  'not-on-this-system':
    'This system lets no program set it; set it in the program that came with the camera.',
  'unknown-device':
    'The system’s name for the camera cannot be told; unplug other cameras of the same name.',
  failed: 'Unplug the camera and plug it in again.',
};
