import { describe, expect, it } from 'vitest';
import { growRegion, pixelSize, union, wholeView, withinView } from './region.ts';

describe('growRegion', () => {
  it('adds its margin on each side', () => {
    const grown = growRegion({ left: 0.4, top: 0.4, width: 0.2, height: 0.1 }, 0.2, 0);
    expect(grown.left).toBeCloseTo(0.36);
    expect(grown.top).toBeCloseTo(0.38);
    expect(grown.width).toBeCloseTo(0.28);
    expect(grown.height).toBeCloseTo(0.14);
  });

  it('is never smaller than asked, and stays on its middle', () => {
    const grown = growRegion({ left: 0.5, top: 0.5, width: 0.02, height: 0.02 }, 0.2, 0.1);
    expect(grown.width).toBeCloseTo(0.1);
    expect(grown.left + grown.width / 2).toBeCloseTo(0.51);
  });

  it('ends at the edges of the view', () => {
    const grown = growRegion({ left: -0.05, top: 0.9, width: 0.2, height: 0.2 }, 0.5, 0);
    expect(grown.left).toBe(0);
    expect(grown.top + grown.height).toBeCloseTo(1);
  });
});

describe('withinView', () => {
  it('is empty for what lies outside', () => {
    expect(withinView({ left: 1.2, top: 0.2, width: 0.3, height: 0.3 }).width).toBe(0);
  });
});

describe('union', () => {
  it('holds both', () => {
    expect(
      union(
        { left: 0.1, top: 0.2, width: 0.1, height: 0.1 },
        { left: 0.5, top: 0.1, width: 0.2, height: 0.1 },
      ),
    ).toEqual({ left: 0.1, top: 0.1, width: expect.closeTo(0.6), height: expect.closeTo(0.2) });
  });

  it('is the other where one is missing', () => {
    expect(union(undefined, wholeView)).toBe(wholeView);
    expect(union(wholeView, undefined)).toBe(wholeView);
  });
});

describe('pixelSize', () => {
  it.each([
    ['the whole view', wholeView, 640, 480],
    ['a tall strip', { left: 0, top: 0, width: 0.1, height: 0.8 }, 107, 640],
    ['a sliver', { left: 0, top: 0, width: 1, height: 0.0001 }, 640, 1],
  ])('%s', (_, region, width, height) => {
    expect(pixelSize(region, 4 / 3, 640)).toEqual({ width, height });
  });
});
