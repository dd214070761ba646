import type { BandCurve } from './band-depth.ts';
import { CLIPPED } from './pixels.ts';
import { solveSymmetric } from './solve.ts';

/**
 * The bands that lamps on the mains draw across a picture. A rolling shutter takes the picture line by
 * line, and a lamp's light swings at twice the mains' frequency meanwhile: each line has a factor of its
 * own, a wave along the lines whose length is the camera's and whose phase is another in each picture.
 * Where the mains and the pictures nearly keep step, the wave wanders slowly.
 *
 *   factor(line) = 1 + a·cos(ωl) + b·sin(ωl) + c·cos(2ωl) + d·sin(2ωl)
 *
 * The medians over each line of the ratio to the accepted picture tell the wave, as things and hands
 * cover less than half of most lines. Its length is the one that explained most in the last second.
 * A camera that hangs turned has its lines along the columns: whichever show a wave are taken.
 */
export interface Bands {
  /**
   * Takes the bands out of a picture, in place. `flags` are those of the picture before: what differed
   * then hardly tells of the light.
   */
  undo(seen: Float32Array, accepted: Float32Array, flags: Uint8Array): void;
  /** The last picture without its bands; the same where there are none. */
  withoutBands(grey: Uint8Array): Uint8Array;
  /** The wave's height as a part of the light; 0 where there is none. */
  readonly depth: number;
  /** The last picture's wave, held against the accepted picture; null where there is none. */
  readonly curve: BandCurve | null;
  reset(): void;
}

/** Along a line every fourth pixel is looked at, and fewer than this tell nothing. */
const STRIDE = 4;
const LEAST_SAMPLES = 8;
/** Ratios from 1/2 to 2 in steps of 0.55 %; a median between two of them is interpolated. */
const BINS = 256;
const REACH = Math.LN2;
/** Waves in a picture: fewer are a slope of the light, more no camera reads out slowly enough for. */
const LEAST_WAVES = 1.1;
const MOST_WAVES = 8;
const WAVE_STEP = 0.1;
const LENGTHS = Math.round((MOST_WAVES - LEAST_WAVES) / WAVE_STEP) + 1;
/** How much of the last picture's spectrum goes into the mean. */
const FOLLOW = 0.08;
/** A wave of less height than this is none, nor one that explains less of the lines' differences. */
const LEAST_DEPTH = 0.007;
const LEAST_EXPLAINED = 0.8;
/**
 * A large thing that comes or goes changes the lines as a wave does, and then stands; a flicker goes on
 * to move, though it may wander slowly. So a wave is taken for one once it has moved for longer than the
 * past that it is held against. At the start there is nothing yet that could have come.
 */
const PAST = 12;
const MOVING = 0.012;
const SURE_AFTER = 2 * PAST;
const FIRST_PICTURES = 12;
/** The depth is told by so many lines across the picture. */
const CURVE_LINES = 16;
/** Waves up to here, counted in steps from `LEAST_WAVES`, pass for a slope or a bend in part. */
const LONG_WAVES = 5;
/** Once there is one, it is kept until it is clearly gone. */
const KEPT = 0.4;
const ENOUGH_LINES = 0.7;
/** Constant, slope, bend, and two waves. */
const TERMS = 7;
const ROUNDS = 3;

export function createBands(width: number, height: number): Bands {
  const rows = createWave(width, height, 'rows');
  const columns = createWave(width, height, 'columns');
  return {
    undo(seen, accepted, flags) {
      if (columns.depth === 0) rows.undo(seen, accepted, flags);
      if (rows.depth === 0) columns.undo(seen, accepted, flags);
    },
    withoutBands: (grey) => rows.withoutBands(columns.withoutBands(grey)),
    get depth() {
      return Math.max(rows.depth, columns.depth);
    },
    get curve() {
      return rows.curve ?? columns.curve;
    },
    reset() {
      rows.reset();
      columns.reset();
    },
  };
}

