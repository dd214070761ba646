import type { LightFit } from './light-fit.ts';
import type { Pixels } from './pixels.ts';
import { solveSymmetric } from './solve.ts';

export interface LightModel {
  /** Fits the picture last seen; pixels with any flag differ by more than light, and hardly count. */
  fit(noise: number): LightFit;
  reset(): void;
}

const TERMS = 9;
const OFFSET = 6;
const SHIFT_X = 7;
const SHIFT_Y = 8;
/**
 * The products of 1, x, y, xx, yy, xy with one another are fifteen monomials, of which these six are
 * the first.
 */
const powersX = [0, 1, 0, 2, 0, 1, 3, 2, 1, 0, 4, 3, 2, 1, 0] as const;
const powersY = [0, 0, 1, 0, 2, 1, 0, 1, 2, 3, 0, 1, 2, 3, 4] as const;
const MONOMIALS = powersX.length;
const MOST_POWER = 4;
/** Which of them the product of two of the six is. */
const productOf = Int32Array.from({ length: OFFSET * OFFSET }, (_, at) => {
  const i = Math.floor(at / OFFSET);
  const j = at % OFFSET;
  return powersX.findIndex(
    (power, k) => power === powersX[i]! + powersX[j]! && powersY[k] === powersY[i]! + powersY[j]!,
  );
});
const MAX_SHIFT = 5;
/** Ratios from e^-1.6 to e^1.6 in steps of 3%. */
const RATIO_BINS = 107;
const RATIO_REACH = 1.6;
/** How far each number is expected to be from where it started, when the light is unknown. */
const UNKNOWN = [1, 0.1, 0.1, 0.001, 0.001, 0.001, 2, 1, 1] as const;
/** The same from one picture to the next, so that a few misleading pictures do not carry it off. */
const NEXT = [0.1, 0.02, 0.02, 0.01, 0.01, 0.01, 0.5, 0.7, 0.7] as const;
const MAX_OFFSET = 12;
/** In pixels of the grid: an offset is small, and where little but the rim tells it, it is none. */
const NO_OFFSET = 4;
const HELD = 1e6;
/** With less of the grid to tell by, the light is taken to be as it was. */
const LEAST_TOLD = 0.05;
/** So much farther the gain may go where nothing tells it. */
const BEYOND = 0.04;
const KNOWN_CHANGED = 0.03;
/** A new start counts as a change of light only if it explains so much of the picture. */
const LEAST_EXPLAINED = 0.55;
/** After so many pictures without an explanation, a lesser one will do. */
const LOST_PICTURES = 45;

