import type { LogisticModel } from './logistic.ts';
import { createMatrix, rowOf } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';

/**
 * Where a regression is fitted: around the middle of what is taught, and so large that a value is
 * about one. It settles sooner there, and one penalty is right for all shops.
 */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly scale: number;
}

/** `columns` is the length of each embedding. */
export function standardisationOf(
  embeddings: readonly Float32Array[],
  columns: number,
): Standardisation {
  const sum = new Float64Array(columns);
  let squares = 0;
  for (const embedding of embeddings) {
    for (let column = 0; column < columns; column += 1) {
      const value = embedding[column]!;
      sum[column]! += value;
      squares += value * value;
    }
  }
  const count = Math.max(embeddings.length, 1);
  const mean = Float32Array.from(sum, (value) => value / count);
  const ofMean = mean.reduce((total, value) => total + value * value, 0);
  const variance = (squares / count - ofMean) / Math.max(columns, 1);
  return { mean, scale: Math.sqrt(Math.max(variance, 0)) || 1 };
}

/** A row for each embedding. */
export function standardised(
  { mean, scale }: Standardisation,
  embeddings: readonly Float32Array[],
): Matrix {
  const matrix = createMatrix(embeddings.length, mean.length);
  embeddings.forEach((embedding, index) => {
    const row = rowOf(matrix, index);
    for (let column = 0; column < row.length; column += 1) {
      row[column] = (embedding[column]! - mean[column]!) / scale;
    }
  });
  return matrix;
}

/** What was fitted to standardised rows, for embeddings as they are. */
export function unstandardised(
  { mean, scale }: Standardisation,
  { classes, weights }: LogisticModel,
): LogisticModel {
  const moved = createMatrix(weights.rows, weights.columns);
  const bias = weights.columns - 1;
  for (let target = 0; target < weights.rows; target += 1) {
    const from = rowOf(weights, target);
    const to = rowOf(moved, target);
    let offset = from[bias]!;
    for (let column = 0; column < bias; column += 1) {
      to[column] = from[column]! / scale;
      offset -= to[column]! * mean[column]!;
    }
    to[bias] = offset;
  }
  return { classes, weights: moved };
}