function createWave(width: number, height: number, lines: 'rows' | 'columns'): Bands {
  const count = lines === 'rows' ? height : width;
  const length = lines === 'rows' ? width : height;
  const lineStride = lines === 'rows' ? width : 1;
  const pixelStride = lines === 'rows' ? 1 : width;
  const logs = new Float32Array(count);
  const weights = new Float32Array(count);
  const rest = new Float32Array(count);
  const factors = new Float32Array(count);
  const bins = new Int32Array(BINS);
  const basis = new Float64Array(count * TERMS);
  const matrix = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  const energy = new Float64Array(LENGTHS);
  /** Each wave's two parts in the last pictures, in a ring. */
  const pastA = new Float64Array(LENGTHS * PAST);
  const pastB = new Float64Array(LENGTHS * PAST);

  const cosines = new Float32Array(LENGTHS * count);
  const sines = new Float32Array(LENGTHS * count);
  for (let k = 0; k < LENGTHS; k++) {
    const turn = (2 * Math.PI * (LEAST_WAVES + k * WAVE_STEP)) / count;
    for (let l = 0; l < count; l++) {
      cosines[k * count + l] = Math.cos(turn * l);
      sines[k * count + l] = Math.sin(turn * l);
    }
  }
  let variance = 0;
  let pictures = 0;
  let depth = 0;
  let curve: BandCurve | null = null;
  let basisOf = -1;
  /** Pictures in a row that showed a wave. */
  let seenFor = 0;
  /** Whether the likeliest wave has moved since `PAST` pictures ago. */
  let isMoving = false;

  function reset(): void {
    energy.fill(0);
    pastA.fill(0);
    pastB.fill(0);
    variance = 0;
    pictures = 0;
    depth = 0;
    curve = null;
    seenFor = 0;
  }

  /** Medians of the ratio to the accepted picture, as logarithms; the number of lines that tell one. */
  function measureLines(
    seen: Float32Array,
    accepted: Float32Array,
    flags: Uint8Array | null,
  ): number {
    let told = 0;
    for (let l = 0; l < count; l++) {
      bins.fill(0);
      let n = 0;
      const first = l * lineStride + (l & (STRIDE - 1)) * pixelStride;
      for (
        let i = l & (STRIDE - 1), p = first;
        i < length;
        i += STRIDE, p += STRIDE * pixelStride
      ) {
        const value = seen[p]!;
        const before = accepted[p]!;
        if (value >= CLIPPED || before >= CLIPPED || before < 4) continue;
        if (flags !== null && flags[p] !== 0) continue;
        const at = (Math.log((value + 1) / (before + 1)) / (2 * REACH) + 0.5) * BINS;
        if (at < 0 || at >= BINS) continue;
        bins[at | 0] = bins[at | 0]! + 1;
        n++;
      }
      weights[l] = n < LEAST_SAMPLES ? 0 : 1;
      if (n < LEAST_SAMPLES) continue;
      told++;
      let below = 0;
      let bin = 0;
      while (below + bins[bin]! < n / 2) below += bins[bin++]!;
      logs[l] = ((bin + (n / 2 - below) / bins[bin]!) / BINS - 0.5) * 2 * REACH;
    }
    return told;
  }

  function renewBasis(k: number): void {
    if (basisOf === k) return;
    basisOf = k;
    const turn = (2 * Math.PI * (LEAST_WAVES + k * WAVE_STEP)) / count;
    for (let l = 0; l < count; l++) {
      const at = l * TERMS;
      const y = (2 * l) / (count - 1) - 1;
      basis[at] = 1;
      basis[at + 1] = y;
      basis[at + 2] = y * y;
      basis[at + 3] = Math.cos(turn * l);
      basis[at + 4] = Math.sin(turn * l);
      basis[at + 5] = Math.cos(2 * turn * l);
      basis[at + 6] = Math.sin(2 * turn * l);
    }
  }

  /** Fits the first terms of the basis to the lines; `right` has the answer. False if there is none. */
  function fit(terms: number): boolean {
    matrix.fill(0);
    right.fill(0);
    for (let l = 0; l < count; l++) {
      const w = weights[l]!;
      if (w === 0) continue;
      const at = l * TERMS;
      for (let i = 0; i < terms; i++) {
        const wi = w * basis[at + i]!;
        right[i] = right[i]! + wi * logs[l]!;
        for (let j = 0; j <= i; j++) {
          matrix[i * terms + j] = matrix[i * terms + j]! + wi * basis[at + j]!;
        }
      }
    }
    // The second wave is the smaller one, and where lines are missing it must not run wild.
    for (let i = 0; i < terms; i++) {
      matrix[i * terms + i] = matrix[i * terms + i]! + (i < 3 ? 0.02 : i < 5 ? 0.3 : 3);
    }
    return solveSymmetric(matrix, right, terms);
  }

  /** What the fit leaves of each line; lines that are far off it count less the next time. */
  function weigh(terms: number): void {
    let sum = 0;
    let n = 0;
    for (let l = 0; l < count; l++) {
      if (weights[l] === 0) continue;
      let predicted = 0;
      for (let i = 0; i < terms; i++) predicted += right[i]! * basis[l * TERMS + i]!;
      rest[l] = logs[l]! - predicted;
      sum += Math.abs(rest[l]!);
      n++;
    }
    const within = 4 * (sum / Math.max(1, n)) + 0.002;
    for (let l = 0; l < count; l++) {
      if (weights[l] === 0) continue;
      const t = rest[l]! / within;
      weights[l] = Math.max(0.01, 1 - t * t);
    }
  }

  /** Adds the picture to the spectrum; returns the wave that explained most of late. */
  function likeliestWave(): number {
    if (!fit(3)) return -1;
    weigh(3);
    let total = 0;
    let n = 0;
    for (let l = 0; l < count; l++) {
      if (weights[l] === 0) continue;
      total += rest[l]! * rest[l]!;
      n++;
    }
    const share = pictures++ === 0 ? 1 : Math.max(FOLLOW, 1 / pictures);
    variance += (total / n - variance) * share;
    let best = 0;
    for (let k = 0; k < LENGTHS; k++) {
      let a = 0;
      let b = 0;
      for (let l = 0, at = k * count; l < count; l++, at++) {
        if (weights[l] === 0) continue;
        a += rest[l]! * cosines[at]!;
        b += rest[l]! * sines[at]!;
      }
      const explained = (2 * (a * a + b * b)) / (n * n);
      energy[k] = energy[k]! + (explained - energy[k]!) * share;
      const at = k * PAST + (pictures % PAST);
      const square = a * a + b * b;
      const stepA = a - pastA[at]!;
      const stepB = b - pastB[at]!;
      pastA[at] = a;
      pastB[at] = b;
      if (energy[k]! >= energy[best]!) {
        best = k;
        isMoving = stepA * stepA + stepB * stepB > MOVING * square;
      }
    }
    return best;
  }

  function undo(seen: Float32Array, accepted: Float32Array, flags: Uint8Array): void {
    // Where many lines are flagged as a whole it is the light that was misjudged.
    if (
      measureLines(seen, accepted, flags) < count * ENOUGH_LINES &&
      (depth === 0 || measureLines(seen, accepted, null) < count * ENOUGH_LINES)
    ) {
      return;
    }
    renewBasis(0);
    const likeliest = likeliestWave();
    if (likeliest < 0) return;
    const held = depth > 0 ? KEPT : 1;
    const height = Math.sqrt(2 * energy[likeliest]!);
    const isWave =
      (depth > 0 || isMoving) &&
      height >= LEAST_DEPTH * held &&
      energy[likeliest]! >= LEAST_EXPLAINED * held * variance;
    seenFor = isWave ? seenFor + 1 : 0;
    if (!isWave || (depth === 0 && seenFor < SURE_AFTER && pictures > FIRST_PICTURES)) {
      depth = 0;
      curve = null;
      return;
    }
    renewBasis(likeliest);
    for (let l = 0; l < count; l++) if (weights[l] !== 0) weights[l] = 1;
    for (let round = 0; round < ROUNDS; round++) {
      if (!fit(TERMS)) return;
      if (round < ROUNDS - 1) weigh(TERMS);
    }
    const seenDepth = Math.hypot(right[3]!, right[4]!);
    // Few lines may fit a wave that there cannot be: it is never much higher than it was of late.
    const most = 1.15 * Math.sqrt(2 * energy[likeliest]!) + 0.005;
    const share = Math.min(1, most / seenDepth);
    const second = Math.hypot(right[5]!, right[6]!);
    const secondShare = share * Math.min(1, (0.5 * seenDepth) / Math.max(second, 1e-6));
    depth = seenDepth * share;
    curve = curveOf(likeliest, share);
    for (let l = 0; l < count; l++) {
      const at = l * TERMS;
      const first = right[3]! * basis[at + 3]! + right[4]! * basis[at + 4]!;
      const other = right[5]! * basis[at + 5]! + right[6]! * basis[at + 6]!;
      factors[l] = Math.exp(-first * share - other * secondShare);
    }
    divide(seen);
  }

  /** A wave that is hardly shorter than the picture is a part of the fit's slope and bend: its lines tell. */
  function curveOf(likeliest: number, share: number): BandCurve {
    return Array.from({ length: CURVE_LINES }, (_, index) => {
      const l = Math.round(((index + 0.5) * (count - 1)) / CURVE_LINES);
      if (likeliest < LONG_WAVES) return logs[l]!;
      const at = l * TERMS;
      return share * (right[3]! * basis[at + 3]! + right[4]! * basis[at + 4]!);
    });
  }

  function divide(seen: Float32Array | Uint8ClampedArray): void {
    for (let l = 0; l < count; l++) {
      const factor = factors[l]!;
      const first = l * lineStride;
      for (let i = 0, p = first; i < length; i++, p += pixelStride) {
        const value = seen[p]!;
        // What is clipped is so whatever the light: how bright it is cannot be told.
        if (value < CLIPPED) seen[p] = value * factor;
      }
    }
  }

  function withoutBands(grey: Uint8Array): Uint8Array {
    if (depth === 0) return grey;
    const evened = Uint8ClampedArray.from(grey);
    divide(evened);
    return new Uint8Array(evened.buffer);
  }

  return {
    undo,
    withoutBands,
    get depth() {
      return depth;
    },
    get curve() {
      return curve;
    },
    reset,
  };
}
