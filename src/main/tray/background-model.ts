import type { BandCurve } from './band-depth.ts';
import { createBands } from './bands.ts';
import type { Chroma } from '../../shared/frame.ts';
import type { Colours } from './colours.ts';
import { createColours } from './colours.ts';
import { createLightModel } from './light.ts';
import type { LightFit } from './light-fit.ts';
import type { ChangeCounts, Pixels } from './pixels.ts';
import { CLIPPED, MEAN_OVER, NORMAL, errorOfMean, takePicture } from './pixels.ts';
import { createSmooth } from './smooth.ts';

/**
 * What the camera sees, in the light and place of the accepted picture, pixel by pixel: a mean since it
 * last moved, for how many pictures it has been still, and whether it differs from what is accepted.
 */
export interface BackgroundModel extends Pick<
  Pixels,
  'seen' | 'accepted' | 'mean' | 'still' | 'innovation' | 'flags' | 'bounded'
> {
  readonly counts: BackgroundCounts;
  /** Of the last picture against what is accepted; null while that is learned. */
  readonly light: () => LightFit | null;
  readonly colours: Colours;
  /** Of bands of the mains in the last picture, held against the accepted one; null where there are none. */
  readonly bandCurve: () => BandCurve | null;
  /** The last picture without those bands. */
  readonly withoutBands: (grey: Uint8Array) => Uint8Array;
  /** Expected error of `mean` at a pixel, in grey levels of `accepted`. */
  errorAt(p: number): number;
  /** Whether a pixel is as bright as the camera can tell, and the truth may be brighter than `mean`. */
  isClipped(p: number): boolean;
  /** Makes what a pixel shows now the accepted. */
  accept(p: number): void;
  /** To be called after pixels in these rows were accepted. */
  accepting(top: number, bottom: number): void;
  /** Takes the next picture. `rate` is the part by which still, unchanged pixels are adapted. */
  take(grey: Uint8Array, chroma: Chroma | undefined, rate: number): void;
  /** Takes pictures for a first accepted picture; true once it is made. */
  learn(grey: Uint8Array, atMs: number): boolean;
  /** Takes over what was accepted in another size, in place of learning it. */
  adopt(picture: Float32Array, bounds: Uint8Array, noise: number): void;
  /** The camera comes back: the light and what moved are unknown, what is accepted is kept. */
  restart(): void;
  reset(): void;
}

export interface BackgroundCounts extends Readonly<ChangeCounts> {
  /** Standard deviation of the noise of the smoothed picture, in grey levels. */
  readonly noise: number;
}

const LEARN_PICTURES = 6;
const LEARN_MS = 150;
const LEARN_AT_MOST_MS = 4000;
/** The least noise assumed, for quantisation. */
const LEAST_NOISE = 0.4;
/** Unclipped pixels that noise is told by. */
const LEAST_SAMPLES = 40;
/** Part of the slope to the next pixel that is no change. */
const SLACK = 0.12;
/** The allowance follows slow changes; so many pictures renew it once. */
const SLACK_PICTURES = 16;

