import { describe, expect, test } from 'vitest';

import { fitAcceptances, acceptanceOf, quantile } from './acceptance.ts';

const spread = (from: number, to: number): number[] =>
  Array.from({ length: 101 }, (_, index) => from + ((to - from) * index) / 100);

const fitAcceptance = (known: readonly number[], outOfDistribution: readonly number[]) =>
  fitAcceptances([{ known, outOfDistribution }])[0]!;

describe('an acceptance set where known products and others are apart', () => {
  const acceptance = fitAcceptance(spread(0.6, 0.9), spread(0, 0.5));

  test('lets the least known ones through', () => {
    expect(acceptanceOf(acceptance, 0.61)).toBeGreaterThan(0.8);
  });
  test('shuts out what is out of distribution', () => {
    expect(acceptanceOf(acceptance, 0.3)).toBeLessThan(0.2);
    expect(acceptanceOf(acceptance, 0.2)).toBeLessThan(0.05);
  });
});

test('never sinks far below the known ones, however far off the others were', () => {
  const acceptance = fitAcceptance(spread(0.6, 0.9), spread(-1, -0.9));
  expect(acceptanceOf(acceptance, 0.25)).toBeLessThan(0.3);
});

test('keeps known products where others lie among them', () => {
  const known = spread(0.3, 0.9);
  const acceptance = fitAcceptance(known, spread(0.2, 0.8));
  const shutOut = known.filter((nearness) => acceptanceOf(acceptance, nearness) < 0.5);
  expect(shutOut.length / known.length).toBeLessThanOrEqual(0.04);
});

test('works with a single product and no stranger', () => {
  const acceptance = fitAcceptance(spread(0.6, 0.9), []);
  expect(acceptanceOf(acceptance, 0.62)).toBeGreaterThan(0.9);
  expect(acceptanceOf(acceptance, 0)).toBeLessThan(0.02);
});

test('what is near for a tag of many prototypes is far for one whose photos are all alike', () => {
  const [alike, various] = fitAcceptances([
    { known: spread(0.75, 0.85), outOfDistribution: spread(0, 0.1) },
    { known: spread(0.45, 0.6), outOfDistribution: spread(0, 0.1) },
  ]);
  expect(acceptanceOf(alike!, 0.37)).toBeLessThan(0.35);
  expect(acceptanceOf(various!, 0.37)).toBeGreaterThan(0.65);
});

test('no tag is so various that it opens to what all groceries have in common', () => {
  const acceptance = fitAcceptance(spread(0.2, 0.5), []);
  expect(acceptanceOf(acceptance, 0.2)).toBeLessThan(0.2);
});

test('few photos of a tag do not shut out what lies a little further than they', () => {
  const many = { known: spread(0.3, 0.6), outOfDistribution: [] };
  const few = { known: [0.58, 0.6, 0.6, 0.61, 0.62], outOfDistribution: [] };
  expect(acceptanceOf(fitAcceptances([few, many])[0]!, 0.45)).toBeGreaterThan(0.8);
});

test('quantiles lie between their neighbours', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
});
