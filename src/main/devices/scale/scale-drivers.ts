import { z } from 'zod';
import type { TrayCamera } from '../../camera/tray/tray-camera.ts';
import type { Scale } from '../../lane/lane-parts.ts';
import { createSumScale } from '../../lane/scale.ts';
import type { Device, Driver } from '../device.ts';
import { scaleKinds } from '../device-settings.ts';
import type { ScaleKind } from '../device-settings.ts';
import { createStatusHolder } from '../status-holder.ts';

/** The scale under the tray. */
export interface ScaleDevice extends Device {
  /** Null where there is none. */
  readonly scale: Scale | null;
}

/** What the app gives to a scale's driver. */
export interface ScaleContext {
  /** Whose tray it may weigh; null where the camera is a real one. */
  readonly virtualTray: Pick<TrayCamera, 'onWeight'> | null;
}

const settings = z.object({ kind: z.enum(scaleKinds) });
type ScaleDriver = Driver<z.infer<typeof settings>, ScaleContext, ScaleDevice>;

const none: ScaleDriver = {
  title: 'No scale',
  settings,
  probe: async () => [],
  open: () => {
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

/** The virtual tray knows what lies on it. */
const tray: ScaleDriver = {
  title: 'Scale of the virtual tray',
  settings,
  probe: async () => [],
  open: (_settings, { virtualTray }) => {
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

export const scaleDrivers: Readonly<Record<ScaleKind, ScaleDriver>> = { none, tray };
