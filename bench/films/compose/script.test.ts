import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { drop } from './acts/drop.ts';
import { lay, layTwo, pairOfSpots } from './acts/lay.ts';
import { push } from './acts/push.ts';
import { take } from './acts/take.ts';
import { visit } from './acts/visit.ts';
import { boxOf, covers, pointsOf } from './lying.ts';
import { emptyCutout } from './picture.ts';
import { distance, Script } from './script.ts';
import { spriteOf } from './sprite.ts';
import type { Sprite } from './sprite.ts';
import type { Thing } from './stage.ts';
import { momentOf } from './track.ts';

function block(width: number, height: number, origin?: readonly [number, number]): Sprite {
  const cutout = emptyCutout(width, height);
  cutout.alpha.fill(1);
  return spriteOf(cutout, { scale: 1, ...(origin && { origin }) });
}

/** An arm of 40 across that holds things by its lower end. */
const arm = block(40, 500, [20, 490]);

function thingOf(name: string, side = 40): Thing {
  return { name, product: name, isRound: true, sprites: [block(side, side)] };
}

function scriptOf(seed: number): Script {
  return new Script(seededRandom(seed), { hands: [arm], width: 320, height: 180, home: Math.PI });
}

const spot = { x: 160, y: 70, angle: 0 };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function isCovered(script: Script, thing: Thing, at: typeof spot, atS: number): boolean {
  const points = pointsOf(thing, at);
  return script
    .stage()
    .arms.some(
      ({ fromS, toS, sprite, track }) =>
        fromS <= atS && atS < toS && covers(sprite, momentOf(track, atS), points),
    );
}

test.each(seeds)(
  'a thing is due from when it is held at its place until it lies free (%d)',
  (seed) => {
    const script = scriptOf(seed);
    const thing = thingOf('tin');
    const goneS = lay(script, 1, thing, spot);
    const [due] = script.due;
    if (due?.kind !== 'placed') throw new Error('Nothing is due.');
    expect(due).toMatchObject({ thing: 'tin', box: boxOf(thing, spot) });
    expect(due.fromS).toBeLessThan(due.freeS);
    expect(isCovered(script, thing, spot, due.fromS)).toBe(true);
    expect(isCovered(script, thing, spot, due.freeS - 0.02)).toBe(true);
    for (let atS = due.freeS + 0.001; atS < goneS; atS += 0.01) {
      expect(isCovered(script, thing, spot, atS)).toBe(false);
    }
    const lies = script.stage().things[0]?.stretches.at(-1);
    expect(lies).toMatchObject({ kind: 'lies', toS: Infinity });
    expect(lies?.fromS).toBeLessThanOrEqual(due.freeS);
  },
);

test.each(seeds)('an arm comes in across the border all the time (%d)', (seed) => {
  const script = scriptOf(seed);
  lay(script, 1, thingOf('tin'), spot);
  const [life] = script.stage().arms;
  if (life === undefined) throw new Error('There is no arm.');
  const start = momentOf(life.track, life.fromS);
  expect(start.y).toBeGreaterThan(180);
  // It reaches out along itself.
  const held = life.track[1]!;
  expect(Math.atan2(start.x - held.x, held.y - start.y)).toBeCloseTo(
    start.angle > Math.PI ? start.angle - 2 * Math.PI : start.angle,
  );
  for (let atS = life.fromS; atS < life.toS; atS += 0.05) {
    const place = momentOf(life.track, atS);
    const elbow = {
      x: place.x + 400 * Math.sin(place.angle),
      y: place.y - 400 * Math.cos(place.angle),
    };
    const isInside = elbow.x > 0 && elbow.y > 0 && elbow.x < 320 && elbow.y < 180;
    expect(isInside).toBe(false);
  }
});

test('a bag is free when it has sagged', () => {
  const script = scriptOf(1);
  lay(script, 1, thingOf('bag'), spot, { holdS: 0.1, pushPx: 0, sagS: 3 });
  const [due] = script.due;
  if (due?.kind !== 'placed') throw new Error('Nothing is due.');
  expect(due.freeS - due.fromS).toBeCloseTo(3.1);
});

test.each(seeds)('a removal is due when neither hand nor thing covers its place (%d)', (seed) => {
  const script = scriptOf(seed);
  const thing = thingOf('tin');
  const goneS = lay(script, 1, thing, spot);
  take(script, goneS + 1, script.lying[0]!);
  expect(script.lying).toEqual([]);
  const due = script.due.at(-1);
  expect(due).toMatchObject({ kind: 'removed', thing: 'tin' });
  const moves = script.stage().things[0]?.stretches.at(-1);
  if (due === undefined || moves === undefined) throw new Error('Nothing is due.');
  expect(due.freeS).toBeGreaterThan(moves.fromS);
  const points = pointsOf(thing, spot);
  expect(covers(thing.sprites[0]!, momentOf(moves.track, due.freeS + 0.01), points)).toBe(false);
  expect(isCovered(script, thing, spot, due.freeS + 0.01)).toBe(false);
});

