import type { Shade } from './camera.ts';
import type { FilmSize } from './sprite.ts';

/** The factor on a pixel's light. */
export interface LightAt {
  at(x: number, y: number): number;
}

const shadeSteps = 256;

/** What people who walk by leave of the light at that time; null where nobody does. */
export function shadeAt(shades: readonly Shade[], atS: number, film: FilmSize): LightAt | null {
  const bands = shades
    .filter((shade) => shade.atS <= atS && atS < shade.atS + shade.lengthS)
    .map((shade) => bandOf(shade, atS, film));
  if (bands.length <= 1) return bands[0] ?? null;
  return { at: (x, y) => bands.reduce((light, band) => light * band.at(x, y), 1) };
}

/** A soft dark band that goes over the picture from one side out at the other. */
function bandOf(shade: Shade, atS: number, film: FilmSize): LightAt {
  const { width, height } = film;
  const [dx, dy] = [Math.cos(shade.towards), Math.sin(shade.towards)];
  const reach = (Math.abs(dx) * width + Math.abs(dy) * height) / 2;
  const half = (shade.width * width) / 2;
  const share = (atS - shade.atS) / shade.lengthS;
  const middle = (2 * share - 1) * (reach + 2.2 * half);
  const table = Float32Array.from({ length: shadeSteps }, (_, step) => {
    const along = (step / (shadeSteps - 1)) * 4.4 - 2.2;
    return 1 - shade.depth * Math.exp(-(along ** 4) / 2);
  });
  const scale = shadeSteps / (4.4 * half);
  const offset = 0.5 * shadeSteps - scale * (middle + (width / 2) * dx + (height / 2) * dy);
  return {
    at(x, y) {
      const step = (scale * (x * dx + y * dy) + offset) | 0;
      return step < 0 || step >= shadeSteps ? 1 : table[step]!;
    },
  };
}
