import { z } from 'zod';
import type { Driver } from '../../device.ts';
import { openRecogniserDevice } from '../recogniser-device.ts';
import type { RecogniserContext, RecogniserDevice, Start } from '../recogniser-device.ts';

/** Endpoint, key and project come from three sources, of which the settings are one: recognition-settings.ts. */
const settings = z.strictObject({});

/** Azure AI Custom Vision, or whatever speaks its API. */
export const customVision: Driver<typeof settings, RecogniserContext, RecogniserDevice> = {
  title: 'Custom Vision',
  settings,
  probe: async () => [],
  open: async (_settings, context) => openRecogniserDevice(context, startOnSettings),
};

const startOnSettings: Start = (context, { openSettings, failed }) => {
  openSettings({
    explicit: {
      ...(context.keepsPictures ? { KeepPictures: true } : {}),
      ...context.recognition,
    },
    configFile: context.configFile,
    env: process.env,
  }).catch(failed);
  return { mayLookAhead: false, wantsSurroundings: true, stop: () => Promise.resolve() };
};
