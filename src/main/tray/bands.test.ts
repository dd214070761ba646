import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../shared/seeded-random.ts';
import { createBands } from './bands.ts';

const WIDTH = 160;
const HEIGHT = 90;
const SIZE = WIDTH * HEIGHT;

/** A plain ground with some noise, under lamps whose bands lie along rows or columns. */
function picture(random: () => number, factorOf: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: SIZE }, (_, p) => {
    const x = p % WIDTH;
    return 120 * factorOf(x, (p - x) / WIDTH) + (random() - 0.5) * 2;
  });
}

function spreadOf(picture: Float32Array): number {
  const mean = picture.reduce((sum, value) => sum + value, 0) / SIZE;
  return Math.sqrt(picture.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SIZE);
}

describe('bands of the mains', () => {
  it.each([
    { along: 'rows', depth: 0.12 },
    { along: 'columns', depth: 0.12 },
    { along: 'rows', depth: 0.02 },
  ] as const)('of ±$depth along $along are taken out of a picture', ({ along, depth }) => {
    const random = seededRandom(1);
    const bands = createBands(WIDTH, HEIGHT);
    const accepted = picture(random, () => 1);
    const flags = new Uint8Array(SIZE);
    let seen = accepted;
    for (let k = 0; k < 6; k++) {
      const phase = (k * 2 * Math.PI) / 3;
      seen = picture(random, (x, y) => {
        const at = along === 'rows' ? y / HEIGHT : x / WIDTH;
        return 1 + depth * Math.sin(2 * Math.PI * 2.6 * at + phase);
      });
      bands.undo(seen, accepted, flags);
    }
    expect(bands.depth).toBeGreaterThan(depth * 0.8);
    expect(spreadOf(seen)).toBeLessThan(1.4);
  });

  it('are taken out of whole numbers, too, and nothing is where there are none', () => {
    const random = seededRandom(4);
    const bands = createBands(WIDTH, HEIGHT);
    const accepted = picture(random, () => 1);
    const flags = new Uint8Array(SIZE);
    const plain = Uint8Array.from(accepted);
    expect(bands.withoutBands(plain)).toBe(plain);
    let shown = plain;
    for (let k = 0; k < 6; k++) {
      const seen = picture(random, (_, y) => 1 + 0.12 * Math.sin(16 * (y / HEIGHT) + 2 * k));
      shown = Uint8Array.from(seen);
      bands.undo(seen, accepted, flags);
    }
    expect(spreadOf(Float32Array.from(shown))).toBeGreaterThan(8);
    expect(spreadOf(Float32Array.from(bands.withoutBands(shown)))).toBeLessThan(1.8);
  });

  it('are none where a large thing comes and goes', () => {
    const random = seededRandom(2);
    const bands = createBands(WIDTH, HEIGHT);
    const accepted = picture(random, () => 1);
    const flags = new Uint8Array(SIZE);
    const isThing = (x: number, y: number): boolean => Math.hypot(x - 80, y - 45) < 38;
    for (let k = 0; k < 30; k++)
      bands.undo(
        picture(random, () => 1),
        accepted,
        flags,
      );
    for (let k = 0; k < 60; k++) {
      bands.undo(
        picture(random, (x, y) => (isThing(x, y) ? 0.6 : 1)),
        accepted,
        flags,
      );
      expect(bands.depth).toBe(0);
    }
  });

  it('are none where a thing with stripes comes and stays', () => {
    const random = seededRandom(3);
    const bands = createBands(WIDTH, HEIGHT);
    const accepted = picture(random, () => 1);
    const flags = new Uint8Array(SIZE);
    const striped = (_x: number, y: number): number =>
      1 + 0.05 * Math.sin((2 * Math.PI * 2.6 * y) / HEIGHT);
    for (let k = 0; k < 30; k++)
      bands.undo(
        picture(random, () => 1),
        accepted,
        flags,
      );
    for (let k = 0; k < 60; k++) {
      bands.undo(picture(random, striped), accepted, flags);
      expect(bands.depth).toBe(0);
    }
  });
});