export function createBackgroundModel(width: number, height: number): BackgroundModel {
  const size = width * height;
  const pixels: Pixels = {
    width,
    height,
    seen: new Float32Array(size),
    accepted: new Float32Array(size),
    mean: new Float32Array(size),
    still: new Uint8Array(size),
    deviation: new Float32Array(size),
    flags: new Uint8Array(size),
    innovation: new Float32Array(size),
    trend: new Float32Array(size),
    slack: new Float32Array(size),
    bounded: new Uint8Array(size),
  };
  const { seen, accepted, mean, still, deviation, flags, slack, bounded } = pixels;
  const previous = new Float32Array(size);
  const smooth = createSmooth(width, height);
  const histogram = new Int32Array(129);
  const light = createLightModel(pixels);
  const bands = createBands(width, height);
  const colours = createColours(size);
  let lastFit: LightFit | null = null;
  const counts = { changed: 0, strong: 0, moving: 0, noise: 1 };
  let learned = 0;
  let learnFromMs = 0;
  let learnStartMs = -1;
  let hasPrevious = false;
  let fresh = true;
  let slackRow = 0;
  let picture = 0;

  function reset(): void {
    learned = 0;
    learnStartMs = -1;
    lastFit = null;
    counts.noise = 1;
    bands.reset();
    colours.reset();
    restart();
  }

  function adopt(picture: Float32Array, bounds: Uint8Array, noise: number): void {
    accepted.set(picture);
    mean.set(picture);
    bounded.set(bounds);
    deviation.fill(noise / NORMAL);
    counts.noise = noise;
    renewSlack(0, height);
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

  /**
   * Median of the difference between two pictures, as a standard deviation of one of them; where nearly
   * all is clipped, as it was. Keeps what it looks at as the previous picture of the next.
   */
  function noiseBetween(): number {
    histogram.fill(0);
    let n = 0;
    for (let p = 3; p < size; p += 29) {
      const now = seen[p]!;
      const then = previous[p]!;
      previous[p] = now;
      if (now >= CLIPPED || then >= CLIPPED) continue;
      const d = Math.abs(now - then) * 8;
      const bin = d < 128 ? d | 0 : 128;
      histogram[bin] = histogram[bin]! + 1;
      n++;
    }
    if (n < LEAST_SAMPLES) return counts.noise;
    let sum = 0;
    for (let bin = 0; bin < 129; bin++) {
      sum += histogram[bin]!;
      if (sum * 2 >= n) return (bin + 0.5) / 8 / 0.6745 / Math.SQRT2;
    }
    return 16;
  }

  /** What a camera that shakes by a pixel shows at an edge. */
  function slopeAt(p: number): number {
    if (p < width || p >= size - width) return 0;
    return Math.max(
      Math.abs(seen[p + 1]! - seen[p - 1]!),
      Math.abs(seen[p + width]! - seen[p - width]!),
    );
  }

  function learn(grey: Uint8Array, atMs: number): boolean {
    smooth(grey, seen);
    if (hasPrevious) bands.undo(seen, accepted, flags);
    if (learnStartMs < 0) learnStartMs = atMs;
    let calm = hasPrevious;
    if (hasPrevious) {
      let moved = 0;
      let now = 0;
      let then = 0;
      for (let p = 0; p < size; p += 7) {
        if (Math.abs(seen[p]! - previous[p]!) > 14 + slopeAt(p)) moved++;
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
    renewSlack(0, height);
    mean.set(accepted);
    still.fill(MEAN_OVER);
    flags.fill(0);
    fresh = false;
    return true;
  }

  function renewSlack(from: number, to: number): void {
    const across = width;
    const end = Math.min(height - 1, to);
    for (let y = Math.max(1, from); y < end; y++) {
      const first = y * across + 1;
      const last = first + across - 2;
      let before = accepted[first - 1]!;
      let here = accepted[first]!;
      for (let p = first; p < last; p++) {
        const after = accepted[p + 1]!;
        const sideways = Math.abs(after - before);
        const upright = Math.abs(accepted[p + across]! - accepted[p - across]!);
        slack[p] = SLACK * 0.5 * (sideways > upright ? sideways : upright);
        before = here;
        here = after;
      }
    }
  }

  function isClipped(p: number): boolean {
    return seen[p]! >= CLIPPED;
  }

  function accept(p: number): void {
    accepted[p] = mean[p]!;
    bounded[p] = isClipped(p) ? 1 : 0;
    colours.accept(p);
  }

  function accepting(top: number, bottom: number): void {
    renewSlack(top - 1, bottom + 2);
  }

  function take(grey: Uint8Array, chroma: Chroma | undefined, rate: number): void {
    smooth(grey, seen);
    bands.undo(seen, accepted, flags);
    if (hasPrevious) {
      const noise = Math.min(noiseBetween(), counts.noise * 2 + 0.5);
      counts.noise += (noise - counts.noise) * 0.04;
    } else {
      previous.set(seen);
    }
    const noise = Math.max(LEAST_NOISE, counts.noise);
    const fit = light.fit(noise);
    lastFit = fit;
    const rows = Math.ceil(height / SLACK_PICTURES);
    slackRow = slackRow >= height ? 0 : slackRow;
    renewSlack(slackRow, slackRow + rows);
    slackRow += rows;
    takePicture(pixels, { light: fit, noise, rate, isFresh: fresh, picture: picture++ }, counts);
    const coloured = colours.take(chroma, flags);
    counts.changed += coloured;
    counts.strong += coloured;
    hasPrevious = true;
    fresh = false;
  }

  function errorAt(p: number): number {
    return Math.max(counts.noise * 0.6, NORMAL * deviation[p]!) * errorOfMean(still[p]!);
  }

  return {
    seen,
    accepted,
    mean,
    still,
    innovation: pixels.innovation,
    flags,
    bounded,
    counts,
    light: () => lastFit,
    colours,
    bandCurve: () => bands.curve,
    withoutBands: bands.withoutBands,
    errorAt,
    isClipped,
    accept,
    accepting,
    take,
    learn,
    adopt,
    restart,
    reset,
  };
}
