/** Rows of equal length, one after the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

export function createMatrix(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

export function matrixOf(rows: readonly ArrayLike<number>[], columns: number): Matrix {
  const matrix = createMatrix(rows.length, columns);
  rows.forEach((row, index) => matrix.values.set(row, index * columns));
  return matrix;
}

export function rowOf(matrix: Matrix, row: number): Float32Array {
  return matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

// Four sums at a time: one long chain of additions would wait for itself.
export function dot(a: Float32Array, b: Float32Array): number {
  const length = a.length;
  const even = length - (length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let index = 0;
  for (; index < even; index += 4) {
    s0 += a[index]! * b[index]!;
    s1 += a[index + 1]! * b[index + 1]!;
    s2 += a[index + 2]! * b[index + 2]!;
    s3 += a[index + 3]! * b[index + 3]!;
  }
  for (; index < length; index += 1) s0 += a[index]! * b[index]!;
  return s0 + s1 + s2 + s3;
}

/** target += factor · source */
export function addScaled(target: Float32Array, source: Float32Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index]! += factor * source[index]!;
  }
}

/** a · bᵀ */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  const result = createMatrix(a.rows, b.rows);
  const blocked = b.rows - (b.rows % 4);
  for (let row = 0; row < a.rows; row += 1) {
    const left = rowOf(a, row);
    const target = rowOf(result, row);
    for (let column = 0; column < blocked; column += 4) {
      dotFour(left, b.values, column * b.columns, target, column);
    }
    for (let column = blocked; column < b.rows; column += 1) {
      target[column] = dot(left, rowOf(b, column));
    }
  }
  return result;
}

// Four rows at once read the left one a quarter as often; this is where training spends its time.
function dotFour(
  left: Float32Array,
  right: Float32Array,
  start: number,
  target: Float32Array,
  column: number,
): void {
  const length = left.length;
  const second = start + length;
  const third = second + length;
  const fourth = third + length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let index = 0; index < length; index += 1) {
    const value = left[index]!;
    s0 += value * right[start + index]!;
    s1 += value * right[second + index]!;
    s2 += value * right[third + index]!;
    s3 += value * right[fourth + index]!;
  }
  target[column] = s0;
  target[column + 1] = s1;
  target[column + 2] = s2;
  target[column + 3] = s3;
}

function transpose(matrix: Matrix): Matrix {
  const result = createMatrix(matrix.columns, matrix.rows);
  for (let row = 0; row < matrix.rows; row += 1) {
    for (let column = 0; column < matrix.columns; column += 1) {
      result.values[column * matrix.rows + row] = matrix.values[row * matrix.columns + column]!;
    }
  }
  return result;
}

/** aᵀ · b */
export function transposedMultiply(a: Matrix, b: Matrix): Matrix {
  return multiplyTransposed(transpose(a), transpose(b));
}

export function meanRow(matrix: Matrix): Float32Array {
  const mean = new Float32Array(matrix.columns);
  for (let row = 0; row < matrix.rows; row += 1) addScaled(mean, rowOf(matrix, row), 1);
  for (let column = 0; column < mean.length; column += 1) mean[column]! /= matrix.rows || 1;
  return mean;
}

const degenerate = 1e-5;

/** Rows made orthonormal by modified Gram-Schmidt, twice over; dependent ones are dropped. */
export function orthonormalRows(matrix: Matrix): Matrix {
  const kept: Float32Array[] = [];
  for (let row = 0; row < matrix.rows; row += 1) {
    const candidate = rowOf(matrix, row).slice();
    const before = Math.sqrt(dot(candidate, candidate));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const direction of kept) addScaled(candidate, direction, -dot(candidate, direction));
    }
    const norm = Math.sqrt(dot(candidate, candidate));
    if (!(norm > degenerate * before) || before === 0) continue;
    for (let column = 0; column < candidate.length; column += 1) candidate[column]! /= norm;
    kept.push(candidate);
  }
  return matrixOf(kept, matrix.columns);
}

/**
 * The inverse of the lower Cholesky factor of a symmetric positive definite matrix, itself lower
 * triangular: multiplying by it whitens what has that covariance.
 */
export function inverseCholesky(covariance: Matrix): Matrix {
  const size = covariance.rows;
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = covariance.values[row * size + column]!;
      for (let k = 0; k < column; k += 1) sum -= lower[row * size + k]! * lower[column * size + k]!;
      if (row === column && !(sum > 0)) throw new Error('The covariance is not positive definite.');
      lower[row * size + column] =
        row === column ? Math.sqrt(sum) : sum / lower[column * size + column]!;
    }
  }
  const inverse = createMatrix(size, size);
  for (let column = 0; column < size; column += 1) {
    inverse.values[column * size + column] = 1 / lower[column * size + column]!;
    for (let row = column + 1; row < size; row += 1) {
      let sum = 0;
      for (let k = column; k < row; k += 1) {
        sum -= lower[row * size + k]! * inverse.values[k * size + column]!;
      }
      inverse.values[row * size + column] = sum / lower[row * size + row]!;
    }
  }
  return inverse;
}
