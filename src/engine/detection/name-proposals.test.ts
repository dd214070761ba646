import { expect, test } from 'vitest';

import { nameProposals } from './name-proposals.ts';
import type { NamedProposal } from './name-proposals.ts';

const at = (
  left: number,
  probabilities: readonly number[],
  { objectness = 0.5, width = 0.2 } = {},
): NamedProposal => ({ box: { left, top: 0.4, width, height: 0.2 }, objectness, probabilities });

test('a thing that was proposed twice is found once', () => {
  const found = nameProposals([at(0.1, [0.9, 0]), at(0.12, [0.8, 0]), at(0.6, [0.7, 0])]);
  expect(found.map(({ tag, probability }) => ({ tag, probability }))).toEqual([
    { tag: 0, probability: 0.9 },
    { tag: 0, probability: 0.7 },
  ]);
});

test('a part of a thing is not another of its kind, but two things side by side are two', () => {
  const whole = at(0.1, [0.9, 0], { width: 0.4 });
  expect(nameProposals([whole, at(0.1, [0.8, 0], { width: 0.1 })])).toHaveLength(1);
  expect(nameProposals([whole, at(0.1, [0, 0.8], { width: 0.1 })])).toHaveLength(2);
  expect(nameProposals([whole, at(0.48, [0.8, 0], { width: 0.4 })])).toHaveLength(2);
});

test('boxes that agree are averaged, by how sure they are', () => {
  const [found] = nameProposals([at(0.1, [0.9, 0]), at(0.14, [0.3, 0])]);
  expect(found?.box.left).toBeGreaterThan(0.1);
  expect(found?.box.left).toBeLessThan(0.12);
});

test('two things may overlap, but one thing has one name', () => {
  expect(nameProposals([at(0.1, [0.9, 0]), at(0.2, [0, 0.8])])).toHaveLength(2);
  expect(nameProposals([at(0.1, [0.6, 0.3])]).map(({ tag }) => tag)).toEqual([0]);
});

test('what is surer of its borders comes before what is as sure of its name', () => {
  const [found] = nameProposals([
    at(0.1, [0.9], { width: 0.13, objectness: 0.1 }),
    at(0.1, [0.88], { objectness: 0.9 }),
  ]);
  expect(found?.box.width).toBeCloseTo(0.2, 1);
});

test('what is hardly anything is nothing', () => {
  expect(nameProposals([at(0.1, [0.001, 0.002])])).toEqual([]);
});
