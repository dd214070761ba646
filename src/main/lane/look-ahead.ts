import type { Photo, Region } from '../../shared/frame.ts';
import { sameItem } from '../../shared/item-mask.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { RecognitionResult } from '../recognition/recognition.ts';

/** What one photo of a part of the tray came to. */
export interface Look {
  readonly photo: Photo;
  /** On the lane's clock. */
  readonly photoAtMs: number;
  readonly recognised: RecognitionResult;
}

export interface LookAheadParts {
  /** Takes a photo and has it recognised; may reject. `photo` is told as soon as it is there. */
  readonly look: (region: ItemRegion, photo: (photo: Photo) => void) => Promise<Look>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Looks at what will probably be placed while it still has to prove that it lies still. What comes
 * of it counts only where it shows that very thing at rest; all else is thrown away unseen.
 */
export interface LookAhead {
  readonly resting: (region: ItemRegion) => void;
  /** The look that shows a placement; null where it has to be looked at now. Given away once. */
  readonly claim: (region: ItemRegion, stillSinceMs: number) => Promise<Look | null>;
}

interface Begun {
  readonly region: ItemRegion;
  readonly begunAtMs: number;
  /** Null where it failed. Neither ever rejects: a look ahead was never promised to anybody. */
  readonly photo: Promise<Photo | null>;
  readonly look: Promise<Look | null>;
}

/** As many things as two hands lay down at once; more looks than that would be in one another's way. */
const mostUnclaimed = 2;
/** So long an unclaimed look counts, so that what never comes to rest is not looked at all the time. */
const keptMs = 1_000;
/** The same thing in both, still settling at its edges. */
const sameThing = 0.9;

export function createLookAhead({ look, now }: LookAheadParts): LookAhead {
  let unclaimed: readonly Begun[] = [];

  const forgetOld = (): void => {
    const nowMs = now();
    unclaimed = unclaimed.filter((begun) => nowMs - begun.begunAtMs < keptMs);
  };

  return {
    resting: (region) => {
      forgetOld();
      if (unclaimed.length >= mostUnclaimed) return;
      let told: (photo: Photo | null) => void = () => undefined;
      const photo = new Promise<Photo | null>((resolve) => {
        told = resolve;
      });
      const looked = look(region, told).catch(() => null);
      // Without effect where the photo came.
      void looked.then(() => told(null));
      unclaimed = [...unclaimed, { region, begunAtMs: now(), photo, look: looked }];
    },
    claim: async (region, stillSinceMs) => {
      forgetOld();
      const begun = unclaimed.findLast(
        (each) =>
          alike(each.region, region) >= sameThing &&
          // What was painted over as not its own would be missing from the photo.
          sameItem(each.region.mask, region.mask) >= sameThing,
      );
      if (begun === undefined) return null;
      unclaimed = unclaimed.filter((each) => each !== begun);
      const photo = await begun.photo;
      // Taken while it still moved, it shows the thing elsewhere, or another one.
      if (photo === null || photo.atMs < stillSinceMs) return null;
      const done = await begun.look;
      return done?.recognised.kind === 'recognised' ? done : null;
    },
  };
}

/** The part of two regions' common ground that they share: 1 for the same one, 0 for strangers. */
export function alike(one: Region, other: Region): number {
  const across = shared(one.left, one.width, other.left, other.width);
  const down = shared(one.top, one.height, other.top, other.height);
  const both = across * down;
  const either = one.width * one.height + other.width * other.height - both;
  return either > 0 ? both / either : 0;
}

function shared(start: number, length: number, otherStart: number, otherLength: number): number {
  const end = Math.min(start + length, otherStart + otherLength);
  return Math.max(0, end - Math.max(start, otherStart));
}
