import { createComposeCanvas } from './sprite.ts';
import type { Canvas, FilmSize } from './sprite.ts';
import type { Cutout } from './picture.ts';
import { between, smoothNoise } from './random.ts';
import type { Random } from './random.ts';

export type GroundKind = 'table' | 'white-table' | 'tray' | 'dark' | 'wood';

/** A colour of the ground at a point, in pixels of a film of 320. */
type Paint = (x: number, y: number) => readonly [luma: number, cb: number, cr: number];

/** The bare ground under an uneven light; `table` is a photograph of a table with nothing on it. */
export function groundOf(kind: GroundKind, film: FilmSize, table: Cutout, random: Random): Canvas {
  const canvas = createComposeCanvas(film);
  const { margin } = film;
  const scale = film.width / 320;
  const paint = paints[kind](random, table, film.width / scale, film.height / scale);
  // Lenses darken the corners, and one side is nearer to the lamp.
  const corner = between(random, 0.04, 0.2);
  const slope = between(random, 0, 0.16);
  const towards = random() * 2 * Math.PI;
  const { width, height } = canvas;
  const halfWidth = width >> 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = (2 * (x - margin)) / film.width - 1;
      const v = (2 * (y - margin)) / film.height - 1;
      const light =
        (1 - corner * ((u * u + v * v) / 2) ** 1.4) *
        (1 + (slope / 2) * (u * Math.cos(towards) + v * Math.sin(towards)));
      const [luma, cb, cr] = paint((x - margin) / scale, (y - margin) / scale);
      canvas.luma[y * width + x] = luma * light;
      const half = (y >> 1) * halfWidth + (x >> 1);
      canvas.cb[half] = canvas.cb[half]! + (cb * light) / 4;
      canvas.cr[half] = canvas.cr[half]! + (cr * light) / 4;
    }
  }
  return canvas;
}

type Painter = (random: Random, table: Cutout, width: number, height: number) => Paint;

const paints: Readonly<Record<GroundKind, Painter>> = {
  table: (random, table) => {
    const level = between(random, 0.72, 1.12);
    const [left, top] = [random() * (table.width - 345), random() * (table.height - 262)];
    return (x, y) => {
      const [luma, cb, cr] = sampled(table, left + x + 8, top + y + 8);
      return [luma * level, cb * level, cr * level];
    };
  },
  'white-table': (random) => {
    const level = between(random, 185, 222);
    const warm = between(random, -5, 5);
    const stain = smoothNoise(random, 64, 64, 4);
    return (x, y) => [level * (0.975 + 0.05 * stain(x / 60, y / 60)), -warm, warm];
  },
  tray: (random, table, width, height) => {
    const level = between(random, 85, 150);
    const inset = [between(random, 9, 22), between(random, 7, 16)] as const;
    const counter = paints[random() < 0.5 ? 'wood' : 'white-table'](random, table, width, height);
    const grain = smoothNoise(random, 128, 128, 3);
    const tint = [between(random, -3, 5), between(random, -4, 3)] as const;
    const radius = 16;
    return (x, y) => {
      const dx = Math.max(0, Math.abs(x - width / 2) - (width / 2 - inset[0] - radius));
      const dy = Math.max(0, Math.abs(y - height / 2) - (height / 2 - inset[1] - radius));
      const inside = radius - Math.hypot(dx, dy);
      if (inside < -3) {
        const [luma, cb, cr] = counter(x, y);
        // The tray's shadow on the counter.
        return [luma * (1 - 0.3 * Math.exp((inside + 3) / 4)), cb, cr];
      }
      const grey = level * (0.96 + 0.08 * grain(x / 2.2, y / 2.2));
      // The rim's outer side, its bright top, its inner side in the shade.
      if (inside < 0) return [grey * 0.72, ...tint];
      if (inside < 2.2) return [grey * 1.28, ...tint];
      if (inside < 5) return [grey * (0.82 + 0.05 * (inside - 2.2)), ...tint];
      return [grey, ...tint];
    };
  },
  dark: (random) => {
    const level = between(random, 34, 62);
    const speck = smoothNoise(random, 160, 160, 3);
    const cloud = smoothNoise(random, 32, 32, 3);
    const tint = [between(random, -2, 5), between(random, -4, 2)] as const;
    return (x, y) => [
      level * (0.85 + 0.18 * speck(x / 1.6, y / 1.6) + 0.14 * cloud(x / 70, y / 70)),
      ...tint,
    ];
  },
  wood: (random) => {
    const level = between(random, 95, 165);
    const rings = smoothNoise(random, 64, 64, 4);
    const pores = smoothNoise(random, 256, 256, 2);
    const plank = between(random, 46, 95);
    const offset = random() * plank;
    const across = random() < 0.5;
    const red = between(random, 8, 17);
    return (a, b) => {
      const [x, y] = across ? [a, b] : [b, a];
      const board = Math.floor((y + offset) / plank);
      const seam = Math.abs((y + offset) / plank - board - 0.5) > 0.5 - 0.6 / plank ? 0.72 : 1;
      const ring = rings(x / 130 + 13 * board, y / 9 + 7 * board);
      const wave = 0.5 + 0.5 * Math.sin(ring * 26 + board);
      const pore = pores(x / 14, y / 1.1);
      const light = (0.9 + 0.06 * ((board * 7) % 3)) * (0.86 + 0.14 * wave + 0.1 * (pore - 0.5));
      return [level * light * seam, -1.5 * red * (0.9 + 0.1 * wave), red];
    };
  },
};

function sampled(from: Cutout, x: number, y: number): [number, number, number] {
  const left = Math.min(from.width - 2, Math.max(0, Math.floor(x)));
  const top = Math.min(from.height - 2, Math.max(0, Math.floor(y)));
  const fx = Math.min(1, Math.max(0, x - left));
  const fy = Math.min(1, Math.max(0, y - top));
  const p = top * from.width + left;
  const of = (plane: Float32Array): number =>
    (plane[p]! * (1 - fx) + plane[p + 1]! * fx) * (1 - fy) +
    (plane[p + from.width]! * (1 - fx) + plane[p + from.width + 1]! * fx) * fy;
  return [of(from.luma), of(from.cb), of(from.cr)];
}
