import { randomUUID } from 'node:crypto';
import { placeOf } from '../../shared/item-mask.ts';
import type { PreviewFrame } from '../camera/camera.ts';
import type { Log } from '../../shared/log.ts';
import type { Photos } from '../app/photos.ts';
import type { Checkout } from '../checkout/checkout.ts';
import type { CameraDevice } from '../devices/camera/camera-device.ts';
import type { LaneListener, LaneOutcome } from '../lane/lane-parts.ts';
import type { SightWatch } from './sight-watch.ts';
import type { KioskTray } from './tray.ts';
import type { KioskView } from './view.ts';

export interface LaneListenerParts {
  readonly checkout: Checkout;
  readonly view: KioskView;
  readonly photos: Pick<Photos, 'keep'>;
  readonly camera: Pick<CameraDevice, 'virtualTray' | 'retune'>;
  readonly tray: Pick<KioskTray, 'reset'>;
  readonly sight: SightWatch;
  readonly log: Log;
  readonly preview: (frame: PreviewFrame) => void;
  readonly watching: () => void;
  readonly looking: (count: number) => void;
}

/** Joins what the lane tells to checkout, window and log. */
export function createLaneListener(parts: LaneListenerParts): LaneListener {
  const { checkout, view, photos, camera, tray, sight, log } = parts;

  // The window shows the virtual tray's world, in which the camera's regions mean nothing.
  const showRegion: KioskView['setRegion'] = (placementId, region) => {
    if (camera.virtualTray === null) view.setRegion(placementId, region && placeOf(region));
  };

  const tellCheckout = async (outcome: LaneOutcome): Promise<void> => {
    const { placementId, photo, region, timings } = outcome;
    const photoId = photo === null ? null : `${placementId}-${randomUUID().slice(0, 8)}`;
    if (photo !== null && photoId !== null) photos.keep(photoId, photo.jpeg);
    showRegion(placementId, region);
    const { stillnessMs, photoMs, recognitionMs, decisionMs } = timings;
    const toldMs = performance.now();
    await checkout.dispatch({
      kind: 'item-recognised',
      placementId,
      photoId,
      weightGrams: outcome.weightGrams,
      decision: outcome.result,
      unsure: outcome.unsure,
      msSinceStill: Math.round(stillnessMs + photoMs + recognitionMs + decisionMs),
    });
    const ledgerMs = performance.now() - toldMs;
    log.info('item-timed', { placementId, ...rounded({ ...timings, ledgerMs }) });
  };

  return {
    outcome: tellCheckout,
    passedOver: (placementId) => log.info('item-passed-over', { placementId }),
    moved: showRegion,
    left: (placementId) => {
      log.info('item-left', { placementId });
      showRegion(placementId, null);
      void checkout.dispatch({ kind: 'item-left-tray', placementId });
    },
    watching: parts.watching,
    looking: parts.looking,
    preview: parts.preview,
    cameraStatus: (status) => {
      if (status.kind === 'lost') tray.reset({ keepPlacements: true });
      sight.lost(status.kind === 'lost');
      view.setNotice('camera-lost', status.kind === 'lost');
    },
    blind: (reason) => {
      sight.blind(reason);
      if (reason === 'dark' || reason === 'bright') camera.retune();
    },
    impaired: (reasons) => {
      // The virtual tray is as quick as the machine that draws it; no remedy would make it quicker.
      const isDrawn = camera.virtualTray !== null;
      sight.impaired(isDrawn ? reasons.filter((reason) => reason !== 'slow') : reasons);
      if (reasons.includes('dim')) camera.retune();
    },
    fault: (where, error) => log.error('lane-fault', { where, error }),
  };
}

function rounded(values: Readonly<Record<string, number | boolean>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ]),
  );
}
