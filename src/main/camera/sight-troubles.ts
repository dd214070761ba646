import type { Notice } from '../../shared/snapshot.ts';
import type { BlindReason, Impairment } from '../tray/tray-event.ts';

export type SightTrouble = BlindReason | Impairment;

interface TroubleWords {
  /** What the shopper reads. */
  readonly notice: Notice;
  /** What staff can do about it. */
  readonly advice: string;
}

/** All that can keep a camera that delivers from seeing the tray. Of several the first is shown. */
export const sightTroubles: Readonly<Record<SightTrouble, TroubleWords>> = {
  dark: {
    notice: 'camera-dark',
    advice:
      'The camera’s picture is black; switch on the light over the tray, and look whether something covers the lens.',
  },
  bright: {
    notice: 'camera-bright',
    advice:
      'The camera’s picture is white; keep the sun and strong lamps off the tray, and look in the camera’s settings whether its exposure is far too long.',
  },
  covered: {
    notice: 'camera-covered',
    advice:
      'Most of the tray is hidden; take away what lies before the camera. If the camera or the tray was moved, clear the tray and start the kiosk again.',
  },
  frozen: {
    notice: 'camera-frozen',
    advice: 'The camera sends the same picture over and over; unplug it and plug it in again.',
  },
  restless: {
    notice: 'camera-restless',
    advice:
      'So much changes in the picture all the time that no thing can be told from it; look for a swinging lamp, a screen or a fan over the tray, for a camera that shakes, and for lamps that flicker.',
  },
  flicker: {
    notice: 'camera-flicker',
    advice: 'The lamps flicker; set camera.mainsHz to 50 or 60, or use lamps that do not flicker.',
  },
  dim: {
    notice: 'camera-dim',
    advice: 'There is too little light over the tray; use a brighter lamp, or hang it lower.',
  },
  slow: {
    notice: 'camera-slow',
    advice:
      'The camera gives under 10 pictures a second; use a USB socket of the computer itself, close other programs, and give the tray more light, for in the dark a camera takes longer for each picture.',
  },
};

/** Every line that the table has for the shopper. */
export const sightNotices: readonly Notice[] = Object.values(sightTroubles).map(
  ({ notice }) => notice,
);
