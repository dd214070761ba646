import { createPlace } from '../place.ts';
import { demo } from './demo/demo-driver.ts';

/** Every make of card terminal. */
export const terminalPlace = createPlace({ demo }, 'demo');
