import { emptyCutout } from './picture.ts';
import type { Cutout } from './picture.ts';
import { between, smoothNoise } from './random.ts';
import type { Random } from './random.ts';

/** Who stands at the border, from above: a clad shoulder or belly; it reaches down from its upper edge. */
export function clothedPerson(cloth: Cutout, random: Random): Cutout {
  const width = Math.round(between(random, 200, 460));
  const height = Math.round(between(random, 190, 260));
  const cutout = emptyCutout(width, height);
  const folds = smoothNoise(random, 96, 96, 4);
  const edge = smoothNoise(random, 64, 64, 3);
  const level = [30, 48, 80, 120, 170, 205][Math.floor(random() * 6)] ?? 60;
  const colour = random() * 2 * Math.PI;
  const vivid = random() < 0.5 ? 4 : 28 * random();
  const [cb, cr] = [vivid * Math.cos(colour), vivid * Math.sin(colour)];
  const power = between(random, 2, 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = (2 * (x + 0.5)) / width - 1;
      const v = (y + 0.5) / height;
      const r = Math.abs(u) ** power + v ** power * (0.9 + 0.25 * edge(x / 40, 3));
      const inside = Math.min(1, Math.max(0, (1 - r) * 24));
      if (inside === 0) continue;
      const p = y * width + x;
      const weave = cloth.luma[(y % cloth.height) * cloth.width + (x % cloth.width)] ?? 128;
      const fold = folds(x / 40, y / 60) + 0.6 * folds(x / 14 + 7, y / 20);
      cutout.luma[p] =
        level * (0.7 + 0.3 * fold) * (1.05 - 0.45 * r ** 3) * (0.55 + 0.45 * (weave / 150));
      cutout.cb[p] = cb;
      cutout.cr[p] = cr;
      cutout.alpha[p] = inside;
    }
  }
  return cutout;
}
