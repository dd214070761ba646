import { createPlace } from '../place.ts';
import { live } from './live/live-driver.ts';
import { tray } from './tray/tray-driver.ts';
import { webcam } from './webcam/webcam-driver.ts';

/** Every make of camera. */
export const cameraPlace = createPlace({ live, webcam, tray }, 'live');
