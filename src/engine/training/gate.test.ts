import { describe, expect, test } from 'vitest';

import { fitGates, openness, quantile } from './gate.ts';

const spread = (from: number, to: number): number[] =>
  Array.from({ length: 101 }, (_, index) => from + ((to - from) * index) / 100);

const fitGate = (known: readonly number[], strangers: readonly number[]) =>
  fitGates([{ known, strangers }])[0]!;

describe('a gate set where strangers and known products are apart', () => {
  const gate = fitGate(spread(0.6, 0.9), spread(0, 0.5));

  test('lets the least known ones through', () => {
    expect(openness(gate, 0.61)).toBeGreaterThan(0.8);
  });
  test('shuts strangers out', () => {
    expect(openness(gate, 0.3)).toBeLessThan(0.2);
    expect(openness(gate, 0.2)).toBeLessThan(0.05);
  });
});

test('never sinks far below the known ones, however far off the strangers were', () => {
  const gate = fitGate(spread(0.6, 0.9), spread(-1, -0.9));
  expect(openness(gate, 0.25)).toBeLessThan(0.3);
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
  expect(openness(gate, 0)).toBeLessThan(0.02);
});

test('what is near for a tag of many faces is far for one whose photos are all alike', () => {
  const [alike, various] = fitGates([
    { known: spread(0.75, 0.85), strangers: spread(0, 0.1) },
    { known: spread(0.45, 0.6), strangers: spread(0, 0.1) },
  ]);
  expect(openness(alike!, 0.37)).toBeLessThan(0.35);
  expect(openness(various!, 0.37)).toBeGreaterThan(0.65);
});

test('no tag is so various that it opens to what all groceries have in common', () => {
  const gate = fitGate(spread(0.2, 0.5), []);
  expect(openness(gate, 0.2)).toBeLessThan(0.2);
});

test('few photos of a tag do not shut out what lies a little further than they', () => {
  const many = { known: spread(0.3, 0.6), strangers: [] };
  const few = { known: [0.58, 0.6, 0.6, 0.61, 0.62], strangers: [] };
  expect(openness(fitGates([few, many])[0]!, 0.45)).toBeGreaterThan(0.8);
});

test('quantiles lie between their neighbours', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
});
