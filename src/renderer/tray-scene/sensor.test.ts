import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { createGauss, greyOf, senseColour, senseGrey, senseThumb } from './sensor.ts';

const gauss = createGauss(createRandom(9));

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('senseGrey', () => {
  const flat = new Uint8Array(160 * 120).fill(120);

  it('leaves a picture as it is without noise', () => {
    expect(senseGrey(flat, 0, gauss, createRandom(1))).toEqual(flat);
  });

  it('adds noise of the deviation asked for, anew each time', () => {
    const random = createRandom(1);
    const one = senseGrey(flat, 3, gauss, random);
    const two = senseGrey(flat, 3, gauss, random);
    expect(deviation([...one])).toBeCloseTo(3, 0);
    expect(deviation([...one].map((value, i) => value - (two[i] ?? 0)))).toBeGreaterThan(3.5);
  });

  it('does not wrap at black and white', () => {
    const ends = Uint8Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 0 : 255));
    const sensed = senseGrey(ends, 4, gauss, createRandom(1));
    sensed.forEach((value, i) => expect(Math.abs(value - (ends[i] ?? 0))).toBeLessThan(30));
  });
});

describe('senseThumb', () => {
  const plane = new Uint8Array(160 * 120).fill(120);
  const clean = { width: 160, height: 120, grey: plane, chroma: { cb: plane, cr: plane } };

  it('gives each plane noise of its own, and grey the one that it has alone', () => {
    const { grey, chroma } = senseThumb(clean, 3, gauss, {
      grey: createRandom(1),
      chroma: createRandom(2),
    });
    expect(grey).toEqual(senseGrey(plane, 3, gauss, createRandom(1)));
    expect(deviation([...chroma.cb])).toBeCloseTo(3, 0);
    const apart = [...chroma.cb].map((value, i) => value - (chroma.cr[i] ?? 0));
    expect(deviation(apart)).toBeGreaterThan(3.5);
  });
});

describe('senseColour', () => {
  it('disturbs the colours and never the opacity', () => {
    const rgba = new Uint8ClampedArray(4000).fill(128);
    senseColour(rgba, 3, gauss, createRandom(2));
    const alphas = rgba.filter((_, i) => i % 4 === 3);
    const reds = rgba.filter((_, i) => i % 4 === 0);
    expect(new Set(alphas)).toEqual(new Set([128]));
    expect(deviation([...reds])).toBeCloseTo(3, 0);
  });
});

describe('greyOf', () => {
  it('weighs green most and blue least', () => {
    const grey = greyOf(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]));
    expect([...grey]).toEqual([76, 149, 28]);
  });
});
