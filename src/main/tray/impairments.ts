import { createBandDepth } from './band-depth.ts';
import type { BandCurve } from './band-depth.ts';
import type { Impairment, Say } from './tray-event.ts';

/**
 * Tells when the tray goes on but may be wrong: the lamps flicker more than can be undone, there is too
 * little light, the camera is too slow. Each must last before it is said, and be gone for longer before
 * it is taken back, so that no line on a screen blinks.
 */
export interface Impairments {
  /** `bandCurve` and `noise` as of this picture; the noise in grey levels. */
  look(picture: PictureState, nowMs: number): void;
  /** The camera comes back: the time without it was no slowness. */
  restart(): void;
}

export interface PictureState {
  /** Of all its pixels, in grey levels. */
  readonly mean: number;
  readonly noise: number;
  /** Of bands of the mains; null where there are none. */
  readonly bandCurve: BandCurve | null;
}

/** Up to here bands are undone well. */
const DEEP_BANDS = 0.134;
const DIM_MEAN = 34;
/** Noise as a part of the light: a dark tray in good light has far less. */
const DIM_NOISE = 0.025;
/** Ten pictures a second, and as much as a timer may be late. */
const SLOW_MS = 106;
/** So many of the last intervals are averaged. */
const INTERVALS = 15;
const SAID_AFTER_MS = 1500;
const GONE_AFTER_MS = 3000;
/** What is over is so by some margin. */
const MARGIN = 0.9;

interface Watched {
  readonly reason: Impairment;
  isSaid: boolean;
  /** Since when it is other than was said; NaN where it is as said. */
  otherSinceMs: number;
}

export function createImpairments(say: Say): Impairments {
  const watched: readonly Watched[] = (['flicker', 'dim', 'slow'] as const).map((reason) => ({
    reason,
    isSaid: false,
    otherSinceMs: Number.NaN,
  }));
  const intervals: number[] = [];
  let lastMs = Number.NaN;
  const bands = createBandDepth();

  function isSo({ reason, isSaid }: Watched, { mean, noise }: PictureState): boolean {
    const margin = isSaid ? MARGIN : 1;
    switch (reason) {
      case 'flicker':
        return bands.depth > DEEP_BANDS * margin;
      case 'dim':
        return mean * margin < DIM_MEAN && noise > DIM_NOISE * margin * mean;
      case 'slow':
        return (
          intervals.length === INTERVALS &&
          intervals.reduce((sum, each) => sum + each, 0) > SLOW_MS * margin * INTERVALS
        );
    }
  }

  return {
    look(picture, nowMs) {
      if (nowMs > lastMs) {
        bands.look(picture.bandCurve, nowMs - lastMs);
        intervals.push(nowMs - lastMs);
        if (intervals.length > INTERVALS) intervals.shift();
      }
      lastMs = nowMs;
      let isNews = false;
      for (const each of watched) {
        if (isSo(each, picture) === each.isSaid) {
          each.otherSinceMs = Number.NaN;
          continue;
        }
        if (Number.isNaN(each.otherSinceMs)) each.otherSinceMs = nowMs;
        const afterMs = each.isSaid ? GONE_AFTER_MS : SAID_AFTER_MS;
        if (nowMs - each.otherSinceMs < afterMs) continue;
        each.isSaid = !each.isSaid;
        each.otherSinceMs = Number.NaN;
        isNews = true;
      }
      if (!isNews) return;
      const reasons = watched.filter(({ isSaid }) => isSaid).map(({ reason }) => reason);
      say({ kind: 'impaired', reasons, atMs: nowMs });
    },
    restart() {
      intervals.length = 0;
      lastMs = Number.NaN;
    },
  };
}
