import { expect, test } from 'vitest';
import type { Flicker } from './camera.ts';
import { bandGains, lampWave, phaseAt } from './flicker.ts';

const flicker: Flicker = { mainsHz: 50, depth: 0.1, wave: 'sine', phase: 0.2, bands: 'rows' };

/** How far the phase goes on from one picture to the next, 0 to 1. */
function stepOf(mainsHz: number, framesPerSecond: number): number {
  const phase = (index: number): number =>
    phaseAt({ ...flicker, mainsHz }, index / framesPerSecond, 0);
  const step = phase(7) - phase(6);
  return step < -1e-9 ? step + 1 : Math.max(0, step);
}

test.each([
  [50, 25, 0],
  [50, 20, 0],
  [50, 30, 1 / 3],
  [50, 15, 2 / 3],
  [60, 30, 0],
  [60, 25, 0.8],
  [60, 29.97, 120 / 29.97 - 4],
])('lamps of %d Hz, seen at %d pictures a second, go on by %f of a period', (hz, rate, step) => {
  expect(stepOf(hz, rate)).toBeCloseTo(step, 6);
});

test('a picture of 20 ms from first row to last shows two bands of a lamp of 50 Hz', () => {
  const gains = new Float32Array(180).fill(1);
  bandGains(flicker, lampWave(flicker, 0.002), 0, 0.02, gains);
  const rising = gains.filter((gain, row) => gain >= 1 && (gains[row - 1] ?? 1) < 1);
  expect(rising).toHaveLength(2);
});

test.each(['sine', 'rectified'] as const)('bands of a %s are as deep as asked', (wave) => {
  const gains = new Float32Array(400).fill(2);
  const lamp = { ...flicker, wave };
  bandGains(lamp, lampWave(lamp, 0.004), 0, 0.02, gains);
  expect(Math.max(...gains)).toBeCloseTo(2.2, 3);
  expect(Math.min(...gains)).toBeCloseTo(1.8, 3);
});

test('an exposure of whole periods shows no bands', () => {
  const gains = new Float32Array(180).fill(1);
  bandGains(flicker, lampWave(flicker, 0.02), 0, 0.02, gains);
  expect(Math.max(...gains)).toBe(1);
});
