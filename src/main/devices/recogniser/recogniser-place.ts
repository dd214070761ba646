import { createPlace } from '../place.ts';
import { customVision } from './custom-vision/custom-vision-driver.ts';
import { ownEngine } from './own-engine/own-engine-driver.ts';

/** Every make of recogniser. */
export const recogniserPlace = createPlace(
  { engine: ownEngine, 'custom-vision': customVision },
  'custom-vision',
);
