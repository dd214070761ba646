import type { Spot } from '../lying.ts';
import { between } from '../random.ts';
import { distance } from '../script.ts';
import type { Script } from '../script.ts';
import type { Thing } from '../stage.ts';
import type { Key } from '../track.ts';

/**
 * A thing is thrown or dropped in from beyond the border, and rolls or slides to its place; if a hand is
 * to be seen at all, then its finger tips at the border. The time at which it is over.
 */
export function drop(script: Script, atS: number, thing: Thing, spot: Spot): number {
  const { random, scale } = script;
  const from = script.direction();
  const hand = script.hand();
  const towards = from + Math.PI + between(random, -0.3, 0.3);
  const rollPx = between(random, 4, 34) * scale;
  const landed: Spot = {
    x: spot.x - rollPx * Math.sin(towards),
    y: spot.y + rollPx * Math.cos(towards),
    angle: spot.angle - (thing.isRound ? rollPx / (18 * scale) : between(random, -0.3, 0.3)),
  };
  const outside = script.outside(landed, from, hand, thing);
  const fallS = between(random, 0.22, 0.4);
  const landS = atS + fallS;
  const bounceS = between(random, 0.04, 0.1);
  const rollS = 0.12 + rollPx / (90 * scale);
  const stillS = landS + bounceS + rollS;
  const lies: Key = { atS: stillS, ...spot, lift: 0, by: 'roll' };
  script.addStretch(thing, {
    fromS: atS,
    toS: stillS,
    kind: 'moves',
    track: [
      { atS, ...outside, angle: landed.angle - between(random, -0.6, 0.6), lift: 0.9 },
      { atS: landS, ...landed, lift: 0, by: 'even' },
      { atS: landS + bounceS / 2, ...landed, lift: between(random, 0.05, 0.2), by: 'even' },
      { atS: landS + bounceS, ...landed, lift: 0, by: 'fall' },
      lies,
    ],
  });
  let goneS = stillS;
  if (random() < 0.6) {
    const tips = script.outside(landed, from, hand, null);
    const inPx = between(random, 5, 30) * scale + 16 * scale;
    const seen: Spot = {
      x: tips.x - inPx * Math.sin(from),
      y: tips.y + inPx * Math.cos(from),
      angle: from,
    };
    const goesS = atS + 0.1;
    const awayS = goesS + 0.15 + distance(tips, seen) / (300 * scale);
    script.addArm({
      sprite: hand,
      fromS: atS - 0.25,
      toS: awayS,
      track: [
        { atS: atS - 0.25, ...tips, angle: from, lift: 1 },
        { atS, ...seen, lift: 0.8 },
        { atS: goesS, ...seen, lift: 0.8 },
        { atS: awayS, ...tips, angle: from, lift: 1 },
      ],
    });
    goneS = Math.max(goneS, awayS);
  }
  script.addLying(thing, spot, stillS);
  // It creeps the last of its way: who says then that it is there is right.
  const creepsPx = 3 * scale;
  const rolledPart = 1 - Math.sqrt(Math.min(1, creepsPx / rollPx));
  const fromS = landS + bounceS + rolledPart * rollS;
  const freeS = Math.max(stillS, script.uncoveredS(thing, spot, stillS, goneS));
  script.duePlaced(thing, spot, fromS, freeS);
  return goneS;
}
