import type { LyingThing, Spot } from '../lying.ts';
import { between } from '../random.ts';
import { distance } from '../script.ts';
import type { Script } from '../script.ts';
import type { Sprite } from '../sprite.ts';

export interface TakeOptions {
  readonly from?: number;
  readonly hand?: Sprite;
}

/** A hand takes it away; the time at which the hand is gone. */
export function take(
  script: Script,
  atS: number,
  lying: LyingThing,
  options: TakeOptions = {},
): number {
  const { random, scale } = script;
  const { thing, spot } = lying;
  const hand = options.hand ?? script.hand();
  const from = options.from ?? script.direction();
  const grip = script.gripOf(thing, from);
  const at: Spot = { x: spot.x - grip.x, y: spot.y - grip.y, angle: from };
  const outside = script.outside(at, from, hand, thing);
  const speed = script.reachSpeed();
  const touchS = atS + 0.15 + distance(outside, at) / speed;
  const liftS = touchS + between(random, 0.06, 0.3);
  const goneS = liftS + 0.15 + distance(outside, at) / speed;
  const bowPx = between(random, -12, 12) * scale;
  script.addArm({
    sprite: hand,
    fromS: atS,
    toS: goneS,
    track: [
      { atS, ...outside, lift: 1 },
      { atS: touchS, ...at, lift: 0, bowPx },
      { atS: liftS, ...at, lift: 0 },
      { atS: goneS, ...outside, lift: 1, bowPx: -bowPx },
    ],
  });
  script.endLying(lying, liftS);
  script.addStretch(thing, {
    fromS: liftS,
    toS: goneS,
    kind: 'moves',
    track: [
      { atS: liftS, ...spot, lift: 0 },
      {
        atS: goneS,
        x: outside.x + grip.x,
        y: outside.y + grip.y,
        angle: spot.angle + between(random, -0.2, 0.2),
        lift: 1,
        bowPx: -bowPx,
      },
    ],
  });
  script.dueRemoved(lying, script.uncoveredS(thing, spot, liftS, goneS));
  return goneS;
}
