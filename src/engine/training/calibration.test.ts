import { expect, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import { calibrated, fitCalibration, fitTemperature, logLoss } from './calibration.ts';
import { softmax } from './logistic.ts';

test('finds by how much scores are too sure', () => {
  const random = seededRandom(7);
  const tooSure = 2;
  const held = Array.from({ length: 4_000 }, () => {
    const honest = Float64Array.from({ length: 3 }, () => random() * 4);
    const [first = 0, second = 0] = softmax(honest);
    const drawn = random();
    const label = drawn < first ? 0 : drawn < first + second ? 1 : 2;
    return { scores: honest.map((score) => score * tooSure), label };
  });
  const temperature = fitTemperature(held);
  expect(temperature).toBeGreaterThan(1.8);
  expect(temperature).toBeLessThan(2.2);
  expect(logLoss(held, temperature)).toBeLessThan(logLoss(held, 1));
});

test('does not grow sure without bound on photos that are all right', () => {
  const held = [{ scores: Float64Array.of(9, 0), label: 0 }];
  expect(fitTemperature(held)).toBeGreaterThanOrEqual(0.69);
});

test('changes nothing where nothing was held out', () => {
  expect(fitTemperature([])).toBe(1);
});

test('makes a probability of one tag alone mean what it says', () => {
  const random = seededRandom(11);
  const scores = Float32Array.from({ length: 4_000 }, () => random() * 8 - 4);
  const truths = Uint8Array.from(scores, (score) =>
    random() < calibrated({ slope: 0.5, offset: -1 }, score) ? 1 : 0,
  );
  const found = fitCalibration(scores, truths);
  expect(found.slope).toBeGreaterThan(0.4);
  expect(found.slope).toBeLessThan(0.6);
  expect(found.offset).toBeGreaterThan(-1.2);
  expect(found.offset).toBeLessThan(-0.8);
});

test('stays modest about a few photos that are all told right', () => {
  const found = fitCalibration([-3, -3, -3, 3, 3], Uint8Array.of(0, 0, 0, 1, 1));
  expect(calibrated(found, 3)).toBeGreaterThan(0.7);
  expect(calibrated(found, 3)).toBeLessThan(0.97);
});
