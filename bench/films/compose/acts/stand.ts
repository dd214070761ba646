import { between } from '../random.ts';
import type { Script } from '../script.ts';
import type { Sprite } from '../sprite.ts';
import type { Key } from '../track.ts';

export interface StandOptions {
  readonly person: Sprite;
  /** At which border: radians, 0 is the upper one, clockwise. */
  readonly side: number;
  /** Where along the border, as a part of it, and how far into the picture, in its pixels. */
  readonly along: number;
  readonly depthPx: number;
  /** There from the film's start where it is 0; to the end where `leavesS` is infinite. */
  readonly comesS: number;
  readonly leavesS: number;
  /** Stays stock still instead of swaying. */
  readonly isStill: boolean;
}

/** Somebody at the picture's border who leans in a little; nothing is laid there by chance. */
export function stand(script: Script, options: StandOptions, durationS: number): void {
  const { random, scale, width, height } = script;
  const { person, side, along, depthPx, comesS, leavesS, isStill } = options;
  const [dx, dy] = [Math.sin(side), -Math.cos(side)];
  const isUpright = Math.abs(dy) > Math.abs(dx);
  const border = isUpright
    ? { x: along * width, y: dy < 0 ? 0 : height }
    : { x: dx < 0 ? 0 : width, y: along * height };
  const at = (inPx: number): { x: number; y: number; angle: number; lift: number } => ({
    x: border.x - (isUpright ? 0 : Math.sign(dx) * inPx),
    y: border.y - (isUpright ? Math.sign(dy) * inPx : 0),
    angle: isUpright ? (dy < 0 ? 0 : Math.PI) : dx > 0 ? Math.PI / 2 : -Math.PI / 2,
    lift: 0,
  });
  const away = at(-40 * scale);
  const track: Key[] = [];
  let atS = comesS;
  if (comesS > 0) {
    track.push({ atS, ...away });
    atS += between(random, 0.4, 1);
  }
  track.push({ atS, ...at(depthPx) });
  const endS = Math.min(leavesS, durationS + 1);
  while (!isStill && atS + 0.6 < endS) {
    atS += between(random, 0.5, 1.4);
    if (atS >= endS) break;
    track.push({ atS, ...at(depthPx + between(random, -2.5, 2.5) * scale) });
  }
  if (leavesS < durationS) {
    const last = track.at(-1)!;
    track.push({ ...last, atS: leavesS });
    track.push({ atS: leavesS + between(random, 0.4, 1), ...away });
  }
  script.addArm({
    sprite: person,
    fromS: comesS > 0 ? comesS : -1,
    toS: leavesS < durationS ? track.at(-1)!.atS : Infinity,
    track,
  });
  const room = depthPx + 4 * scale;
  const half = person.width / 2;
  script.reserve({
    left: isUpright ? border.x - half : dx < 0 ? 0 : width - room,
    right: isUpright ? border.x + half : dx < 0 ? room : width,
    top: isUpright ? (dy < 0 ? 0 : height - room) : border.y - half,
    bottom: isUpright ? (dy < 0 ? room : height) : border.y + half,
  });
}
