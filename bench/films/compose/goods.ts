import { emptyCutout } from './picture.ts';
import type { Cutout } from './picture.ts';
import { between, pick, smoothNoise } from './random.ts';
import type { Random } from './random.ts';

/** Made things, seen from above and somewhat from the front; their labels are photographs. */

type Rgbless = readonly [luma: number, cb: number, cr: number];

/** A carton with three of its sides in sight, its front a photograph. */
export function carton(
  photo: Cutout,
  random: Random,
  size: readonly [number, number],
  sideLight = 0.62,
): Cutout {
  const [wide, high] = size.map(Math.round) as [number, number];
  const depth = Math.round(Math.min(wide, high) * between(random, 0.12, 0.3));
  const slant = Math.round(depth * between(random, 0.2, 0.9)) * (random() < 0.5 ? 1 : -1);
  const cutout = emptyCutout(wide + Math.abs(slant) + 2, high + depth + 2);
  const front = slant > 0 ? 0 : -slant;
  for (let y = 0; y < cutout.height; y += 1) {
    for (let x = 0; x < cutout.width; x += 1) {
      // The front is below, the top recedes above it, a side to where it slants.
      const fx = x - 1 - front;
      const fy = y - 1 - depth;
      if (fx >= 0 && fx < wide && fy >= 0 && fy < high) {
        put(cutout, x, y, sampleAt(photo, fx / wide, fy / high), 1 - 0.12 * (fy / high));
        continue;
      }
      const t = (depth - (y - 1)) / depth;
      const tx = x - 1 - front - slant * t;
      if (fy < 0 && t <= 1 && tx >= 0 && tx < wide) {
        put(cutout, x, y, sampleAt(photo, tx / wide, 0.03 + 0.06 * t), 1.12);
        continue;
      }
      const s = slant > 0 ? (fx - wide) / slant : fx / slant;
      const sy = fy + depth * s;
      if (s > 0 && s <= 1 && sy >= 0 && sy < high) {
        put(cutout, x, y, sampleAt(photo, slant > 0 ? 0.97 : 0.03, sy / high), sideLight);
      }
    }
  }
  return cutout;
}

/** A blank carton of nearly the ground's own brightness: only its sides and edges show. */
export function paleCarton(
  random: Random,
  size: readonly [number, number],
  ground: number,
): Cutout {
  const plain = emptyCutout(64, 64);
  const tone = smoothNoise(random, 32, 32, 3);
  const level = ground * between(random, 0.97, 1.1);
  const print = random() < 0.6 ? between(random, 0.35, 0.6) : 2;
  for (let p = 0; p < plain.luma.length; p += 1) {
    const [x, y] = [p % 64, Math.floor(p / 64)];
    // A line or two of small print.
    const isInk = y > print * 64 && y < print * 64 + 5 && x > 14 && x < 48 && (x * 7) % 5 < 3;
    plain.luma[p] = Math.min(
      246,
      level * (0.985 + 0.03 * tone(x / 14, y / 14)) * (isInk ? 0.6 : 1),
    );
    plain.alpha[p] = 1;
  }
  return carton(plain, random, size, between(random, 0.66, 0.9));
}

/** A jar or tin on its side: a lit cylinder with a label and a lid. */
export function jar(photo: Cutout, random: Random, size: readonly [number, number]): Cutout {
  const [wide, high] = size;
  const cutout = emptyCutout(wide + 2, high + 2);
  const lid = Math.round(high * between(random, 0.12, 0.2));
  const lidColour: Rgbless = [
    between(random, 60, 215),
    between(random, -25, 25),
    between(random, -25, 25),
  ];
  const bulge = between(random, 0, 0.05);
  const shine = between(random, 0.2, 0.36);
  for (let y = 0; y < high; y += 1) {
    const isLid = y < lid;
    const neck = isLid ? 0.9 : 1;
    const round = 1 - bulge * ((2 * y) / high - 1) ** 2;
    const half = (wide / 2) * neck * round * corner(y, high, wide * 0.06);
    for (let x = 0; x < wide; x += 1) {
      const u = (x + 0.5 - wide / 2) / half;
      if (Math.abs(u) > 1) continue;
      const light = 0.42 + 0.66 * Math.sqrt(Math.max(0, 1 - (u + 0.25) ** 2 * 0.8));
      const gloss = 90 * Math.max(0, 1 - Math.abs(u + 0.4) / 0.07) * shine;
      const colour = isLid
        ? lidColour
        : sampleAt(photo, 0.5 + 0.5 * (Math.asin(u) / 1.6), (y - lid) / (high - lid));
      put(cutout, x + 1, y + 1, colour, light, gloss);
    }
  }
  return cutout;
}