export function createLightModel(pixels: Pixels): LightModel {
  const { width, height, seen, accepted, flags, bounded } = pixels;
  const step = Math.max(2, Math.round(Math.min(width, height) / 24));
  const margin = MAX_SHIFT + 2;
  const columns = Math.max(1, Math.floor((width - 2 * margin - 1) / step) + 1);
  const rows = Math.max(1, Math.floor((height - 2 * margin - 1) / step) + 1);
  const count = columns * rows;
  const at = new Int32Array(count);
  const unitX = new Float64Array(count);
  const unitY = new Float64Array(count);
  for (let r = 0, n = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, n++) {
      // Staggered, so that a regular texture of the tray does not beat with the grid.
      const x = Math.min(width - margin - 1, margin + c * step + (r % 2) * (step >> 1));
      const y = margin + r * step;
      at[n] = y * width + x;
      unitX[n] = (2 * x) / (width - 1) - 1;
      unitY[n] = (2 * y) / (height - 1) - 1;
    }
  }

  const params = new Float64Array(TERMS);
  const before = new Float64Array(TERMS);
  const matrix = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  const given = new Float64Array(TERMS * TERMS);
  const wanted = new Float64Array(TERMS);
  const offsetRow = matrix.subarray(OFFSET * TERMS, OFFSET * TERMS + TERMS);
  const shiftXRow = matrix.subarray(SHIFT_X * TERMS, SHIFT_X * TERMS + TERMS);
  const shiftYRow = matrix.subarray(SHIFT_Y * TERMS, SHIFT_Y * TERMS + TERMS);
  const sums = new Float64Array(MONOMIALS);
  /** What one row of the grid adds, by powers of x, and that row's powers of y. */
  const rowSums = new Float64Array(MOST_POWER + 1);
  const rowOffset = new Float64Array(3);
  const rowShiftX = new Float64Array(3);
  const rowShiftY = new Float64Array(3);
  const rowRight = new Float64Array(3);
  const rowY = new Float64Array(MOST_POWER + 1).fill(1);
  /** The gain at each pixel of the grid. */
  const gains = new Float64Array(count);
  const ratios = new Float64Array(RATIO_BINS);
  const result = {
    gain: new Float64Array(OFFSET),
    leastGain: 0,
    mostGain: 0,
    offset: 0,
    shiftX: 0,
    shiftY: 0,
    inliers: 0,
  };
  let wholeX = 0;
  let wholeY = 0;
  let lost = 0;

  function reset(): void {
    params.fill(0);
    params[0] = 1;
    renewGains();
    wholeX = 0;
    wholeY = 0;
    lost = LOST_PICTURES;
  }
  reset();

  /** To be called when the gain's numbers have changed. */
  function renewGains(): void {
    const level = params[0]!;
    const tiltX = params[1]!;
    const tiltY = params[2]!;
    const bendX = params[3]!;
    const bendY = params[4]!;
    const twist = params[5]!;
    for (let n = 0; n < gains.length; n++) {
      const x = unitX[n]!;
      const y = unitY[n]!;
      gains[n] = level + tiltX * x + tiltY * y + bendX * x * x + bendY * y * y + twist * x * y;
    }
  }

  /** The part of the grid that the numbers explain, of what clipping does not hide. */
  function countInliers(within: number): number {
    const down = width;
    const whole = wholeY * down + wholeX;
    const offset = params[OFFSET]!;
    const partX = params[SHIFT_X]! * 0.5;
    const partY = params[SHIFT_Y]! * 0.5;
    const isBetween = partX !== 0 || partY !== 0;
    let explained = 0;
    let told = 0;
    for (let n = 0; n < gains.length; n++) {
      const p = at[n]!;
      const q = p - whole;
      const value = seen[p]!;
      let predicted = gains[n]! * accepted[q]! + offset;
      if (isBetween) {
        predicted -= partX * (accepted[q + 1]! - accepted[q - 1]!);
        predicted -= partY * (accepted[q + down]! - accepted[q - down]!);
      }
      // A clipped pixel tells only that it is at least this bright, or was when it was accepted.
      const isBeyond = predicted > value ? value >= 252 : bounded[q] === 1;
      if (isBeyond) continue;
      told++;
      if (Math.abs(value - predicted) < within) explained++;
    }
    return told < LEAST_TOLD * count ? 1 : explained / told;
  }

  /**
   * Sums the normal equations into the lower triangle of `matrix` and `right`. As the pixels of a row
   * have their y in common, they are summed by powers of x alone first.
   */
  function sumEquations(within: number): void {
    const down = width;
    const whole = wholeY * down + wholeX;
    const offset = params[OFFSET]!;
    const partX = params[SHIFT_X]!;
    const partY = params[SHIFT_Y]!;
    const inverse = 1 / (within * within);
    let offsets = 0;
    let offsetX = 0;
    let offsetY = 0;
    let bothX = 0;
    let bothY = 0;
    let acrossXY = 0;
    let offsetSeen = 0;
    let seenX = 0;
    let seenY = 0;
    matrix.fill(0);
    right.fill(0);
    sums.fill(0);
    for (let from = 0; from < count; from += columns) {
      rowSums.fill(0);
      rowOffset.fill(0);
      rowShiftX.fill(0);
      rowShiftY.fill(0);
      rowRight.fill(0);
      for (let n = from; n < from + columns; n++) {
        const p = at[n]!;
        const value = seen[p]!;
        if (value >= 252 || value < 2) continue;
        const q = p - whole;
        const a = accepted[q]!;
        const slopeX = (accepted[q - 1]! - accepted[q + 1]!) * 0.5;
        const slopeY = (accepted[q - down]! - accepted[q + down]!) * 0.5;
        const r = value - (gains[n]! * a + offset + partX * slopeX + partY * slopeY);
        const t = r * r * inverse;
        if (t >= 1 || (r >= 0 && bounded[q] === 1)) continue;
        const w = (1 - t) * (1 - t) * (flags[p] === 0 ? 1 : KNOWN_CHANGED);
        const x = unitX[n]!;
        const xx = x * x;
        const wa = w * a;
        const waa = wa * a;
        rowSums[0] = rowSums[0]! + waa;
        rowSums[1] = rowSums[1]! + waa * x;
        rowSums[2] = rowSums[2]! + waa * xx;
        rowSums[3] = rowSums[3]! + waa * xx * x;
        rowSums[4] = rowSums[4]! + waa * xx * xx;
        addPowers(rowOffset, wa, x, xx);
        addPowers(rowShiftX, wa * slopeX, x, xx);
        addPowers(rowShiftY, wa * slopeY, x, xx);
        addPowers(rowRight, wa * value, x, xx);
        const wx = w * slopeX;
        const wy = w * slopeY;
        offsets += w;
        offsetX += wx;
        offsetY += wy;
        bothX += wx * slopeX;
        acrossXY += wx * slopeY;
        bothY += wy * slopeY;
        offsetSeen += w * value;
        seenX += wx * value;
        seenY += wy * value;
      }
      const y = unitY[from]!;
      for (let k = 1; k <= MOST_POWER; k++) rowY[k] = rowY[k - 1]! * y;
      for (let k = 0; k < MONOMIALS; k++) {
        sums[k] = sums[k]! + rowSums[powersX[k]!]! * rowY[powersY[k]!]!;
      }
      for (let i = 0; i < OFFSET; i++) {
        const part = rowY[powersY[i]!]!;
        const x = powersX[i]!;
        offsetRow[i] = offsetRow[i]! + rowOffset[x]! * part;
        shiftXRow[i] = shiftXRow[i]! + rowShiftX[x]! * part;
        shiftYRow[i] = shiftYRow[i]! + rowShiftY[x]! * part;
        right[i] = right[i]! + rowRight[x]! * part;
      }
    }
    offsetRow[OFFSET] = offsets;
    shiftXRow[OFFSET] = offsetX;
    shiftXRow[SHIFT_X] = bothX;
    shiftYRow[OFFSET] = offsetY;
    shiftYRow[SHIFT_X] = acrossXY;
    shiftYRow[SHIFT_Y] = bothY;
    right[OFFSET] = offsetSeen;
    right[SHIFT_X] = seenX;
    right[SHIFT_Y] = seenY;
    for (let i = 0; i < OFFSET; i++) {
      for (let j = 0; j <= i; j++) matrix[i * TERMS + j] = sums[productOf[i * OFFSET + j]!]!;
    }
  }

  function refine(within: number, prior: readonly number[]): void {
    sumEquations(within);
    const variance = (within * within) / 16;
    for (let i = 0; i < TERMS; i++) {
      const stiffness = variance / prior[i]! ** 2;
      matrix[i * TERMS + i] = matrix[i * TERMS + i]! + stiffness;
      right[i] = right[i]! + stiffness * params[i]!;
    }
    matrix[OFFSET * TERMS + OFFSET] = matrix[OFFSET * TERMS + OFFSET]! + NO_OFFSET;
    given.set(matrix);
    wanted.set(right);
    if (!solveSymmetric(matrix, right, TERMS)) return;
    if (Math.abs(right[OFFSET]!) > MAX_OFFSET) {
      // Held at its limit, or the light would be held where it was.
      const limit = Math.sign(right[OFFSET]!) * MAX_OFFSET;
      matrix.set(given);
      right.set(wanted);
      matrix[OFFSET * TERMS + OFFSET] = matrix[OFFSET * TERMS + OFFSET]! + HELD;
      right[OFFSET] = right[OFFSET]! + HELD * limit;
      if (!solveSymmetric(matrix, right, TERMS)) return;
      right[OFFSET] = limit;
    }
    if (!isPlausible(right)) return;
    params.set(right);
    params[SHIFT_X] = clamp(params[SHIFT_X]!, -2, 2);
    params[SHIFT_Y] = clamp(params[SHIFT_Y]!, -2, 2);
    renewGains();
  }

  function startFromCommonestRatio(): void {
    ratios.fill(0);
    for (let n = 0; n < count; n++) {
      const p = at[n]!;
      const value = seen[p]!;
      if (value >= 252 || bounded[p] === 1) continue;
      const log = Math.log((value + 4) / (accepted[p]! + 4));
      const bin = Math.round(((log + RATIO_REACH) / (2 * RATIO_REACH)) * (RATIO_BINS - 1));
      if (bin >= 0 && bin < RATIO_BINS) ratios[bin] = ratios[bin]! + 1;
    }
    let best = 0;
    let bestBin = RATIO_BINS >> 1;
    for (let b = 4; b < RATIO_BINS - 4; b++) {
      let sum = 0;
      for (let k = -4; k <= 4; k++) sum += ratios[b + k]!;
      if (sum > best) {
        best = sum;
        bestBin = b;
      }
    }
    // The shape of the light is kept; a large item must not be explained by a new one.
    const level = Math.exp((bestBin / (RATIO_BINS - 1)) * 2 * RATIO_REACH - RATIO_REACH);
    for (let i = 1; i < OFFSET; i++) params[i] = (before[i]! * level) / before[0]!;
    params[0] = level;
    params.fill(0, OFFSET);
    renewGains();
  }

  /** Tries whole-pixel shifts with the present gain, nearest first, and keeps one that explains more. */
  function searchShift(within: number): void {
    let best = countInliers(within) + 0.06;
    let bestX = wholeX;
    let bestY = wholeY;
    const keptX = params[SHIFT_X]!;
    const keptY = params[SHIFT_Y]!;
    params[SHIFT_X] = 0;
    params[SHIFT_Y] = 0;
    let found = false;
    for (let y = -MAX_SHIFT; y <= MAX_SHIFT; y++) {
      for (let x = -MAX_SHIFT; x <= MAX_SHIFT; x++) {
        wholeX = x;
        wholeY = y;
        const score = countInliers(within);
        if (score > best) {
          best = score;
          bestX = x;
          bestY = y;
          found = true;
        }
      }
    }
    wholeX = bestX;
    wholeY = bestY;
    if (!found) {
      params[SHIFT_X] = keptX;
      params[SHIFT_Y] = keptY;
    }
  }

  function startAnew(narrow: number, inliers: number): number {
    before.set(params);
    const beforeX = wholeX;
    const beforeY = wholeY;
    startFromCommonestRatio();
    for (const widen of [5, 3.5, 2.5, 1.7, 1.2, 1]) {
      refine(narrow * widen, UNKNOWN);
    }
    if (countInliers(narrow) < LEAST_EXPLAINED) {
      searchShift(narrow);
      refine(narrow * 1.5, UNKNOWN);
      refine(narrow, UNKNOWN);
    }
    const explained = countInliers(narrow);
    // A large plain item can also look like light; the known light keeps its place unless clearly beaten.
    const least = lost > LOST_PICTURES ? 0.3 : LEAST_EXPLAINED;
    if (explained >= least && explained > inliers * 1.3 + 0.05) {
      lost = 0;
      return explained;
    }
    params.set(before);
    renewGains();
    wholeX = beforeX;
    wholeY = beforeY;
    return inliers;
  }

  function fit(noise: number): LightFit {
    const narrow = 4 * noise + 4;
    let inliers = countInliers(narrow);
    refine(narrow, NEXT);
    if (inliers < 0.5) {
      refine(narrow, NEXT);
      inliers = countInliers(narrow);
    }
    if (inliers >= 0.6) {
      lost = 0;
    } else {
      lost++;
      // It is costly, and a hand over half the tray is not made out better by trying each time.
      if (lost <= 2 || lost % 6 === 0) inliers = startAnew(narrow, inliers);
    }
    recentre();
    for (let i = 0; i < OFFSET; i++) result.gain[i] = params[i]!;
    const mean = Math.max(0.1, params[0]!);
    measureReach();
    result.offset = params[OFFSET]!;
    result.shiftX = wholeX + params[SHIFT_X]! / mean;
    result.shiftY = wholeY + params[SHIFT_Y]! / mean;
    result.inliers = inliers;
    return result;
  }

  /** Between which gains the light is told. */
  function measureReach(): void {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    const whole = wholeY * width + wholeX;
    for (let n = 0; n < count; n++) {
      const p = at[n]!;
      const isClipped = seen[p]! >= 252 || bounded[p - whole] === 1;
      if (isClipped || flags[p] !== 0) continue;
      const gain = gains[n]!;
      if (gain < least) least = gain;
      if (gain > most) most = gain;
    }
    result.leastGain = most === 0 ? 0 : least * (1 - BEYOND);
    result.mostGain = most === 0 ? Number.POSITIVE_INFINITY : most * (1 + BEYOND);
  }

  /** Keeps the linearised part of the shift below a pixel. */
  function recentre(): void {
    const mean = Math.max(0.1, params[0]!);
    const x = Math.round(params[SHIFT_X]! / mean);
    const y = Math.round(params[SHIFT_Y]! / mean);
    if (Math.abs(params[SHIFT_X]! / mean) > 0.75 && Math.abs(wholeX + x) <= MAX_SHIFT) {
      wholeX += x;
      params[SHIFT_X] = params[SHIFT_X]! - x * mean;
    }
    if (Math.abs(params[SHIFT_Y]! / mean) > 0.75 && Math.abs(wholeY + y) <= MAX_SHIFT) {
      wholeY += y;
      params[SHIFT_Y] = params[SHIFT_Y]! - y * mean;
    }
  }

  return { fit, reset };
}

/** Whether these numbers can be light: no darkness, no inversion, no great offset. */
function isPlausible(p: Float64Array): boolean {
  const level = p[0]!;
  if (!(level > 0.1 && level < 8)) return false;
  let reach = 0;
  for (let i = 1; i < OFFSET; i++) reach += Math.abs(p[i]!);
  return reach < 0.8 * level;
}

function addPowers(sums: Float64Array, value: number, x: number, xx: number): void {
  sums[0] = sums[0]! + value;
  sums[1] = sums[1]! + value * x;
  sums[2] = sums[2]! + value * xx;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
