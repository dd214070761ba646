import { CHANGED, MOVED, STRONG } from './components.ts';
import type { LightFit } from './light-fit.ts';

/** What is kept of each pixel from one picture to the next; grey levels unless said otherwise. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** The last picture, smoothed. */
  readonly seen: Float32Array;
  /** The tray as accepted: bare tray, and all items that were reported. */
  readonly accepted: Float32Array;
  /** The mean of each pixel since it last moved, in the light of `accepted`. */
  readonly mean: Float32Array;
  /** Pictures since each pixel last moved, at most 250. */
  readonly still: Uint8Array;
  /** Mean absolute noise of each pixel; a normal error is 1.25 times as much. */
  readonly deviation: Float32Array;
  /** CHANGED, STRONG and MOVED bits. */
  readonly flags: Uint8Array;
  /** How far the last picture was from `mean` before it; only where CHANGED, 0 where it moved. */
  readonly innovation: Float32Array;
  /** Follows the innovation: a lasting step below the noise of one picture is movement too. */
  readonly trend: Float32Array;
  /** Allowance for sharp edges of what is accepted, where a hundredth of a pixel's shift is seen. */
  readonly slack: Float32Array;
  /** 1 where the accepted value was clipped, and the truth may be brighter. */
  readonly bounded: Uint8Array;
}

export interface ChangeCounts {
  changed: number;
  strong: number;
  /** Pixels that moved to something other than what is accepted. */
  moving: number;
}

/** A mean over more pictures than this follows the last ones instead. */
export const MEAN_OVER = 8;
/** Standard deviation of normal noise over its mean absolute deviation. */
export const NORMAL = 1.2533;
export const CLIPPED = 250;
/** Pictures of stillness are counted up to this. */
const MOST_STILL = 250;
/** What changes slowly is renewed in each row once in so many pictures. */
const TURNS = 4;
const DEVIATION_RATE = 0.0776;
const LEAST_GAIN = 0.1;
/** A camera that moved by less, in pixels, has not moved. */
const LEAST_SHIFT = 0.08;

/** Of a mean over n + 1 pictures: its error relative to one, the weight of the last, what is movement. */
const meanError = new Float64Array(MOST_STILL + 1);
const meanPart = new Float64Array(MOST_STILL + 1);
const moveLimit = new Float64Array(MOST_STILL + 1);
for (let n = 0; n <= MOST_STILL; n++) {
  const over = Math.min(n + 1, MEAN_OVER);
  meanError[n] = 1 / Math.sqrt(over);
  meanPart[n] = 1 / over;
  moveLimit[n] = 4.5 * Math.sqrt(1 + 1 / over);
}

/** Expected error of a mean over so many pictures, relative to that of one. */
export function errorOfMean(still: number): number {
  return meanError[still]!;
}

export interface Pass {
  /** How the light and the camera's place differ from those of `accepted`. */
  readonly light: LightFit;
  /** Standard deviation of the picture's noise. */
  readonly noise: number;
  /** Part by which still, unchanged pixels are adapted. */
  readonly rate: number;
  /** Nothing is known of the pictures before: all has moved. */
  readonly isFresh: boolean;
  /** Counts the pictures; the slow part of the work goes by turns. */
  readonly picture: number;
}

/**
 * Takes a picture: the one pass over all pixels, and the tray's hottest place (see bench/tray.ts). All
 * that it reads a pixel stands in its own constants, as the compiler then keeps it in registers.
 */
