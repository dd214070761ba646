import {
  addScaled,
  createMatrix,
  dot,
  inverseCholesky,
  matrixOf,
  meanRow,
  multiplyTransposed,
  orthonormalRows,
  rowOf,
  transposedMultiply,
} from './matrix.ts';
import type { Matrix } from './matrix.ts';

/**
 * The space that a head works in. Features are turned by `normalise`, moved by `mean`, and seen
 * through the orthonormal rows of `basis`; `whitening` makes the spread inside a tag the same in
 * all directions, `floor` is that spread outside the basis.
 */
export interface Space {
  readonly mean: Float32Array;
  readonly basis: Matrix;
  readonly whitening: Matrix;
  readonly floor: number;
  /** Typical length of a projection; dividing by it keeps one penalty right for all shops. */
  readonly scale: number;
}

/** Where a picture lies: `coordinates` to classify, the unit vector `heading` to compare. */
export interface Place {
  readonly coordinates: Float32Array;
  readonly heading: Float32Array;
}

/** Square root (keeping signs), then length one: fewer loud features drown the others out. */
export function normalise(features: ArrayLike<number>): Float32Array {
  const result = Float32Array.from(features, (value) => Math.sign(value) * Math.sqrt(Math.abs(value)));
  const length = Math.sqrt(dot(result, result)) || 1;
  for (let index = 0; index < result.length; index += 1) result[index]! /= length;
  return result;
}

const shrinkage = 0.3;
const rowsForBasis = 800;
const powerIterations = 1;

export interface SpaceTask {
  /** Normalised features. */
  readonly rows: Matrix;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly dimensions: number;
  readonly random: () => number;
}

export function fitSpace(task: SpaceTask): Space {
  const { rows, labels, classes, dimensions, random } = task;
  const mean = meanRow(rows);
  const centred = centre(rows, mean);
  const basis = principalRows(centred, dimensions, random);
  const projected = multiplyTransposed(centred, basis);

  const inside = centre(projected, undefined, labels, classes);
  const withinTotal = spreadWithin(centred, labels, classes);
  const floor = Math.max((shrinkage * withinTotal) / rows.columns, 1e-9);
  const covariance = transposedMultiply(inside, inside);
  for (let index = 0; index < covariance.values.length; index += 1) {
    covariance.values[index]! *= (1 - shrinkage) / rows.rows;
  }
  for (let row = 0; row < covariance.rows; row += 1) {
    covariance.values[row * covariance.columns + row]! += floor;
  }
  let squares = 0;
  for (const value of centred.values) squares += value * value;
  const scale = Math.sqrt(squares / Math.max(centred.values.length, 1)) || 1;
  return { mean, basis, whitening: inverseCholesky(covariance), floor, scale };
}

/** `normalised` is what `normalise` gave. */
export function place(space: Space, normalised: Float32Array): Place {
  return placeAll(space, matrixOf([normalised], normalised.length))[0]!;
}

/** The same for many rows, which is faster together. */
export function placeAll(space: Space, normalised: Matrix): Place[] {
  const centred = centre(normalised, space.mean);
  const projections = multiplyTransposed(centred, space.basis);
  const headings = multiplyTransposed(projections, space.whitening);
  return Array.from({ length: normalised.rows }, (_, row) => {
    const moved = rowOf(centred, row);
    const projection = rowOf(projections, row);
    const heading = rowOf(headings, row).slice();
    // What the basis cannot see counts into the length: the stranger, the shorter in every heading.
    const outside = Math.max(dot(moved, moved) - dot(projection, projection), 0);
    const length = Math.sqrt(dot(heading, heading) + outside / space.floor) || 1;
    for (let index = 0; index < heading.length; index += 1) heading[index]! /= length;
    return { coordinates: projection.map((value) => value / space.scale), heading };
  });
}

function centre(
  matrix: Matrix,
  mean: Float32Array | undefined,
  labels: readonly number[] = [],
  classes = 0,
): Matrix {
  const means = mean ? [] : classMeans(matrix, labels, classes);
  const result = createMatrix(matrix.rows, matrix.columns);
  for (let row = 0; row < matrix.rows; row += 1) {
    const target = rowOf(result, row);
    target.set(rowOf(matrix, row));
    addScaled(target, mean ?? means[labels[row]!]!, -1);
  }
  return result;
}

function classMeans(matrix: Matrix, labels: readonly number[], classes: number): Float32Array[] {
  const rowsOf = Array.from({ length: classes }, (): Float32Array[] => []);
  labels.forEach((label, row) => rowsOf[label]!.push(rowOf(matrix, row)));
  return rowsOf.map((rows) => meanRow(matrixOf(rows, matrix.columns)));
}

function spreadWithin(centred: Matrix, labels: readonly number[], classes: number): number {
  const inside = centre(centred, undefined, labels, classes);
  return dot(inside.values, inside.values) / Math.max(centred.rows, 1);
}

/**
 * An orthonormal basis of the directions in which rows differ most: randomised subspace iteration,
 * Halko, Martinsson and Tropp 2011, algorithm 4.4.
 */
function principalRows(centred: Matrix, dimensions: number, random: () => number): Matrix {
  const stride = Math.ceil(centred.rows / rowsForBasis);
  const sampled = Array.from({ length: Math.ceil(centred.rows / stride) }, (_, index) =>
    rowOf(centred, index * stride),
  );
  const sample = matrixOf(sampled, centred.columns);
  if (sample.rows <= dimensions) return orthonormalRows(sample);
  const mix = createMatrix(sample.rows, dimensions);
  for (let index = 0; index < mix.values.length; index += 1) mix.values[index] = random() * 2 - 1;
  let basis = orthonormalRows(transposedMultiply(mix, sample));
  for (let iteration = 0; iteration < powerIterations; iteration += 1) {
    basis = orthonormalRows(transposedMultiply(multiplyTransposed(sample, basis), sample));
  }
  return basis;
}
