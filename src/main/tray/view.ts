import { CHANGED, MOVED, STRONG } from './components.ts';
import { createLightModel } from './light.ts';
import { smooth } from './smooth.ts';

/**
 * What the camera sees, in the light and place of the accepted picture, pixel by pixel: a mean since it
 * last moved, for how many pictures it has been still, and whether it differs from what is accepted.
 */
export interface View {
  /** The tray as accepted: bare tray, and all items that were reported. Grey levels. */
  readonly accepted: Float32Array;
  /** The mean of each pixel since it last moved, in the light of `accepted`. */
  readonly mean: Float32Array;
  /** Pictures since each pixel last moved, at most 250. */
  readonly still: Uint8Array;
  /** How far the last picture was from `mean` before it, where it did not move. */
  readonly innovation: Float32Array;
  /** CHANGED, STRONG and MOVED bits a pixel. */
  readonly flags: Uint8Array;
  readonly counts: ViewCounts;
  /** Expected error of `mean` at a pixel, in grey levels of `accepted`. */
  errorAt(p: number): number;
  /** Makes what a pixel shows now the accepted. */
  accept(p: number): void;
  /** To be called after pixels were accepted. */
  accepting(): void;
  /** Takes the next picture. `rate` is the part by which still, unchanged pixels are adapted. */
  take(grey: Uint8Array, rate: number): void;
  /** Takes pictures for a first accepted picture; true once it is made. */
  learn(grey: Uint8Array, atMs: number): boolean;
  /** The camera comes back: the light and what moved are unknown, what is accepted is kept. */
  restart(): void;
  reset(): void;
}

export interface ViewCounts {
  readonly changed: number;
  readonly strong: number;
  /** Pixels that moved to something other than what is accepted. */
  readonly moving: number;
  readonly inliers: number;
  /** Standard deviation of the noise of the smoothed picture, in grey levels. */
  readonly noise: number;
}

/** A mean over more pictures than this follows the last ones instead. */
const MEAN_OVER = 8;
const LEARN_PICTURES = 6;
const LEARN_MS = 150;
const LEARN_AT_MOST_MS = 4000;
/** The least noise assumed, for quantisation. */
const LEAST_NOISE = 0.4;
/** Standard deviation of normal noise over its mean absolute deviation. */
const NORMAL = 1.2533;
const CLIPPED = 250;
/** Part of the slope to the next pixel that is no change. */
const SLACK = 0.12;
/** The allowance follows slow changes; so many pictures renew it once. */
const SLACK_PICTURES = 16;

