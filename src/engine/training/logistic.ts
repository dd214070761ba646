import { minimise } from './lbfgs.ts';
import { dot, rowOf } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';

/** `weights` has a row for each class; the last number of a row is the class's bias. */
export interface LogisticModel {
  readonly classes: number;
  readonly weights: Matrix;
}

export interface LogisticTask {
  readonly features: Matrix;
  readonly labels: readonly number[];
  readonly classes: number;
  /** Strength of the L2 penalty on all but the biases. */
  readonly penalty: number;
  /** A model to begin with, of the same shape. */
  readonly start?: LogisticModel;
  /** Called often; what it throws ends the work. */
  readonly checkpoint?: () => void;
}

export interface SigmoidTask {
  readonly features: Matrix;
  /** 1 for each row that is one of them, else 0. */
  readonly truths: Uint8Array;
  readonly penalty: number;
  /** Weights to begin with. */
  readonly start?: Float32Array;
  readonly checkpoint?: () => void;
}

const stop = { maxIterations: 60, tolerance: 1e-4 };
/** Rows this near to their label no longer move the weights. */
const settled = 1e-6;

/** Multinomial logistic regression; every class weighs the same, however many rows it has. */
export function fitLogistic(task: LogisticTask): LogisticModel {
  const { features, labels, classes, penalty } = task;
  const width = features.columns + 1;
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]! += 1;
  const present = counts.filter((count) => count > 0).length;
  const weightOf = counts.map((count) => (count > 0 ? 1 / (count * present) : 0));

  const found = minimise(
    (point, gradient) => {
      task.checkpoint?.();
      let loss = 0;
      gradient.fill(0);
      const weights = Float32Array.from(point);
      const scores = new Float64Array(classes);
      for (let row = 0; row < features.rows; row += 1) {
        const feature = rowOf(features, row);
        const label = labels[row]!;
        const weight = weightOf[label]!;
        scoreInto(scores, weights, feature);
        softmaxInPlace(scores);
        loss -= weight * Math.log(Math.max(scores[label]!, 1e-300));
        for (let target = 0; target < classes; target += 1) {
          const miss = scores[target]! - (target === label ? 1 : 0);
          if (Math.abs(miss) < settled) continue;
          const error = weight * miss;
          const start = target * width;
          for (let column = 0; column < feature.length; column += 1) {
            gradient[start + column]! += error * feature[column]!;
          }
          gradient[start + feature.length]! += error;
        }
      }
      for (let index = 0; index < point.length; index += 1) {
        if (index % width === width - 1) continue;
        loss += 0.5 * penalty * point[index]! ** 2;
        gradient[index]! += penalty * point[index]!;
      }
      return loss;
    },
    Float64Array.from(task.start?.weights.values ?? new Float64Array(classes * width)),
    stop,
  );
  return {
    classes,
    weights: { rows: classes, columns: width, values: Float32Array.from(found) },
  };
}

/**
 * The weights of a regression that tells one tag's rows from all others, its bias last; both sides
 * weigh the same, however few its rows are.
 */
export function fitSigmoid(task: SigmoidTask): Float32Array {
  const { features, truths, penalty } = task;
  const { rows, columns } = features;
  const there = truths.reduce((sum, one) => sum + one, 0);
  const weightThere = 0.5 / Math.max(there, 1);
  const weightAway = 0.5 / Math.max(rows - there, 1);
  const found = minimise(
    (point, gradient) => {
      task.checkpoint?.();
      gradient.fill(0);
      const weights = Float32Array.from(point);
      const direction = weights.subarray(0, columns);
      let loss = 0;
      for (let row = 0; row < rows; row += 1) {
        const feature = rowOf(features, row);
        const isThere = truths[row] === 1;
        const margin = dot(feature, direction) + weights[columns]!;
        const against = isThere ? -margin : margin;
        const weight = isThere ? weightThere : weightAway;
        loss += weight * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))));
        const miss = 1 / (1 + Math.exp(-against));
        if (miss < settled) continue;
        const error = (isThere ? -weight : weight) * miss;
        for (let column = 0; column < columns; column += 1) {
          gradient[column]! += error * feature[column]!;
        }
        gradient[columns]! += error;
      }
      for (let column = 0; column < columns; column += 1) {
        loss += 0.5 * penalty * point[column]! ** 2;
        gradient[column]! += penalty * point[column]!;
      }
      return loss;
    },
    Float64Array.from(task.start ?? new Float64Array(columns + 1)),
    stop,
  );
  return Float32Array.from(found);
}

export function logits(model: LogisticModel, feature: Float32Array): Float64Array {
  const scores = new Float64Array(model.classes);
  scoreInto(scores, model.weights.values, feature);
  return scores;
}

export function softmax(scores: Float64Array, temperature = 1): Float64Array {
  const scaled = scores.map((score) => score / temperature);
  softmaxInPlace(scaled);
  return scaled;
}

function scoreInto(scores: Float64Array, weights: Float32Array, feature: Float32Array): void {
  const width = feature.length + 1;
  for (let target = 0; target < scores.length; target += 1) {
    const bias = target * width + feature.length;
    scores[target] = dot(feature, weights.subarray(target * width, bias)) + weights[bias]!;
  }
}

function softmaxInPlace(scores: Float64Array): void {
  let largest = -Infinity;
  for (const score of scores) if (score > largest) largest = score;
  let sum = 0;
  for (let index = 0; index < scores.length; index += 1) {
    const value = Math.exp(scores[index]! - largest);
    scores[index] = value;
    sum += value;
  }
  for (let index = 0; index < scores.length; index += 1) scores[index]! /= sum;
}
