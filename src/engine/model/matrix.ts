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