test.each(seeds)(
  'what is thrown in is due when it has all but rolled to its place (%d)',
  (seed) => {
    const script = scriptOf(seed);
    const thing = thingOf('tin');
    drop(script, 1, thing, spot);
    const [due] = script.due;
    const [rolls] = script.stage().things[0]?.stretches ?? [];
    if (due?.kind !== 'placed' || rolls === undefined) throw new Error('Nothing is due.');
    const leftPx = (atS: number): number => distance(momentOf(rolls.track, atS), spot);
    expect(leftPx(due.fromS)).toBeLessThan(3.01);
    expect(leftPx(due.freeS)).toBe(0);
    expect(momentOf(rolls.track, due.fromS).lift).toBe(0);
    // And not only when it lies still.
    expect(leftPx(due.fromS)).toBeGreaterThan(2.9);
  },
);

test('nothing is due of a hand that rests, and of a thing that is held and taken away', () => {
  const script = scriptOf(1);
  visit(script, 1, spot, 4);
  visit(script, 9, spot, 4, { thing: thingOf('tin') });
  expect(script.due).toEqual([]);
  expect(script.lying).toEqual([]);
});

test('nothing is due of a thing that is pushed, and it is taken where it lies then', () => {
  const script = scriptOf(2);
  const thing = thingOf('tin');
  const goneS = lay(script, 1, thing, spot);
  const pushedS = push(script, goneS + 1, script.lying[0]!);
  if (pushedS === null) throw new Error('There was room.');
  expect(script.due).toHaveLength(1);
  const there = script.lying[0]!.spot;
  expect(there).not.toEqual(spot);
  take(script, pushedS + 1, script.lying[0]!);
  expect(script.due.at(-1)).toMatchObject({ kind: 'removed', box: boxOf(thing, there) });
});

test('two are laid at one moment, as far apart as asked, and neither is free under the other’s hand', () => {
  const script = scriptOf(3);
  const [a, b] = [thingOf('tin'), thingOf('box')];
  const spots = pairOfSpots(script, a, b, 12);
  if (spots === null) throw new Error('There was room.');
  const [boxA, boxB] = [boxOf(a, spots[0]), boxOf(b, spots[1])];
  // Who stands below has the right one on the picture's right.
  expect(boxB.left - boxA.right).toBe(12);
  layTwo(script, 1, [
    { thing: a, spot: spots[0], from: Math.PI - 0.4 },
    { thing: b, spot: spots[1], from: Math.PI + 0.4 },
  ]);
  const [first, second] = script.due;
  if (first?.kind !== 'placed' || second?.kind !== 'placed') throw new Error('Both are due.');
  expect(first.fromS).toBeCloseTo(second.fromS);
  for (const [thing, at] of [
    [a, spots[0]],
    [b, spots[1]],
  ] as const) {
    const due = script.due.find((one) => one.thing === thing.name)!;
    expect(isCovered(script, thing, at, due.freeS + 0.01)).toBe(false);
  }
});

test('what is laid at one moment is not free under the arm of the other hand', () => {
  const script = scriptOf(3);
  const [a, b] = [thingOf('tin'), thingOf('box')];
  const there = { x: 190, y: 70, angle: 0 };
  layTwo(script, 1, [
    { thing: a, spot: there, from: Math.PI },
    { thing: b, spot: { x: 130, y: 70, angle: 0 }, from: Math.PI / 2 },
  ]);
  const { freeS } = script.due.find((due) => due.thing === a.name)!;
  expect(isCovered(script, a, there, freeS - 0.02)).toBe(true);
  expect(isCovered(script, a, there, freeS + 0.01)).toBe(false);
});

test('places are free of what lies there', () => {
  const script = scriptOf(4);
  let count = 0;
  for (let index = 0; index < 12; index += 1) {
    const thing = thingOf(`tin ${index}`);
    const free = script.freeSpot(thing);
    if (free === null) continue;
    const box = boxOf(thing, free);
    for (const other of script.lying) {
      const there = boxOf(other.thing, other.spot);
      const apart =
        box.left >= there.right ||
        box.right <= there.left ||
        box.top >= there.bottom ||
        box.bottom <= there.top;
      expect(apart).toBe(true);
    }
    script.addLying(thing, free, 0);
    count += 1;
  }
  expect(count).toBeGreaterThan(3);
});
