import { softmax } from './logistic.ts';

export interface HeldOutScore {
  readonly scores: Float64Array;
  readonly label: number;
}

/** Mean negative log-likelihood of the right classes, in nats. */
export function logLoss(held: readonly HeldOutScore[], temperature: number): number {
  let sum = 0;
  for (const { scores, label } of held) {
    sum -= Math.log(Math.max(softmax(scores, temperature)[label] ?? 0, 1e-12));
  }
  return sum / Math.max(held.length, 1);
}

const range = { coldest: 0.7, hottest: 4 };
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature that makes probabilities of photos that were not trained on honest: Guo et al.,
 * "On Calibration of Modern Neural Networks", 2017. Bounded, because few photos can be all right
 * by chance.
 */
export function fitTemperature(held: readonly HeldOutScore[]): number {
  if (held.length === 0) return 1;
  let low = Math.log(range.coldest);
  let high = Math.log(range.hottest);
  for (let step = 0; step < 40; step += 1) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (logLoss(held, Math.exp(left)) <= logLoss(held, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Turns a score of one tag alone into a probability: `1 / (1 + exp(-(slope · score + offset)))`. */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export function calibrated({ slope, offset }: Calibration, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}

const newtonSteps = 50;
const leastSlope = 0.05;
/** How many photos' worth the belief weighs that the scores are right as they are. */
const trustInScores = 1;

/**
 * Platt's scaling with his softened targets, by Newton's method: Lin, Lin and Weng, "A Note on
 * Platt's Probabilistic Outputs", 2007. `truths` holds 1 where the tag is there, else 0.
 */
export function fitCalibration(scores: ArrayLike<number>, truths: Uint8Array): Calibration {
  const there = truths.reduce((sum, one) => sum + one, 0);
  const away = truths.length - there;
  const yes = (there + 1) / (there + 2);
  const no = 1 / (away + 2);
  let slope = 1;
  let offset = Math.log((there + 1) / (away + 1));
  let value = lossOf(scores, truths, yes, no, { slope, offset });
  for (let step = 0; step < newtonSteps; step += 1) {
    let gradientSlope = trustInScores * (slope - 1);
    let gradientOffset = 0;
    let [h11, h12, h22] = [trustInScores, 0, 1e-9];
    for (let index = 0; index < truths.length; index += 1) {
      const score = scores[index]!;
      const found = calibrated({ slope, offset }, score);
      const miss = found - (truths[index] === 1 ? yes : no);
      const curve = found * (1 - found);
      gradientSlope += miss * score;
      gradientOffset += miss;
      h11 += curve * score * score;
      h12 += curve * score;
      h22 += curve;
    }
    if (Math.max(Math.abs(gradientSlope), Math.abs(gradientOffset)) < 1e-6) break;
    const determinant = h11 * h22 - h12 * h12;
    const moveSlope = (h22 * gradientSlope - h12 * gradientOffset) / determinant;
    const moveOffset = (h11 * gradientOffset - h12 * gradientSlope) / determinant;
    let length = 1;
    for (; length > 1e-6; length /= 2) {
      const next = { slope: slope - length * moveSlope, offset: offset - length * moveOffset };
      const nextValue = lossOf(scores, truths, yes, no, next);
      if (nextValue >= value) continue;
      ({ slope, offset } = next);
      value = nextValue;
      break;
    }
    if (length <= 1e-6) break;
  }
  return { slope: Math.max(slope, leastSlope), offset };
}

function lossOf(
  scores: ArrayLike<number>,
  truths: Uint8Array,
  yes: number,
  no: number,
  { slope, offset }: Calibration,
): number {
  let sum = 0.5 * trustInScores * (slope - 1) ** 2;
  for (let index = 0; index < truths.length; index += 1) {
    const margin = slope * scores[index]! + offset;
    const target = truths[index] === 1 ? yes : no;
    // log(1 + exp(margin)) that overflows on neither side
    sum += Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - target * margin;
  }
  return sum;
}
