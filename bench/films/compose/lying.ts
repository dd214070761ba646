import type { Box } from '../film.ts';
import { opacityAt } from './draw.ts';
import type { Place, Sprite } from './sprite.ts';
import type { Thing } from './stage.ts';

/** A place on the ground, and how a thing lies there turned. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

export interface LyingThing {
  readonly thing: Thing;
  readonly spot: Spot;
}

/** Around all of it that is to be seen where it lies, in whole pixels. */
export function boxOf(thing: Thing, spot: Spot): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of pixelsOf(thing, spot, 1)) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return {
    left: Math.floor(left),
    top: Math.floor(top),
    right: Math.ceil(right),
    bottom: Math.ceil(bottom),
  };
}

/** Points all over the thing where it lies. */
export function pointsOf(thing: Thing, spot: Spot): readonly Spot[] {
  const sprite = restingSprite(thing);
  const step = Math.max(2, Math.round(Math.min(sprite.width, sprite.height) / 14));
  return pixelsOf(thing, spot, step);
}

/** Whether it hides one of the points. */
export function covers(sprite: Sprite, place: Place, points: readonly Spot[]): boolean {
  return points.some(({ x, y }) => opacityAt(sprite, place, x, y) > 0.25);
}

/** How it looks when it has come to rest. */
export function restingSprite(thing: Thing): Sprite {
  const sprite = thing.sprites.at(-1);
  if (sprite === undefined) throw new Error(`${thing.name} has no look.`);
  return sprite;
}

/** Whether they are nearer to each other than that. */
export function areNear(a: Box, b: Box, gapPx: number): boolean {
  return (
    a.left < b.right + gapPx &&
    b.left < a.right + gapPx &&
    a.top < b.bottom + gapPx &&
    b.top < a.bottom + gapPx
  );
}

function pixelsOf(thing: Thing, spot: Spot, step: number): Spot[] {
  const sprite = restingSprite(thing);
  const [cos, sin] = [Math.cos(spot.angle), Math.sin(spot.angle)];
  const points: Spot[] = [];
  for (let v = 0; v < sprite.height; v += step) {
    for (let u = 0; u < sprite.width; u += step) {
      if ((sprite.alpha[v * sprite.width + u] ?? 0) < sprite.solidFrom) continue;
      const [du, dv] = [u + 0.5 - sprite.originX, v + 0.5 - sprite.originY];
      points.push({ x: spot.x + cos * du - sin * dv, y: spot.y + sin * du + cos * dv, angle: 0 });
    }
  }
  return points;
}