/** A clear bottle: dark edges, highlights, a cap, and the ground through all of it. */
export function clearBottle(random: Random, size: readonly [number, number]): Cutout {
  const [wide, high] = size;
  const cutout = emptyCutout(wide + 2, high + 2);
  const cap = Math.round(high * 0.085);
  const neckEnd = Math.round(high * between(random, 0.14, 0.2));
  const shoulder = Math.round(high * between(random, 0.3, 0.38));
  const neck = between(random, 0.34, 0.44);
  const capColour = pick<Rgbless>(random, [
    [70, 55, -20],
    [220, 0, 0],
    [90, -25, 60],
    [45, 0, 0],
    [190, 5, -5],
  ]);
  const tint: Rgbless = [between(random, 90, 150), between(random, 0, 9), between(random, -8, 2)];
  const body = between(random, 0.07, 0.2);
  const water = random() < 0.55 ? between(random, 0.3, 0.6) : 1.1;
  const ripple = smoothNoise(random, 32, 32, 3);
  for (let y = 0; y < high; y += 1) {
    const t =
      y < neckEnd
        ? neck
        : y < shoulder
          ? mix(neck, 1, ease((y - neckEnd) / (shoulder - neckEnd)))
          : 1;
    const waist = y > shoulder ? 1 - 0.05 * (0.5 + 0.5 * Math.sin((y / high) * 22)) : 1;
    const isCap = y < cap;
    const half =
      (wide / 2) * (isCap ? neck * 1.08 : t * waist) * corner(high - 1 - y, high, wide * 0.12);
    for (let x = 0; x < wide; x += 1) {
      const u = (x + 0.5 - wide / 2) / half;
      const a = Math.abs(u);
      if (a > 1) continue;
      const p = (y + 1) * cutout.width + x + 1;
      if (isCap) {
        put(cutout, x + 1, y + 1, capColour, 0.6 + 0.5 * Math.sqrt(1 - u * u));
        continue;
      }
      // Seen along the wall there is much of it: edges are dark, the middle is nearly bare.
      const wall = a ** 7;
      const isWater = y / high > water;
      const surface = Math.abs(y / high - water) < 0.008 ? 0.35 : 0;
      const streak =
        Math.max(0, 1 - Math.abs(u + 0.52) / 0.1) +
        0.6 * Math.max(0, 1 - Math.abs(u - 0.62) / 0.06);
      const glint = streak * (0.35 + 0.65 * ripple(3, y / 24));
      const foot = y > high * 0.95 ? 0.25 : 0;
      const dull = Math.min(0.85, body + (isWater ? 0.05 : 0) + 0.55 * wall + surface + foot);
      const shade = dull * (tint[0] * (1 - 0.55 * wall) * (isWater ? 0.9 : 1));
      const alpha = Math.min(0.95, dull + 0.5 * glint);
      cutout.alpha[p] = alpha;
      cutout.luma[p] = (shade + 0.5 * glint * 235) / alpha;
      cutout.cb[p] = (dull * tint[1] * 1.3) / alpha;
      cutout.cr[p] = (dull * tint[2] * 1.3) / alpha;
    }
  }
  return cutout;
}

