import { expect, it } from 'vitest';
import { createBandDepth } from './band-depth.ts';
import type { BandCurve } from './band-depth.ts';

const LINES = 16;

/** A wave whose phase turns by so much from picture to picture, on an accepted picture's own. */
function watch(
  depth: number,
  turns: number,
  { seconds = 4, own = 0 }: { readonly seconds?: number; readonly own?: number } = {},
): number {
  const bands = createBandDepth();
  for (let picture = 0; picture < seconds * 30; picture += 1) {
    const curve: BandCurve = Array.from({ length: LINES }, (_, line) => {
      const at = (2 * line) / LINES;
      const wave = depth * Math.sin(2 * Math.PI * (at + turns * picture));
      return wave + own * Math.cos(2 * Math.PI * at);
    });
    bands.look(curve, 1000 / 30);
  }
  return bands.depth;
}

it.each([
  { what: 'goes round in three pictures', turns: 1 / 3 },
  { what: 'goes round in 1.5 s', turns: 1 / 45 },
])('is told of a wave that $what', ({ turns }) => {
  expect(watch(0.12, turns)).toBeCloseTo(0.12, 2);
});

it('is told of a wave that wanders by in 8 s', () => {
  const depth = watch(0.12, 1 / 240, { seconds: 16 });
  expect(depth).toBeGreaterThan(0.08);
  expect(depth).toBeLessThan(0.13);
});

it('is the same, whatever bands the accepted picture has', () => {
  expect(watch(0.12, 1 / 3, { own: 0.12 })).toBeCloseTo(0.12, 2);
});

it('is none of what stands still', () => {
  expect(watch(0, 0, { own: 0.2 })).toBeCloseTo(0, 3);
});

it('goes when the bands go', () => {
  const bands = createBandDepth();
  for (let picture = 0; picture < 90; picture += 1) {
    bands.look([picture % 2 === 0 ? 0.2 : -0.2], 1000 / 30);
  }
  const before = bands.depth;
  for (let picture = 0; picture < 900; picture += 1) bands.look(null, 1000 / 30);
  expect(before).toBeGreaterThan(0.2);
  expect(bands.depth).toBeLessThan(0.03);
});
