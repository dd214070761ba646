/**
 * How the light and the camera differ from the accepted picture:
 *
 *   seen(p) ≈ gain(p) · accepted(p − shift) + offset
 *
 * `gain` is a quadratic in the picture's coordinates (a lamp dimmed, a cloud, a lamp on one side, auto
 * exposure, vignetting), `shift` a movement of the camera of a few pixels. The nine numbers are fitted
 * by least squares with robust weights to a sparse grid of pixels, starting from the last picture's
 * answer, so that hands and new items are outliers. When the start fits badly (a lamp switched, a
 * camera back after a pause), the commonest ratio and the best whole-pixel shift start it anew.
 */
export interface LightFit {
  /** Coefficients of 1, x, y, xx, yy, xy; x and y run from −1 to 1 over the picture. */
  readonly gain: Float64Array;
  readonly offset: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Part of the grid that the fit explains, 0 to 1. */
  readonly inliers: number;
}

export interface LightModel {
  /** Pixels with any `changed` bit are known to differ by more than light, and hardly count. */
  fit(seen: Float32Array, accepted: Float32Array, noise: number, changed: Uint8Array): LightFit;
  reset(): void;
}

const TERMS = 9;
const OFFSET = 6;
const SHIFT_X = 7;
const SHIFT_Y = 8;
const MAX_SHIFT = 5;
/** Ratios from e^-1.6 to e^1.6 in steps of 3%. */
const RATIO_BINS = 107;
const RATIO_REACH = 1.6;
/** How far each number is expected to be from where it started, when the light is unknown. */
const UNKNOWN = [1, 0.1, 0.1, 0.001, 0.001, 0.001, 2, 1, 1] as const;
/** The same from one picture to the next, so that a few misleading pictures do not carry it off. */
const NEXT = [0.1, 0.02, 0.02, 0.01, 0.01, 0.01, 0.5, 0.7, 0.7] as const;
const MAX_OFFSET = 12;
const KNOWN_CHANGED = 0.03;
/** A new start counts as a change of light only if it explains so much of the picture. */
const LEAST_EXPLAINED = 0.55;
/** After so many pictures without an explanation, a lesser one will do. */
const LOST_PICTURES = 45;

