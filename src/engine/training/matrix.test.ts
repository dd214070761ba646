import { expect, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import {
  dot,
  inverseCholesky,
  matrixOf,
  multiplyTransposed,
  orthonormalRows,
  rowOf,
  transposedMultiply,
} from './matrix.ts';

const random = seededRandom(3);
const someRows = (rows: number, columns: number) =>
  matrixOf(
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random() - 0.5)),
    columns,
  );

test('products agree with sums written out, for sizes that fill no block', () => {
  const a = someRows(3, 7);
  const b = someRows(6, 7);
  const product = multiplyTransposed(a, b);
  const gram = transposedMultiply(a, a);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 6; column += 1) {
      let sum = 0;
      for (let k = 0; k < 7; k += 1) sum += a.values[row * 7 + k]! * b.values[column * 7 + k]!;
      expect(product.values[row * 6 + column]).toBeCloseTo(sum, 5);
    }
  }
  let corner = 0;
  for (let k = 0; k < 3; k += 1) corner += a.values[k * 7 + 6]! * a.values[k * 7 + 1]!;
  expect(gram.values[6 * 7 + 1]).toBeCloseTo(corner, 5);
});

test('orthonormal rows are, and rows that add nothing are dropped', () => {
  const rows = someRows(4, 9);
  rowOf(rows, 2).set(rowOf(rows, 0).map((value, index) => value * 2 - rowOf(rows, 1)[index]!));
  const basis = orthonormalRows(rows);
  expect(basis.rows).toBe(3);
  for (let a = 0; a < 3; a += 1) {
    for (let b = 0; b < 3; b += 1) {
      expect(dot(rowOf(basis, a), rowOf(basis, b))).toBeCloseTo(a === b ? 1 : 0, 5);
    }
  }
});

test('the inverse Cholesky factor whitens its covariance', () => {
  const covariance = matrixOf(
    [
      [4, 1, 0.5],
      [1, 3, 0.2],
      [0.5, 0.2, 2],
    ],
    3,
  );
  const whitening = inverseCholesky(covariance);
  const once = multiplyTransposed(whitening, covariance);
  const twice = multiplyTransposed(once, whitening);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      expect(twice.values[row * 3 + column]).toBeCloseTo(row === column ? 1 : 0, 5);
    }
  }
});
