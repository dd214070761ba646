import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cropFor } from './item-crop.ts';

it('is the region with a margin on each side', () => {
  const crop = cropFor({ left: 0.4, top: 0.4, width: 0.2, height: 0.15 }, 1000, 1000, {
    margin: 0.1,
    minSidePx: 10,
  });
  expect(crop.width * 1000).toBeCloseTo(240);
  expect(crop.height * 1000).toBeCloseTo(190);
  expect((crop.left + crop.width / 2) * 1000).toBeCloseTo(500);
  expect((crop.top + crop.height / 2) * 1000).toBeCloseTo(475);
});

it('is about the same item', () => {
  const mask = { width: 2, height: 1, own: Uint8Array.of(0, 1) };
  const region = { left: 0.4, top: 0.4, width: 0.2, height: 0.15 };
  expect(cropFor({ ...region, mask }, 640, 480)).toEqual({ ...cropFor(region, 640, 480), mask });
  expect(cropFor(region, 640, 480)).not.toHaveProperty('mask');
});

it('is no more oblong than told', () => {
  const crop = cropFor({ left: 0.2, top: 0.4, width: 0.5, height: 0.02 }, 1000, 1000, {
    margin: 0.1,
    minSidePx: 10,
    mostOblong: 2,
  });
  expect(crop.width * 1000).toBeCloseTo(600);
  expect(crop.height * 1000).toBeCloseTo(300);
});

it('gives a small thing enough pixels to be recognised', () => {
  const crop = cropFor({ left: 0.5, top: 0.5, width: 0.02, height: 0.02 }, 1280, 720, {
    minSidePx: 256,
  });
  expect(crop.width * 1280).toBeCloseTo(256);
  expect(crop.height * 720).toBeCloseTo(256);
});

it('moves inside the picture instead of shrinking where the region lies at a corner', () => {
  const crop = cropFor({ left: 0.9, top: 0.9, width: 0.1, height: 0.1 }, 1000, 1000, {
    minSidePx: 300,
  });
  expect(crop).toEqual({ left: 0.7, top: 0.7, width: 0.3, height: 0.3 });
});

it('names what cannot be cropped', () => {
  const region = { left: 0, top: 0, width: 1, height: 1 };
  expect(() => cropFor(region, 0, 100)).toThrow('0×100');
  expect(() => cropFor({ ...region, left: Number.NaN }, 100, 100)).toThrow('finite');
});

it('always holds the region and stays in the picture, in whole pixels', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fraction,
      fraction,
      fraction,
      fraction,
      fc.integer({ min: 64, max: 4000 }),
      fc.integer({ min: 64, max: 4000 }),
      (a, b, c, d, width, height) => {
        const region = {
          left: Math.min(a, b),
          top: Math.min(c, d),
          width: Math.abs(a - b),
          height: Math.abs(c - d),
        };
        const crop = cropFor(region, width, height);
        const left = crop.left * width;
        const right = (crop.left + crop.width) * width;
        const top = crop.top * height;
        const bottom = (crop.top + crop.height) * height;
        for (const edge of [left, right, top, bottom])
          expect(Math.abs(edge - Math.round(edge))).toBeLessThan(1e-6);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(width + 1e-6);
        expect(bottom).toBeLessThanOrEqual(height + 1e-6);
        expect(left).toBeLessThanOrEqual(region.left * width + 1);
        expect(right).toBeGreaterThanOrEqual((region.left + region.width) * width - 1);
        expect(top).toBeLessThanOrEqual(region.top * height + 1);
        expect(bottom).toBeGreaterThanOrEqual((region.top + region.height) * height - 1);
      },
    ),
    { seed: 11, numRuns: 200 },
  );
});
