import { z } from 'zod';
import type { Driver } from '../../device.ts';
import { createStatusHolder } from '../../status-holder.ts';
import type { ScaleContext, ScaleDevice } from '../scale-device.ts';

const settings = z.strictObject({});

export const none: Driver<typeof settings, ScaleContext, ScaleDevice> = {
  title: 'No scale',
  settings,
  probe: async () => [],
  open: async () => {
    const holder = createStatusHolder();
    holder.set({ kind: 'ready', label: 'none' });
    return {
      ...{ status: holder.status, onStatus: holder.onStatus },
      scale: null,
      test: async () => ({ kind: 'failed', message: 'There is no scale.' }),
      stop: () => Promise.resolve(),
    };
  },
};
