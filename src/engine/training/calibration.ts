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