export function createView(width: number, height: number): View {
  const size = width * height;
  const accepted = new Float32Array(size);
  const mean = new Float32Array(size);
  const still = new Uint8Array(size);
  /** Mean absolute noise of each pixel; a normal error is 1.25 times as much. */
  const deviation = new Float32Array(size);
  const flags = new Uint8Array(size);
  const innovation = new Float32Array(size);
  /** Follows the innovation: a lasting step below the noise of one picture is movement too. */
  const trend = new Float32Array(size);
  const seen = new Float32Array(size);
  const previous = new Float32Array(size);
  /** Allowance for sharp edges of what is accepted, where a hundredth of a pixel's shift is seen. */
  const slack = new Float32Array(size);
  /** 1 where the accepted value was clipped, and the truth may be brighter. */
  const bounded = new Uint8Array(size);
  const clipped = new Uint8Array(size);
  const scratch = new Float32Array(size);
  const histogram = new Int32Array(129);
  const light = createLightModel(width, height);
  const counts = { changed: 0, strong: 0, moving: 0, inliers: 1, noise: 1 };
  /** Error of a mean over n pictures, relative to one. */
  const meanRoot = new Float64Array(256);
  const moveRoot = new Float64Array(256);
  for (let n = 0; n < 256; n++) {
    meanRoot[n] = 1 / Math.sqrt(Math.min(n + 1, MEAN_OVER));
    moveRoot[n] = Math.sqrt(1 + 1 / Math.min(n + 1, MEAN_OVER));
  }
  const columns = new Float64Array(width);
  for (let x = 0; x < width; x++) columns[x] = (2 * x) / (width - 1) - 1;

  let learned = 0;
  let learnFromMs = 0;
  let learnStartMs = -1;
  let hasPrevious = false;
  let fresh = true;
  let slackRow = 0;

  function reset(): void {
    learned = 0;
    learnStartMs = -1;
    counts.noise = 1;
    restart();
  }

  function restart(): void {
    hasPrevious = false;
    fresh = true;
    light.reset();
    flags.fill(0);
    counts.changed = 0;
    counts.strong = 0;
    counts.moving = 0;
  }

  /** Median of the difference between two pictures, as a standard deviation of one of them. */
  function noiseBetween(): number {
    histogram.fill(0);
    let n = 0;
    for (let p = 3; p < size; p += 29) {
      const d = Math.abs(seen[p]! - previous[p]!) * 8;
      const bin = d < 128 ? d | 0 : 128;
      histogram[bin] = histogram[bin]! + 1;
      n++;
    }
    let sum = 0;
    for (let bin = 0; bin < 129; bin++) {
      sum += histogram[bin]!;
      if (sum * 2 >= n) return (bin + 0.5) / 8 / 0.6745 / Math.SQRT2;
    }
    return 16;
  }

  function learn(grey: Uint8Array, atMs: number): boolean {
    smooth(grey, width, height, scratch, seen);
    if (learnStartMs < 0) learnStartMs = atMs;
    let calm = hasPrevious;
    if (hasPrevious) {
      let moved = 0;
      let now = 0;
      let then = 0;
      for (let p = 0; p < size; p += 7) {
        if (Math.abs(seen[p]! - previous[p]!) > 14) moved++;
        now += seen[p]!;
        then += previous[p]!;
      }
      calm = moved * 7 < size * 0.01 && Math.abs(now - then) <= 0.015 * then + size / 14;
    }
    if (!calm && atMs - learnStartMs < LEARN_AT_MOST_MS) learned = 0;
    if (learned === 0) {
      accepted.set(seen);
      learnFromMs = atMs;
      counts.noise = 1;
    } else {
      const k = 1 / (learned + 1);
      for (let p = 0; p < size; p++) accepted[p] = accepted[p]! + (seen[p]! - accepted[p]!) * k;
      const noise = noiseBetween();
      counts.noise = learned === 1 ? noise : counts.noise + (noise - counts.noise) * 0.3;
    }
    learned++;
    previous.set(seen);
    hasPrevious = true;
    if (learned < LEARN_PICTURES || atMs - learnFromMs < LEARN_MS) return false;
    const noise = Math.max(LEAST_NOISE, counts.noise);
    deviation.fill(noise / NORMAL);
    for (let p = 0; p < size; p++) bounded[p] = accepted[p]! >= CLIPPED ? 1 : 0;
    accepting();
    mean.set(accepted);
    still.fill(MEAN_OVER);
    flags.fill(0);
    fresh = false;
    return true;
  }

  function renewSlack(from: number, to: number): void {
    for (let y = Math.max(1, from); y < Math.min(height - 1, to); y++) {
      for (let p = y * width + 1; p < (y + 1) * width - 1; p++) {
        const across = Math.abs(accepted[p + 1]! - accepted[p - 1]!);
        const down = Math.abs(accepted[p + width]! - accepted[p - width]!);
        slack[p] = SLACK * 0.5 * (across > down ? across : down);
      }
    }
  }

  function accept(p: number): void {
    accepted[p] = mean[p]!;
    bounded[p] = clipped[p]!;
  }

  function accepting(): void {
    renewSlack(0, height);
  }

  function take(grey: Uint8Array, rate: number): void {
    smooth(grey, width, height, scratch, seen);
    if (hasPrevious) {
      const noise = Math.min(noiseBetween(), counts.noise * 2 + 0.5);
      counts.noise += (noise - counts.noise) * 0.04;
    }
    const noise = Math.max(LEAST_NOISE, counts.noise);
    const fit = light.fit(seen, accepted, noise, flags);
    counts.inliers = fit.inliers;
    const rows = Math.ceil(height / SLACK_PICTURES);
    slackRow = slackRow >= height ? 0 : slackRow;
    renewSlack(slackRow, slackRow + rows);
    slackRow += rows;
    normalise(fit.gain, fit.offset, fit.shiftX, fit.shiftY, noise, rate);
    previous.set(seen);
    hasPrevious = true;
    fresh = false;
  }

  function normalise(
    gain: Float64Array,
    offset: number,
    shiftX: number,
    shiftY: number,
    noise: number,
    rate: number,
  ): void {
    const wholeX = Math.floor(shiftX);
    const wholeY = Math.floor(shiftY);
    const partX = shiftX - wholeX;
    const partY = shiftY - wholeY;
    const shifted = Math.abs(shiftX) > 0.08 || Math.abs(shiftY) > 0.08;
    const w00 = (1 - partX) * (1 - partY);
    const w10 = partX * (1 - partY);
    const w01 = (1 - partX) * partY;
    const w11 = partX * partY;
    const g0 = gain[0]!;
    const g1 = gain[1]!;
    const g2 = gain[2]!;
    const g3 = gain[3]!;
    const g4 = gain[4]!;
    const g5 = gain[5]!;
    const leastDeviation = (noise * 0.6) / NORMAL;
    const mostDeviation = (noise * 4 + 1.5) / NORMAL;
    let changed = 0;
    let strong = 0;
    let moving = 0;
    for (let y = 0; y < height; y++) {
      const uy = (2 * y) / (height - 1) - 1;
      const base = g0 + g2 * uy + g4 * uy * uy;
      const slope = g1 + g5 * uy;
      const y0 = Math.min(height - 1, Math.max(0, y + wholeY)) * width;
      const y1 = Math.min(height - 1, Math.max(0, y + wholeY + 1)) * width;
      let inverse = 1 / Math.max(0.1, base - slope + g3);
      for (let x = 0, p = y * width; x < width; x++, p++) {
        const ux = columns[x]!;
        let g = base + (slope + g3 * ux) * ux;
        if (g < 0.1) g = 0.1;
        // One step of Newton's division: the gain changes little from one pixel to the next.
        inverse *= 2 - g * inverse;
        let value: number;
        if (shifted) {
          const x0 = Math.min(width - 1, Math.max(0, x + wholeX));
          const x1 = Math.min(width - 1, Math.max(0, x + wholeX + 1));
          value =
            w00 * seen[y0 + x0]! +
            w10 * seen[y0 + x1]! +
            w01 * seen[y1 + x0]! +
            w11 * seen[y1 + x1]!;
        } else {
          value = seen[p]!;
        }
        const a = accepted[p]!;
        let n = (value - offset) * inverse;
        // Both are clipped: as far as can be told, the same.
        clipped[p] = value >= CLIPPED ? 1 : 0;
        if (value >= CLIPPED && a > n) n = a;
        const known = deviation[p]!;
        const v = known > leastDeviation ? known : leastDeviation;
        const sigma = NORMAL * v * inverse;
        let count = still[p]!;
        let m = mean[p]!;
        const step = n - m;
        let flag = 0;
        const drift = trend[p]! * 0.6 + step * 0.4;
        trend[p] = drift;
        if (
          fresh ||
          Math.abs(step) > 4.5 * sigma * moveRoot[count]! + 1.2 ||
          Math.abs(drift) > 2.4 * sigma + 0.8
        ) {
          m = n;
          count = 0;
          flag = MOVED;
          trend[p] = 0;
        } else {
          if (count < 250) count++;
          m += step / Math.min(count + 1, MEAN_OVER);
          const next = v + ((step < 0 ? -step : step) * g - v) * 0.02;
          deviation[p] = next < mostDeviation ? next : mostDeviation;
        }
        innovation[p] = flag === 0 ? step : 0;
        mean[p] = m;
        still[p] = count;
        const difference = Math.abs(m - a);
        const uncertain = sigma * meanRoot[count]! + slack[p]!;
        if (bounded[p] === 1 && m > a) {
          if (count >= 2) {
            accepted[p] = m;
            if (value < CLIPPED) bounded[p] = 0;
          }
        } else if (difference > 3 * uncertain + 1 + 0.008 * a) {
          flag |= CHANGED;
          changed++;
          if (flag & MOVED) moving++;
          if (difference > 5 * uncertain + 1.5 + 0.012 * a) {
            flag |= STRONG;
            strong++;
          }
        } else if (count >= 6) {
          accepted[p] = a + (m - a) * rate;
        }
        flags[p] = flag;
      }
    }
    counts.changed = changed;
    counts.strong = strong;
    counts.moving = moving;
  }

  function errorAt(p: number): number {
    return Math.max(counts.noise * 0.6, NORMAL * deviation[p]!) * meanRoot[still[p]!]!;
  }

  return {
    accepted,
    mean,
    still,
    innovation,
    flags,
    counts,
    errorAt,
    accept,
    accepting,
    take,
    learn,
    restart,
    reset,
  };
}