export function createLightModel(width: number, height: number): LightModel {
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
  const basis = new Float64Array(TERMS);
  const ratios = new Float64Array(RATIO_BINS);
  const result = {
    gain: new Float64Array(OFFSET),
    offset: 0,
    shiftX: 0,
    shiftY: 0,
    inliers: 0,
  };
  let wholeX = 0;
  let wholeY = 0;
  let lost = 0;
  let changedNow: Uint8Array = new Uint8Array(0);

  function reset(): void {
    params.fill(0);
    params[0] = 1;
    wholeX = 0;
    wholeY = 0;
    lost = LOST_PICTURES;
  }
  reset();

  function gainAt(n: number): number {
    const x = unitX[n]!;
    const y = unitY[n]!;
    return (
      params[0]! +
      params[1]! * x +
      params[2]! * y +
      params[3]! * x * x +
      params[4]! * y * y +
      params[5]! * x * y
    );
  }

  function residual(n: number, seen: Float32Array, accepted: Float32Array): number {
    const p = at[n]!;
    const q = p - wholeY * width - wholeX;
    const slopeX = (accepted[q + 1]! - accepted[q - 1]!) * 0.5;
    const slopeY = (accepted[q + width]! - accepted[q - width]!) * 0.5;
    const predicted =
      gainAt(n) * accepted[q]! +
      params[OFFSET]! -
      params[SHIFT_X]! * slopeX -
      params[SHIFT_Y]! * slopeY;
    const value = seen[p]!;
    // A clipped pixel tells only that it is at least this bright.
    return value >= 252 && predicted > value ? 0 : value - predicted;
  }

  function countInliers(seen: Float32Array, accepted: Float32Array, within: number): number {
    let n = 0;
    for (let i = 0; i < count; i++) {
      if (Math.abs(residual(i, seen, accepted)) < within) n++;
    }
    return n / count;
  }

  function refine(
    seen: Float32Array,
    accepted: Float32Array,
    within: number,
    prior: readonly number[],
  ): void {
    matrix.fill(0);
    right.fill(0);
    const inverse = 1 / (within * within);
    for (let n = 0; n < count; n++) {
      const r = residual(n, seen, accepted);
      const t = r * r * inverse;
      const p = at[n]!;
      const value = seen[p]!;
      if (t >= 1 || value >= 252 || value < 2) continue;
      const w = (1 - t) * (1 - t) * (changedNow[p] === 0 ? 1 : KNOWN_CHANGED);
      const q = p - wholeY * width - wholeX;
      const a = accepted[q]!;
      const x = unitX[n]!;
      const y = unitY[n]!;
      basis[0] = a;
      basis[1] = a * x;
      basis[2] = a * y;
      basis[3] = a * x * x;
      basis[4] = a * y * y;
      basis[5] = a * x * y;
      basis[OFFSET] = 1;
      basis[SHIFT_X] = (accepted[q - 1]! - accepted[q + 1]!) * 0.5;
      basis[SHIFT_Y] = (accepted[q - width]! - accepted[q + width]!) * 0.5;
      for (let i = 0; i < TERMS; i++) {
        const wb = w * basis[i]!;
        right[i] = right[i]! + wb * value;
        for (let j = 0; j <= i; j++)
          matrix[i * TERMS + j] = matrix[i * TERMS + j]! + wb * basis[j]!;
      }
    }
    const variance = (within * within) / 16;
    for (let i = 0; i < TERMS; i++) {
      const stiffness = variance / prior[i]! ** 2;
      matrix[i * TERMS + i] = matrix[i * TERMS + i]! + stiffness;
      right[i] = right[i]! + stiffness * params[i]!;
    }
    if (!solve(matrix, right, TERMS)) return;
    if (!isPlausible(right)) return;
    params.set(right);
    params[SHIFT_X] = clamp(params[SHIFT_X]!, -2, 2);
    params[SHIFT_Y] = clamp(params[SHIFT_Y]!, -2, 2);
  }

  function startFromCommonestRatio(seen: Float32Array, accepted: Float32Array): void {
    ratios.fill(0);
    for (let n = 0; n < count; n++) {
      const p = at[n]!;
      const value = seen[p]!;
      if (value >= 252) continue;
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
  }

  /** Tries whole-pixel shifts with the present gain, nearest first, and keeps one that explains more. */
  function searchShift(seen: Float32Array, accepted: Float32Array, within: number): void {
    let best = countInliers(seen, accepted, within) + 0.06;
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
        const score = countInliers(seen, accepted, within);
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

  function startAnew(
    seen: Float32Array,
    accepted: Float32Array,
    narrow: number,
    inliers: number,
  ): number {
    before.set(params);
    const beforeX = wholeX;
    const beforeY = wholeY;
    startFromCommonestRatio(seen, accepted);
    for (const widen of [5, 3.5, 2.5, 1.7, 1.2, 1]) {
      refine(seen, accepted, narrow * widen, UNKNOWN);
    }
    if (countInliers(seen, accepted, narrow) < LEAST_EXPLAINED) {
      searchShift(seen, accepted, narrow);
      refine(seen, accepted, narrow * 1.5, UNKNOWN);
      refine(seen, accepted, narrow, UNKNOWN);
    }
    const explained = countInliers(seen, accepted, narrow);
    // A large plain item can also look like light; the known light keeps its place unless clearly beaten.
    const least = lost > LOST_PICTURES ? 0.3 : LEAST_EXPLAINED;
    if (explained >= least && explained > inliers * 1.3 + 0.05) {
      lost = 0;
      return explained;
    }
    params.set(before);
    wholeX = beforeX;
    wholeY = beforeY;
    return inliers;
  }

  function fit(
    seen: Float32Array,
    accepted: Float32Array,
    noise: number,
    changed: Uint8Array,
  ): LightFit {
    changedNow = changed;
    const narrow = 4 * noise + 4;
    let inliers = countInliers(seen, accepted, narrow);
    refine(seen, accepted, narrow, NEXT);
    if (inliers < 0.5) {
      refine(seen, accepted, narrow, NEXT);
      inliers = countInliers(seen, accepted, narrow);
    }
    if (inliers >= 0.6) {
      lost = 0;
    } else {
      lost++;
      // It is costly, and a hand over half the tray is not made out better by trying each time.
      if (lost <= 2 || lost % 6 === 0) inliers = startAnew(seen, accepted, narrow, inliers);
    }
    recentre();
    for (let i = 0; i < OFFSET; i++) result.gain[i] = params[i]!;
    const mean = Math.max(0.1, params[0]!);
    result.offset = params[OFFSET]!;
    result.shiftX = wholeX + params[SHIFT_X]! / mean;
    result.shiftY = wholeY + params[SHIFT_Y]! / mean;
    result.inliers = inliers;
    return result;
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
  if (!(level > 0.1 && level < 8) || !(Math.abs(p[OFFSET]!) <= MAX_OFFSET)) return false;
  let reach = 0;
  for (let i = 1; i < OFFSET; i++) reach += Math.abs(p[i]!);
  return reach < 0.8 * level;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Solves the symmetric system in place by Cholesky (lower triangle given); false if it has no answer. */
function solve(matrix: Float64Array, right: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      if (i === j) {
        if (!(sum > 1e-9)) return false;
        matrix[i * n + i] = Math.sqrt(sum);
      } else {
        matrix[i * n + j] = sum / matrix[j * n + j]!;
      }
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= matrix[i * n + k]! * right[k]!;
    right[i] = sum / matrix[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < n; k++) sum -= matrix[k * n + i]! * right[k]!;
    right[i] = sum / matrix[i * n + i]!;
  }
  return true;
}