/** A soft bag in several states of sagging, from just let go to at rest. */
export function softBag(
  photo: Cutout,
  random: Random,
  size: readonly [number, number],
  states: number,
): Cutout[] {
  const [wide, high] = size;
  const clear = random() < 0.25;
  const outline = Array.from({ length: 6 }, () => between(random, -1, 1));
  const foldsFrom = smoothNoise(random, 64, 64, 4);
  const foldsTo = smoothNoise(random, 64, 64, 4);
  const warp = smoothNoise(random, 32, 32, 2);
  const level = between(random, 0.7, 1.1);
  const [full, margin] = [1.28, 4];
  return Array.from({ length: states }, (_, state) => {
    const sag = states === 1 ? 1 : state / (states - 1);
    // It widens, flattens, and its outline goes from one shape to another.
    const stretchX = mix(0.92, 1.12, sag);
    const stretchY = mix(1.06, 0.94, sag);
    const cutout = emptyCutout(Math.round(wide * full) + margin, Math.round(high * full) + margin);
    const [cx, cy] = [cutout.width / 2, cutout.height / 2];
    for (let y = 0; y < cutout.height; y += 1) {
      for (let x = 0; x < cutout.width; x += 1) {
        const u = (x + 0.5 - cx) / ((wide / 2) * stretchX);
        const v = (y + 0.5 - cy) / ((high / 2) * stretchY);
        const angle = Math.atan2(v, u);
        let rim = 0.9;
        for (const [index, amount] of outline.entries()) {
          rim +=
            0.026 *
            amount *
            Math.sin((index + 2) * angle + index * 2 + 0.9 * sag * (index % 2 === 0 ? 1 : -1));
        }
        // Between a circle and a square, as a filled bag is.
        const r = (Math.abs(u) ** 2.8 + Math.abs(v) ** 2.8) ** (1 / 2.8) / rim;
        if (r > 1.02) continue;
        const p = y * cutout.width + x;
        const shift = 0.1 * sag;
        const [fx, fy] = [
          u * 2.6 + 0.5 * warp(u + 3 * shift, v),
          v * 2.6 + 0.5 * warp(v, u + 2 * shift),
        ];
        const fold = mix(foldsFrom(fx + 8, fy + 8), foldsTo(fx + 8, fy + 8), sag);
        const crease = 1 - Math.min(1, Math.abs(fold - 0.5) / 0.035);
        const gloss = Math.max(0, fold - 0.6) * 420 + (fold > 0.47 ? 60 * Math.max(0, crease) : 0);
        const light = level * (0.66 + 0.6 * fold) * (1.05 - 0.3 * r ** 4);
        const colour = sampleAt(
          photo,
          0.5 + 0.4 * u + 0.08 * (fold - 0.5),
          0.5 + 0.4 * v + 0.06 * sag * v,
        );
        put(cutout, x, y, colour, light, Math.min(110, gloss));
        const soft = Math.min(1, Math.max(0, (1.02 - r) / 0.04));
        cutout.alpha[p] = soft * (clear ? Math.min(1, 0.55 + 0.5 * r ** 6 + gloss / 200) : 1);
      }
    }
    return cutout;
  });
}

function put(
  cutout: Cutout,
  x: number,
  y: number,
  [luma, cb, cr]: Rgbless,
  light: number,
  gloss = 0,
): void {
  const p = y * cutout.width + x;
  cutout.luma[p] = Math.min(250, luma * light + gloss);
  const pale = 1 - Math.min(0.8, gloss / 160);
  cutout.cb[p] = cb * light * pale;
  cutout.cr[p] = cr * light * pale;
  cutout.alpha[p] = 1;
}

/** From fractions of the photograph. */
function sampleAt(photo: Cutout, u: number, v: number): Rgbless {
  const x = Math.min(photo.width - 1, Math.max(0, Math.floor(u * photo.width)));
  const y = Math.min(photo.height - 1, Math.max(0, Math.floor(v * photo.height)));
  const p = y * photo.width + x;
  return [photo.luma[p]!, photo.cb[p]!, photo.cr[p]!];
}

/** A factor on the width that rounds the corners at the start of a side and at its end. */
function corner(at: number, length: number, radius: number): number {
  const fromEnd = Math.min(at, length - 1 - at);
  if (fromEnd >= radius) return 1;
  return 1 - 0.16 * (1 - Math.sqrt(1 - (1 - fromEnd / radius) ** 2));
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
