import { z } from 'zod';
import type { Driver } from '../../device.ts';
import type { RecogniserContext, RecogniserDevice } from '../recogniser-device.ts';

const settings = z.strictObject({});

/** An engine in a process of its own, with the project of the demo shop. */
export const ownEngine: Driver<typeof settings, RecogniserContext, RecogniserDevice> = {
  title: "The kiosk's own engine",
  settings,
  probe: async () => [],
  open: async (_settings, context) => (await import('./open-own-engine.ts')).openOwnEngine(context),
};
