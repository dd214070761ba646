import type { Unrest } from './camera.ts';
import type { LightAt } from './shade.ts';
import type { FilmSize } from './sprite.ts';

/** A fan's blades, and the part of a turn that each darkens. */
const blades = 3;
/** In parts of the picture's width: how wide a lamp's light falls, how soft its border is, how far it swings. */
const poolRadius = 0.3;
const poolBorder = 0.06;
const swing = 0.35;

/** What falls of the light at that time; null before it begins. */
export function unrestAt(unrest: Unrest | null, atS: number, film: FilmSize): LightAt | null {
  if (unrest === null || atS < unrest.fromS) return null;
  const turn = (atS - unrest.fromS) / unrest.periodS;
  return unrest.by === 'fan' ? fanAt(unrest, turn, film) : lampAt(unrest, turn, film);
}

/** Its axis is beside the picture's middle. */
function fanAt({ depth, towards }: Unrest, turn: number, { width, height }: FilmSize): LightAt {
  const [middleX, middleY] = [0.4 * width, 0.45 * height];
  const first = towards + (turn * 2 * Math.PI) / blades;
  return {
    at(x, y) {
      const wave = Math.cos(blades * (Math.atan2(y - middleY, x - middleX) - first));
      return 1 - depth * Math.min(1, Math.max(0, 0.5 + 3 * wave));
    },
  };
}

function lampAt({ depth, towards }: Unrest, turn: number, { width, height }: FilmSize): LightAt {
  const away = swing * width * Math.sin(2 * Math.PI * turn);
  const middleX = width / 2 + away * Math.cos(towards);
  const middleY = height / 2 + away * Math.sin(towards);
  return {
    at(x, y) {
      const outside = Math.hypot(x - middleX, y - middleY) / width - poolRadius;
      return 1 - depth * Math.min(1, Math.max(0, 0.5 + outside / poolBorder));
    },
  };
}
