import { join } from 'node:path';
import type { Log } from '../../shared/log.ts';
import type { Paths } from '../app/paths.ts';
import type { KioskSettings } from '../settings/kiosk-settings.ts';
import { createJoinedTray } from '../tray/segmented/joined-tray.ts';
import { openSegmenter } from '../tray/segmenter/segmenter.ts';
import type { Segmenter } from '../tray/segmenter/segmenter.ts';
import type { Say } from '../tray/tray-event.ts';
import { createTray } from '../tray/tray.ts';
import type { Tray } from '../tray/tray.ts';
import type { Thumb } from '../../shared/frame.ts';
import { trayOptionsOf } from './tray-options.ts';

/** What tells the lane what lies on the tray. */
export interface KioskTray {
  /** Tells at once or later, in the order of the pictures. */
  readonly see: (thumb: Thumb, say: Say) => void;
  readonly reset: Tray['reset'];
  /** Nothing is told any more; resolves when its thread is gone. */
  readonly stop: () => Promise<void>;
}

export interface KioskTrayParts {
  readonly paths: Pick<Paths, 'segmenterWorker' | 'models'>;
  readonly log: Log;
}

/**
 * The model and the rules for a live camera, which gives a film; the rules alone for single pictures
 * and for the virtual tray, and where the model cannot be had.
 */
export async function openTray(
  settings: KioskSettings,
  { paths, log }: KioskTrayParts,
): Promise<KioskTray> {
  const options = trayOptionsOf(settings);
  const rules = createTray(options);
  const byRules: KioskTray = {
    see: (thumb, say) => rules.see(thumb).forEach(say),
    reset: rules.reset,
    stop: () => Promise.resolve(),
  };
  if (settings.camera.kind !== 'live') return byRules;
  const onFault = (error: unknown): void => log.error('tray-model-failed', { error });
  let segmenter: Segmenter;
  try {
    segmenter = await openSegmenter({
      workerUrl: paths.segmenterWorker,
      modelPath: join(paths.models, 'tray.onnx'),
    });
  } catch (error) {
    onFault(error);
    return byRules;
  }
  const joined = createJoinedTray({ rules, segmenter, corners: options.corners, onFault });
  return {
    see: joined.see,
    reset: joined.reset,
    stop: () => {
      joined.stop();
      return segmenter.close();
    },
  };
}
