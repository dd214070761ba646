import type { SceneSettings } from '../../shared/capture.ts';
import type { MessageOf } from '../../shared/contracts/contract.ts';
import { scene } from '../../shared/contracts/scene.ts';
import type { Scene } from '../../shared/contracts/scene.ts';
import { cropFor } from '../../shared/item-crop.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import { asTaken } from '../../shared/orientation.ts';
import { heeding } from '../ipc/heeding.ts';
import type { ScenePort } from '../camera/tray/tray-camera.ts';
import { createTray } from '../tray/tray.ts';
import type { PosedPicture } from './training-set.ts';

/** Each pose brings its own light and noise; the world view is not looked at. */
export const sceneForPoses: SceneSettings = {
  seed: 1,
  productIds: ['lemon'],
  worldSize: { width: 16, height: 16 },
  light: { level: 1, warmth: 0, turn: 0 },
  noise: 0,
  orientation: asTaken,
};
const view = { width: 640, height: 480 };
const frameMs = 1000 / 30;
/** By then even what lies across the picture's border has been told. */
const longestWaitMs = 4000;

export interface PhotographOptions {
  /** Longest side of a picture, in pixels. */
  readonly maxSide: number;
  /** JPEG quality, 0 to 1. */
  readonly quality: number;
}

/** A pose's picture; null where the tray did not see exactly one new thing. */
export type Photographed = (index: number, jpeg: Uint8Array | null) => void;

/**
 * Lays each pose on the virtual tray and photographs its new thing as the running kiosk would: the
 * tray code finds the region in thumbs, and the region's crop is the picture. Rejects when one fails.
 */
export function photograph(
  port: ScenePort,
  pictures: readonly PosedPicture[],
  { maxSide, quality }: PhotographOptions,
  photographed: Photographed,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const strike = (index: number): void => {
      const picture = pictures[index];
      if (picture === undefined) return resolve();
      port.send('scene:pose', { requestId: index, pose: picture.pose });
    };
    const take = (index: number, jpeg: Uint8Array | null): void => {
      photographed(index, jpeg);
      if (index === pictures.length - 1) resolve();
    };
    port.open({
      handlers: heeding(scene, {
        'scene:ready': () => {
          port.send('scene:configure', sceneForPoses);
          strike(0);
        },
        'scene:posed': (posed) => {
          const { requestId } = posed;
          const region = regionOf(posed);
          if (region === null) take(requestId, null);
          else {
            const crop = cropFor(region, view.width, view.height);
            port.send('scene:take-photo', { requestId, region: crop, maxSide, quality });
          }
          // Asked for already, so that it is laid while this one's picture is written.
          if (requestId + 1 < pictures.length) strike(requestId + 1);
        },
        'scene:photo': ({ requestId, jpeg }) => take(requestId, jpeg),
        'scene:failed': ({ message }) => reject(new Error(message)),
      }),
      gone: () => reject(new Error('The scene window ended while it rendered.')),
    });
  });
}

function regionOf(thumbs: MessageOf<Scene, 'scene:posed'>): ItemRegion | null {
  const { width, height, before, after } = thumbs;
  const tray = createTray({ suddenIsLight: false });
  let atMs = 0;
  const show = (grey: Uint8Array | undefined): readonly ItemRegion[] => {
    if (grey === undefined) throw new Error('The scene sent no thumbs.');
    atMs += frameMs;
    return tray
      .see({ width, height, grey, atMs })
      .flatMap((event) => (event.kind === 'placed' ? [event.region] : []));
  };
  for (let time = 0; time < 2; time += 1) before.forEach(show);
  const startMs = atMs;
  for (let index = 0; atMs - startMs < longestWaitMs; index += 1) {
    const [region, ...more] = show(after[index % after.length]);
    if (region !== undefined) return more.length === 0 ? region : null;
  }
  return null;
}
