import { describe, expect, test } from 'vitest';

import { fitGate, nearnessTo, openness, quantile } from './gate.ts';
import { matrixOf } from './matrix.ts';

const spread = (from: number, to: number): number[] =>
  Array.from({ length: 101 }, (_, index) => from + ((to - from) * index) / 100);

describe('a gate set where strangers and known products are apart', () => {
  const gate = fitGate(spread(0.6, 0.9), spread(0, 0.5));

  test('lets the least known ones through', () => {
    expect(openness(gate, 0.61)).toBeGreaterThan(0.94);
  });
  test('shuts the nearest strangers out', () => {
    expect(openness(gate, 0.49)).toBeLessThan(0.2);
    expect(openness(gate, 0.4)).toBeLessThan(0.01);
  });
});

test('never sinks far below the known ones, however far off the strangers were', () => {
  const gate = fitGate(spread(0.6, 0.9), spread(-1, -0.9));
  expect(openness(gate, 0.35)).toBeLessThan(0.3);
});

test('keeps known products where strangers lie among them', () => {
  const known = spread(0.3, 0.9);
  const gate = fitGate(known, spread(0.2, 0.8));
  const shutOut = known.filter((nearness) => openness(gate, nearness) < 0.5);
  expect(shutOut.length / known.length).toBeLessThanOrEqual(0.04);
});

test('works with a single product and no stranger', () => {
  const gate = fitGate(spread(0.6, 0.9), []);
  expect(openness(gate, 0.62)).toBeGreaterThan(0.9);
  expect(openness(gate, 0)).toBeLessThan(0.01);
});

test('nearness looks only at the rows that count', () => {
  const references = matrixOf(
    [
      [1, 0],
      [0, 1],
    ],
    2,
  );
  const heading = Float32Array.of(0.8, 0.6);
  expect(nearnessTo(references, heading)).toBeCloseTo(0.8);
  expect(nearnessTo(references, heading, (row) => row === 1)).toBeCloseTo(0.6);
  expect(nearnessTo(references, heading, () => false)).toBe(-1);
});

test('quantiles lie between their neighbours', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
});
