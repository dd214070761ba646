import type { Spot } from '../lying.ts';
import { between } from '../random.ts';
import { distance } from '../script.ts';
import type { Script } from '../script.ts';
import type { Sprite } from '../sprite.ts';
import type { Thing } from '../stage.ts';
import type { Key } from '../track.ts';

export interface VisitOptions {
  readonly from?: number;
  readonly hand?: Sprite;
  /** What the hand holds all the time. */
  readonly thing?: Thing;
  /** How high the hand stays: 0 on the ground. */
  readonly lift?: number;
}

/** An arm comes in, stays for that long, and goes; the time at which it is gone. */
export function visit(
  script: Script,
  atS: number,
  to: Spot,
  restS: number,
  options: VisitOptions = {},
): number {
  const { random, scale } = script;
  const { hand = script.hand(), from = script.direction(), lift = 0.3, thing } = options;
  const at: Spot = { ...to, angle: from };
  const outside = script.outside(at, from, hand, thing ?? null);
  const speed = script.reachSpeed();
  const thereS = atS + 0.15 + distance(outside, at) / speed;
  const leaveS = thereS + restS;
  const goneS = leaveS + 0.15 + distance(outside, at) / speed;
  const track: readonly Key[] = [
    { atS, ...outside, lift: 1 },
    { atS: thereS, ...at, lift, bowPx: between(random, -12, 12) * scale },
    { atS: leaveS, ...at, lift },
    { atS: goneS, ...outside, lift: 1 },
  ];
  script.addArm({ sprite: hand, fromS: atS, toS: goneS, track });
  if (thing !== undefined) {
    const grip = script.gripOf(thing, from);
    const angle = to.angle;
    script.addStretch(thing, {
      fromS: atS,
      toS: goneS,
      kind: 'moves',
      track: track.map((key) => ({ ...key, x: key.x + grip.x, y: key.y + grip.y, angle })),
    });
  }
  return goneS;
}

/** An arm passes over the tray without a stop: in, along, and out; the time at which it is gone. */
export function pass(script: Script, atS: number): number {
  const { random, scale, width, height } = script;
  const from = script.direction();
  const hand = script.hand();
  const a: Spot = {
    x: between(random, 0.2, 0.8) * width,
    y: between(random, 0.25, 0.75) * height,
    angle: from,
  };
  const b: Spot = {
    x: a.x + between(random, -70, 70) * scale,
    y: a.y + between(random, -40, 40) * scale,
    angle: from + between(random, -0.15, 0.15),
  };
  const before = script.outside(a, from, hand, null);
  const after = script.outside(b, from, hand, null);
  const speed = between(random, 350, 700) * scale;
  const thereS = atS + 0.15 + distance(before, a) / speed;
  const alongS = thereS + 0.1 + distance(a, b) / speed;
  const goneS = alongS + 0.15 + distance(after, b) / speed;
  script.addArm({
    sprite: hand,
    fromS: atS,
    toS: goneS,
    track: [
      { atS, ...before, lift: 1 },
      { atS: thereS, ...a, lift: 0.8 },
      { atS: alongS, ...b, lift: 0.8 },
      { atS: goneS, ...after, lift: 1 },
    ],
  });
  return goneS;
}
