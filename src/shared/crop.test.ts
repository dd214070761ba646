import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planCrop } from './crop.ts';

test('the whole picture, scaled down to the longest side', () => {
  expect(planCrop(1280, 720, undefined, 640)).toEqual({
    left: 0,
    top: 0,
    width: 1280,
    height: 720,
    outWidth: 640,
    outHeight: 360,
  });
});

test('a small picture is never scaled up', () => {
  const crop = planCrop(320, 240, { left: 0.5, top: 0.5, width: 0.25, height: 0.5 }, 1000);
  expect(crop).toEqual({
    left: 160,
    top: 120,
    width: 80,
    height: 120,
    outWidth: 80,
    outHeight: 120,
  });
});

test('whatever region is asked for, the crop lies within the picture', () => {
  const fraction = fc.double({ min: -3, max: 3 });
  const region = fc.record({ left: fraction, top: fraction, width: fraction, height: fraction });
  const side = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(side, side, region, fc.integer({ min: -5, max: 5000 }), (w, h, part, maxSide) => {
      const crop = planCrop(w, h, part, maxSide);
      expect(crop.left).toBeGreaterThanOrEqual(0);
      expect(crop.top).toBeGreaterThanOrEqual(0);
      expect(crop.width).toBeGreaterThanOrEqual(1);
      expect(crop.height).toBeGreaterThanOrEqual(1);
      expect(crop.left + crop.width).toBeLessThanOrEqual(w);
      expect(crop.top + crop.height).toBeLessThanOrEqual(h);
      expect(Math.max(crop.outWidth, crop.outHeight)).toBeLessThanOrEqual(Math.max(1, maxSide));
      expect(Math.min(crop.outWidth, crop.outHeight)).toBeGreaterThanOrEqual(1);
    }),
  );
});
