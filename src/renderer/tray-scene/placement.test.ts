import { describe, expect, it } from 'vitest';
import { extent, findPlace, overlapDepth } from './placement.ts';
import type { Footprint } from './placement.ts';
import { createRandom } from './random.ts';

const area = { width: 48, depth: 36 };
const sizes = [
  { width: 8, depth: 8 },
  { width: 19, depth: 6 },
  { width: 26, depth: 5 },
  { width: 24, depth: 7.5 },
];

/** The corners of a footprint, to check by other means than the code under test. */
function cornersOf({ x, z, width, depth, turn }: Footprint): { x: number; z: number }[] {
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([u = 0, v = 0]) => {
    const along = (u * width) / 2;
    const across = (v * depth) / 2;
    return {
      x: x + Math.cos(turn) * along + Math.sin(turn) * across,
      z: z - Math.sin(turn) * along + Math.cos(turn) * across,
    };
  });
}

function contains(
  { x, z, width, depth, turn }: Footprint,
  point: { x: number; z: number },
): boolean {
  const dx = point.x - x;
  const dz = point.z - z;
  const along = Math.cos(turn) * dx - Math.sin(turn) * dz;
  const across = Math.sin(turn) * dx + Math.cos(turn) * dz;
  return Math.abs(along) < width / 2 && Math.abs(across) < depth / 2;
}

describe('findPlace', () => {
  it('keeps every corner inside the area', () => {
    const random = createRandom(11);
    for (let i = 0; i < 400; i += 1) {
      const size = sizes[i % sizes.length] ?? area;
      const place = findPlace(random, size, [], area, 1);
      for (const corner of cornersOf({ ...place, ...size })) {
        expect(Math.abs(corner.x)).toBeLessThanOrEqual(area.width / 2 + 1e-9);
        expect(Math.abs(corner.z)).toBeLessThanOrEqual(area.depth / 2 + 1e-9);
      }
    }
  });

  it('lays things apart while there is room', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = createRandom(seed);
      const laid: Footprint[] = [];
      for (const size of sizes.slice(0, 3)) {
        const place = findPlace(random, size, laid, area, 1);
        expect(place.overlap).toBe(0);
        const footprint = { ...place, ...size };
        for (const other of laid) {
          for (const corner of cornersOf(footprint)) expect(contains(other, corner)).toBe(false);
          for (const corner of cornersOf(other)) expect(contains(footprint, corner)).toBe(false);
        }
        laid.push(footprint);
      }
    }
  });

  it('says how deep it overlaps when the tray is full', () => {
    const full: Footprint = { x: 0, z: 0, turn: 0, width: 48, depth: 36 };
    const place = findPlace(createRandom(2), { width: 8, depth: 8 }, [full], area, 1);
    expect(place.overlap).toBeGreaterThan(0);
  });

  it('lays what is too large for the area in its middle', () => {
    expect(findPlace(createRandom(2), { width: 90, depth: 90 }, [], area, 1)).toMatchObject({
      x: 0,
      z: 0,
    });
  });

  it('uses the whole area', () => {
    const random = createRandom(4);
    const places = Array.from({ length: 300 }, () =>
      findPlace(random, { width: 8, depth: 8 }, [], area, 1),
    );
    expect(Math.min(...places.map((place) => place.x))).toBeLessThan(-15);
    expect(Math.max(...places.map((place) => place.x))).toBeGreaterThan(15);
    expect(Math.min(...places.map((place) => place.z))).toBeLessThan(-9);
    expect(Math.max(...places.map((place) => place.z))).toBeGreaterThan(9);
  });
});

describe('overlapDepth', () => {
  const square: Footprint = { x: 0, z: 0, turn: 0, width: 10, depth: 10 };

  it.each([
    ['apart along x', { ...square, x: 11 }, 0],
    ['touching', { ...square, x: 10 }, 0],
    ['overlapping by 3', { ...square, x: 7 }, 3],
    ['apart only along a turned side', { ...square, x: 9, z: 9, turn: Math.PI / 4 }, 0],
    ['within', { ...square, width: 2, depth: 2 }, 6],
  ])('%s', (_, other, depth) => {
    expect(overlapDepth(square, other)).toBeCloseTo(depth);
    expect(overlapDepth(other, square)).toBeCloseTo(depth);
  });

  it('turns the same way as three.js turns about y', () => {
    const long: Footprint = { x: 0, z: 0, turn: Math.PI / 6, width: 20, depth: 1 };
    const atEnd = { x: 8 * Math.cos(Math.PI / 6), z: -8 * Math.sin(Math.PI / 6) };
    expect(overlapDepth(long, { ...square, ...atEnd, width: 1, depth: 1 })).toBeGreaterThan(0);
    expect(overlapDepth(long, { ...square, ...atEnd, z: -atEnd.z, width: 1, depth: 1 })).toBe(0);
  });
});

describe('extent', () => {
  it('is the half size, swapped by a quarter turn', () => {
    const quarter = extent({ x: 3, z: 4, turn: Math.PI / 2, width: 20, depth: 6 });
    expect(quarter.x).toBeCloseTo(3);
    expect(quarter.z).toBeCloseTo(10);
  });
});
