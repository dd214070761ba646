import { z } from 'zod';
import { createSumScale } from '../../../lane/scale.ts';
import type { Driver } from '../../device.ts';
import { createStatusHolder } from '../../status-holder.ts';
import type { ScaleContext, ScaleDevice } from '../scale-device.ts';

const settings = z.strictObject({});

/** The virtual tray knows what lies on it. */
export const tray: Driver<typeof settings, ScaleContext, ScaleDevice> = {
  title: 'Scale of the virtual tray',
  settings,
  probe: async () => [],
  open: async (_settings, { virtualTray }) => {
    const holder = createStatusHolder();
    const scale = createSumScale();
    let grams: number | null = null;
    const end = virtualTray?.onWeight((totalGrams) => {
      grams = totalGrams;
      holder.set({ kind: 'ready', label: 'virtual scale' });
      scale.shows(totalGrams);
    });
    return {
      ...{ status: holder.status, onStatus: holder.onStatus },
      scale,
      test: async () =>
        grams === null
          ? { kind: 'failed', message: 'The virtual tray has not told a weight yet.' }
          : { kind: 'passed', detail: `${grams} g`, tookMs: 0 },
      stop: async () => end?.(),
    };
  },
};