export function takePicture(pixels: Pixels, pass: Pass, counts: ChangeCounts): void {
  const { width, height, seen, accepted, mean, still, deviation, flags } = pixels;
  const { innovation, trend, slack, bounded } = pixels;
  const { gain, offset, shiftX, shiftY, mostGain } = pass.light;
  const leastGain = Math.max(LEAST_GAIN, pass.light.leastGain);
  const isShifted = Math.abs(shiftX) > LEAST_SHIFT || Math.abs(shiftY) > LEAST_SHIFT;
  const source = isShifted ? shifted(pixels, shiftX, shiftY) : seen;
  const changedBit = CHANGED;
  const strongBit = STRONG;
  const moved = MOVED;
  const errors = meanError;
  const parts = meanPart;
  const limits = moveLimit;
  const g3 = gain[3]!;
  const leastDeviation = (pass.noise * 0.6) / NORMAL;
  const mostDeviation = (pass.noise * 4 + 1.5) / NORMAL;
  const leastMove = pass.isFresh ? Number.NEGATIVE_INFINITY : 1.2;
  const adapted = 1 - (1 - pass.rate) ** TURNS;
  const turn = pass.picture % TURNS;
  const stepX = 2 / (width - 1);
  let changed = 0;
  let strong = 0;
  let moving = 0;
  for (let y = 0, p = 0; y < height; y++) {
    const uy = (2 * y) / (height - 1) - 1;
    const base = gain[0]! + gain[2]! * uy + gain[4]! * uy * uy;
    const slope = gain[1]! + gain[5]! * uy;
    const isTurn = y % TURNS === turn;
    let inverse = 1 / Math.max(LEAST_GAIN, base - slope + g3);
    let ux = -1;
    for (const end = p + width; p < end; p++, ux += stepX) {
      let g = base + (slope + g3 * ux) * ux;
      if (g < leastGain) g = leastGain;
      else if (g > mostGain) g = mostGain;
      // One step of Newton's division: the gain changes little from one pixel to the next.
      inverse *= 2 - g * inverse;
      const value = source[p]!;
      const a = accepted[p]!;
      const n = (value - offset) * inverse;
      const v = deviation[p]!;
      const sigma = NORMAL * v * inverse;
      let count = still[p]!;
      let m = mean[p]!;
      const step = n - m;
      const drift = trend[p]! * 0.6 + step * 0.4;
      let flag = 0;
      if (
        (Math.abs(step) > sigma * limits[count]! + leastMove ||
          Math.abs(drift) > 2.4 * sigma + 0.8) &&
        !(count > 0 && isShaken(mean, p, y, width, height, step, sigma * 2.4 + leastMove))
      ) {
        m = n;
        count = 0;
        flag = moved;
        trend[p] = 0;
        still[p] = 0;
      } else {
        trend[p] = drift;
        if (count < MOST_STILL) still[p] = ++count;
        m += step * parts[count]!;
        if (isTurn) {
          const next = v + (Math.abs(step) * g - v) * DEVIATION_RATE;
          deviation[p] =
            next > mostDeviation ? mostDeviation : next < leastDeviation ? leastDeviation : next;
        }
      }
      mean[p] = m;
      const difference = Math.abs(m - a);
      // This much is light and rounding, whatever the noise; few pixels differ by more.
      const least = 1 + 0.008 * a;
      let isSame = difference <= least;
      if (!isSame) {
        const uncertain = sigma * errors[count]! + slack[p]!;
        isSame = difference <= 3 * uncertain + least;
        // Clipped now or when it was accepted: as far as can be told, the same.
        const isHidden = m < a ? m * g + offset >= CLIPPED : bounded[p] === 1;
        if (!isSame && !isHidden) {
          flag |= changedBit;
          changed++;
          innovation[p] = count === 0 ? 0 : step;
          if (count === 0) moving++;
          if (difference > 5 * uncertain + 1.5 * least) {
            flag |= strongBit;
            strong++;
          }
        } else if (!isSame && m > a && count >= 2) {
          // What was clipped when it was accepted is seen to be brighter.
          accepted[p] = m;
          if (value < CLIPPED) bounded[p] = 0;
        }
      }
      if (isSame && isTurn && count >= 6 && (m > a || value < CLIPPED)) {
        accepted[p] = a + (m - a) * adapted;
        if (value < CLIPPED && m > a) bounded[p] = 0;
      }
      flags[p] = flag;
    }
  }
  counts.changed = changed;
  counts.strong = strong;
  counts.moving = moving;
}

/** By so many pixels what lies still is seen elsewhere while the camera shakes. */
const SHAKEN = 0.8;

/** Whether a pixel's step is no more than what its neighbours show, as when the camera shakes. */
function isShaken(
  mean: Float32Array,
  p: number,
  y: number,
  width: number,
  height: number,
  step: number,
  within: number,
): boolean {
  if (y < 1 || y >= height - 1 || p < width + 1) return false;
  const slope = Math.max(
    Math.abs(mean[p + 1]! - mean[p - 1]!),
    Math.abs(mean[p + width]! - mean[p - width]!),
  );
  return Math.abs(step) < within + SHAKEN * 0.5 * slope;
}

let shiftedPicture = new Float32Array(0);

/** The picture as it would be seen had the camera not moved; good until the next call. */
function shifted({ width, height, seen }: Pixels, shiftX: number, shiftY: number): Float32Array {
  if (shiftedPicture.length !== seen.length) shiftedPicture = new Float32Array(seen.length);
  const out = shiftedPicture;
  const wholeX = Math.floor(shiftX);
  const wholeY = Math.floor(shiftY);
  const partX = shiftX - wholeX;
  const partY = shiftY - wholeY;
  const last = width - 1;
  for (let y = 0, p = 0; y < height; y++) {
    const y0 = Math.min(height - 1, Math.max(0, y + wholeY)) * width;
    const y1 = Math.min(height - 1, Math.max(0, y + wholeY + 1)) * width;
    const first = Math.min(last, Math.max(0, wholeX));
    let left = seen[y0 + first]! + (seen[y1 + first]! - seen[y0 + first]!) * partY;
    for (let x = wholeX + 1; x <= wholeX + width; x++, p++) {
      const x1 = x < 0 ? 0 : x > last ? last : x;
      const upper = seen[y0 + x1]!;
      const right = upper + (seen[y1 + x1]! - upper) * partY;
      out[p] = left + (right - left) * partX;
      left = right;
    }
  }
  return out;
}
