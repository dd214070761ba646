import { expect, test } from 'vitest';

import { fitLogistic, logits, softmax } from './logistic.ts';
import { matrixOf } from '../model/matrix.ts';

const rows = [[-2], [-1], [1], [2]].map((row) => Float32Array.from(row));
const features = matrixOf(rows, 1);
const labels = [0, 0, 1, 1];

test('matches the optimum of the penalised likelihood', () => {
  // By symmetry the biases vanish and the weights are -w and w. The derivative of the loss by w,
  // written out by hand, is 0 at the optimum.
  const penalty = 0.05;
  const derivative = (w: number): number =>
    2 * penalty * w - 2 / (1 + Math.exp(4 * w)) - 1 / (1 + Math.exp(2 * w));
  let low = 0;
  let high = 20;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (derivative(middle) > 0) high = middle;
    else low = middle;
  }
  const model = fitLogistic({ features, labels, classes: 2, penalty });
  expect(model.weights.values[2]).toBeCloseTo(low, 2);
  expect(model.weights.values[0]).toBeCloseTo(-low, 2);
  expect(model.weights.values[1]).toBeCloseTo(0, 3);
});

test('gives a tag with few photos the same say as one with many', () => {
  const many = matrixOf([...Array.from({ length: 40 }, () => rows[0]!), rows[3]!], 1);
  const model = fitLogistic({
    features: many,
    labels: [...Array.from({ length: 40 }, () => 0), 1],
    classes: 2,
    penalty: 0.01,
  });
  const between = softmax(logits(model, Float32Array.of(0)));
  expect(between[0]).toBeCloseTo(0.5, 2);
});

test('a stronger penalty makes it less sure', () => {
  const sure = (penalty: number): number =>
    softmax(logits(fitLogistic({ features, labels, classes: 2, penalty }), rows[3]!))[1]!;
  expect(sure(1)).toBeLessThan(sure(0.01));
});

test('softmax stands very large scores', () => {
  expect([...softmax(Float64Array.of(1e6, 0))]).toEqual([1, 0]);
});
