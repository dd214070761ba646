import { areNear, boxOf } from '../lying.ts';
import type { LyingThing, Spot } from '../lying.ts';
import { between } from '../random.ts';
import { distance } from '../script.ts';
import type { Script } from '../script.ts';

/**
 * A hand pushes a thing along the ground to a free place, or gives it a push with which it rolls on;
 * nothing is due of it. The time at which all is over, or null where there is no room.
 */
export function push(script: Script, atS: number, lying: LyingThing): number | null {
  const { random, scale } = script;
  const { thing, spot } = lying;
  const target = roomToPush(script, lying);
  if (target === null) return null;
  const rolls = thing.isRound && random() < 0.5;
  const hand = script.hand();
  const from = script.direction();
  const grip = script.gripOf(thing, from);
  const held = (at: Spot): Spot => ({ x: at.x - grip.x, y: at.y - grip.y, angle: from });
  const outside = script.outside(held(spot), from, hand, null);
  const speed = script.reachSpeed();
  const touchS = atS + 0.15 + distance(outside, held(spot)) / speed;
  const startS = touchS + between(random, 0.05, 0.2);
  const way = distance(spot, target);
  const pushedPart = rolls ? between(random, 0.25, 0.5) : 1;
  const letGo: Spot = {
    x: spot.x + (target.x - spot.x) * pushedPart,
    y: spot.y + (target.y - spot.y) * pushedPart,
    angle: spot.angle + (target.angle - spot.angle) * pushedPart,
  };
  const pushS = 0.15 + (way * pushedPart) / (between(random, 90, 200) * scale);
  const letGoS = startS + pushS;
  const stillS = rolls ? letGoS + 0.15 + (way * (1 - pushedPart)) / (60 * scale) : letGoS;
  const leaveS = letGoS + between(random, 0.05, 0.2);
  const goneS = leaveS + 0.15 + distance(outside, held(letGo)) / speed;
  script.addArm({
    sprite: hand,
    fromS: atS,
    toS: goneS,
    track: [
      { atS, ...outside, lift: 1 },
      { atS: touchS, ...held(spot), lift: 0 },
      { atS: startS, ...held(spot), lift: 0 },
      { atS: letGoS, ...held(letGo), lift: 0 },
      { atS: leaveS, ...held(letGo), lift: 0.1 },
      { atS: goneS, ...outside, lift: 1 },
    ],
  });
  script.endLying(lying, startS);
  script.addStretch(thing, {
    fromS: startS,
    toS: stillS,
    kind: 'moves',
    track: [
      { atS: startS, ...spot, lift: 0 },
      { atS: letGoS, ...letGo, lift: 0 },
      { atS: stillS, ...target, lift: 0, by: 'roll' },
    ],
  });
  script.addLying(thing, target, stillS);
  return Math.max(goneS, stillS);
}

/** A free place some way off, with nothing in between. */
function roomToPush(script: Script, { thing, spot }: LyingThing): Spot | null {
  const { random, scale } = script;
  const own = boxOf(thing, spot);
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const towards = random() * 2 * Math.PI;
    const way = between(random, 10, 70) * scale;
    const angle = spot.angle + (thing.isRound ? way / (18 * scale) : between(random, -0.4, 0.4));
    const target: Spot = {
      x: spot.x + way * Math.sin(towards),
      y: spot.y - way * Math.cos(towards),
      angle,
    };
    const box = boxOf(thing, target);
    const swept = {
      left: Math.min(own.left, box.left),
      top: Math.min(own.top, box.top),
      right: Math.max(own.right, box.right),
      bottom: Math.max(own.bottom, box.bottom),
    };
    const others = script.lying.filter((other) => other.thing !== thing);
    const isClear = others.every(({ thing: other, spot: at }) => {
      return !areNear(swept, boxOf(other, at), 4 * scale);
    });
    const border = 11 * scale;
    const isInside =
      box.left >= border &&
      box.top >= border &&
      box.right <= script.width - border &&
      box.bottom <= script.height - border;
    if (isClear && isInside) return target;
  }
  return null;
}
