import { createPlace } from '../place.ts';
import { none } from './none/none-driver.ts';
import { tray } from './tray/tray-driver.ts';

/** Every make of scale. */
export const scalePlace = createPlace({ none, tray }, 'none');
