import { boxOf } from '../lying.ts';
import type { Spot } from '../lying.ts';
import { between } from '../random.ts';
import { distance } from '../script.ts';
import type { Script } from '../script.ts';
import type { Sprite } from '../sprite.ts';
import type { Thing } from '../stage.ts';
import type { Key } from '../track.ts';

/** How a thing is laid down; what is not said is drawn by chance. */
export interface LayOptions {
  /** From where the arm comes, radians; 0 is the picture's upper border, clockwise. */
  readonly from?: number;
  /** How long it is held still at its place before the fingers open. */
  readonly holdS?: number;
  /** How far it is pushed over the ground to its place, in pixels of a film of 320. */
  readonly pushPx?: number;
  /** A bag sags for so long after it was let go. */
  readonly sagS?: number;
  readonly hand?: Sprite;
  /** Held still over its place for so long, before it is laid down. */
  readonly hoverS?: number;
  /** When it touches the ground, instead of when the arm sets out. */
  readonly landS?: number;
}

/** A hand brings it and goes; the time at which the hand is gone. */
export function lay(
  script: Script,
  atS: number,
  thing: Thing,
  spot: Spot,
  options: LayOptions = {},
): number {
  const { random, scale } = script;
  const hand = options.hand ?? script.hand();
  const from = options.from ?? script.direction();
  const push = (options.pushPx ?? (random() < 0.5 ? 0 : between(random, 0.5, 5))) * scale;
  const pushTowards = random() * 2 * Math.PI;
  const grip = script.gripOf(thing, from);
  const held = (at: Spot): Spot => ({ x: at.x - grip.x, y: at.y - grip.y, angle: from });
  const touched: Spot = {
    x: spot.x - push * Math.cos(pushTowards),
    y: spot.y - push * Math.sin(pushTowards),
    angle: spot.angle + (push > 0 ? between(random, -0.06, 0.06) : 0),
  };
  const outside = script.outside(held(touched), from, hand, thing);
  const speed = script.reachSpeed();
  const { hoverS = 0 } = options;
  const reachS = 0.18 + distance(outside, held(touched)) / speed + hoverS;
  const landS = options.landS ?? atS + reachS;
  const startS = landS - reachS;
  const fromS = landS + (push > 0 ? between(random, 0.08, 0.22) : 0);
  const letGoS = fromS + (options.holdS ?? between(random, 0.06, 0.35));
  const goneS = letGoS + 0.12 + distance(outside, held(spot)) / (speed * between(random, 0.9, 1.3));
  const bowPx = between(random, -14, 14) * scale;
  const approach = approachOf(startS, landS, outside, held(touched), bowPx, hoverS);
  script.addArm({
    sprite: hand,
    fromS: startS,
    toS: goneS,
    track: [
      ...approach,
      { atS: fromS, ...held(spot), lift: 0 },
      { atS: letGoS, ...held(spot), lift: 0 },
      { atS: goneS, ...outside, lift: 1, bowPx: -bowPx },
    ],
  });

  const turn = between(random, -0.25, 0.25);
  const carried = approach.map((key, index) => ({
    ...key,
    x: key.x + grip.x,
    y: key.y + grip.y,
    angle: touched.angle + (index === approach.length - 1 ? 0 : turn),
  }));
  // What is let go may rock for a moment.
  const rockS = random() < 0.4 ? between(random, 0.05, 0.16) : 0;
  const rock = between(random, 0.01, 0.035) * (random() < 0.5 ? 1 : -1);
  const rockedS = letGoS + rockS;
  const lies: Key = { atS: fromS, ...spot, lift: 0 };
  const rocks: readonly Key[] =
    rockS === 0
      ? []
      : [
          { ...lies, atS: letGoS },
          { ...lies, atS: letGoS + rockS / 2, angle: spot.angle + rock },
          { ...lies, atS: rockedS },
        ];
  const { sagS = 0 } = options;
  const sags = sagS > 0 ? { sags: { fromS: letGoS, toS: letGoS + sagS } } : {};
  const stillS = Math.max(rockedS, letGoS + sagS);
  script.addStretch(thing, {
    fromS: startS,
    toS: stillS,
    kind: 'moves',
    track: [...carried, lies, ...rocks],
    ...sags,
  });
  script.addLying(thing, spot, stillS);
  const freeS = Math.max(stillS, script.uncoveredS(thing, spot, letGoS, goneS));
  script.duePlaced(thing, spot, fromS, freeS);
  return goneS;
}

/** Two hands lay down a thing each at the same moment; the time at which both are gone. */
export function layTwo(
  script: Script,
  atS: number,
  pair: readonly { readonly thing: Thing; readonly spot: Spot; readonly from: number }[],
): number {
  const options = { pushPx: 0, landS: atS + 1.2, holdS: between(script.random, 0.1, 0.4) };
  const goneS = Math.max(
    ...pair.map(({ thing, spot, from }) => lay(script, atS, thing, spot, { ...options, from })),
  );
  // Each is free when no hand covers it, and the other's neither.
  for (const { thing, spot } of pair) {
    script.delayFree(thing, script.uncoveredS(thing, spot, options.landS, goneS));
  }
  return goneS;
}

/** Free places for two, that far apart, side by side as seen from where people stand. */
export function pairOfSpots(
  script: Script,
  a: Thing,
  b: Thing,
  gapPx: number,
): readonly [Spot, Spot] | null {
  const gap = gapPx * script.scale;
  // To the right of one who looks at the tray from there.
  const [dx, dy] = [-Math.cos(script.home), -Math.sin(script.home)];
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const first = script.freeSpot(a);
    if (first === null) return null;
    const turned = { x: 0, y: 0, angle: between(script.random, -0.45, 0.45) };
    const boxA = boxOf(a, first);
    const boxB = boxOf(b, turned);
    const second: Spot =
      Math.abs(dx) > Math.abs(dy)
        ? {
            ...turned,
            x: beside(boxA.left, boxA.right, boxB.left, boxB.right, gap, dx),
            y: first.y,
          }
        : {
            ...turned,
            x: first.x,
            y: beside(boxA.top, boxA.bottom, boxB.top, boxB.bottom, gap, dy),
          };
    if (script.isFree(boxOf(b, second), 8)) return [first, second];
  }
  return null;
}

/** Where the second's origin is on the axis along which they lie. */
function beside(
  firstFrom: number,
  firstTo: number,
  secondFrom: number,
  secondTo: number,
  gap: number,
  towards: number,
): number {
  return towards > 0 ? firstTo + gap - secondFrom : firstFrom - gap - secondTo;
}

function approachOf(
  startS: number,
  landS: number,
  outside: Spot,
  to: Spot,
  bowPx: number,
  hoverS: number,
): Key[] {
  const start: Key = { atS: startS, ...outside, lift: 1 };
  if (hoverS === 0) return [start, { atS: landS, ...to, lift: 0, bowPx }];
  const downS = Math.min(0.25, 0.3 * (landS - startS));
  return [
    start,
    { atS: landS - hoverS - downS, ...to, lift: 0.7, bowPx },
    { atS: landS - downS, ...to, lift: 0.7 },
    { atS: landS, ...to, lift: 0 },
  ];
}
