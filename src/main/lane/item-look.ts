import type { Photo } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Seen } from './compare-looks.ts';
import type { LaneParts, LaneTimings } from './lane-parts.ts';
import { createLookAhead } from './look-ahead.ts';
import type { Look, LookAhead } from './look-ahead.ts';

/** Longest side of the photo that is recognised: enough for every backbone, small on the wire. */
export const photoSide = 512;

/** No shopper waits for a camera that has stopped: after this the item is found by hand. */
const photoDeadlineMs = 2_000;

/** A photo ahead that takes longer helps nobody, and what is placed must not wait for it. */
const aheadPhotoDeadlineMs = 300;

/** What one photo of an item came to, with the times that it took. */
export interface ItemLook extends Pick<
  LaneTimings,
  'photoMs' | 'recognitionMs' | 'decisionMs' | 'ahead'
> {
  readonly photo: Photo | null;
  /** Null where there was no photo or no answer. */
  readonly seen: Seen | null;
}

export interface ItemLooks extends Pick<LookAhead, 'resting'> {
  /** Never rejects. A look ahead counts only for what is known to lie still since a time. */
  readonly lookAt: (region: ItemRegion, stillSinceMs: number | null) => Promise<ItemLook>;
  /** As `lookAt`, for nobody: rejects where there is no photo. */
  readonly rehearse: (region: ItemRegion) => Promise<void>;
}

export type ItemLookParts = Pick<
  LaneParts,
  'camera' | 'recogniser' | 'decide' | 'cropFor' | 'now'
> & {
  /** The picture's proportions. */
  readonly view: () => { width: number; height: number };
  readonly fault: (where: string, error: unknown) => void;
};

/** Photographs and recognises what lies at a part of the tray, ahead too. */
export function createItemLooks(parts: ItemLookParts): ItemLooks {
  const { camera, recogniser, now } = parts;

  const photograph = (region: ItemRegion, limitMs: number): Promise<Photo> =>
    inTime(
      camera.photo({ region: parts.cropFor(region, parts.view()), maxSide: photoSide }),
      limitMs,
    );

  const lookAhead = createLookAhead({
    look: async (region, photographed): Promise<Look> => {
      const photo = await photograph(region, aheadPhotoDeadlineMs);
      const photoAtMs = now();
      photographed(photo);
      return { photo, photoAtMs, recognised: await recogniser.recognise(photo.jpeg) };
    },
    now,
  });

  const lookAt = async (region: ItemRegion, stillSinceMs: number | null): Promise<ItemLook> => {
    const startedMs = now();
    let photo: Photo | null = null;
    let seen: Seen | null = null;
    let photoMs = 0;
    let recognitionMs = 0;
    let decisionMs = 0;
    let ahead = false;
    try {
      const claimed = stillSinceMs === null ? null : await lookAhead.claim(region, stillSinceMs);
      ahead = claimed !== null;
      photo = claimed?.photo ?? (await photograph(region, photoDeadlineMs));
      photoMs = Math.max(0, (claimed?.photoAtMs ?? now()) - startedMs);
      const recognised = claimed?.recognised ?? (await recogniser.recognise(photo.jpeg));
      recognitionMs = now() - startedMs - photoMs;
      if (recognised.kind === 'recognised') {
        seen = { recognised, decision: parts.decide(recognised) };
        decisionMs = now() - startedMs - photoMs - recognitionMs;
      } else {
        parts.fault('recognition', recognised.message);
      }
    } catch (error) {
      // The shopper then finds the item by hand: nothing laid down is passed over in silence.
      parts.fault('photo', error);
    }
    return { photo, seen, photoMs, recognitionMs, decisionMs, ahead };
  };

  return {
    resting: lookAhead.resting,
    lookAt,
    rehearse: async (region) => {
      const photo = await photograph(region, aheadPhotoDeadlineMs);
      await recogniser.recognise(photo.jpeg);
    },
  };
}

function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The camera gave no photo in ${limitMs} ms.`)),
      limitMs,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
