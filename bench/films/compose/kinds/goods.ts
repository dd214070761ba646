import { drop } from '../acts/drop.ts';
import { lay, layTwo, pairOfSpots } from '../acts/lay.ts';
import { push } from '../acts/push.ts';
import { take } from '../acts/take.ts';
import { boxOf } from '../lying.ts';
import type { LyingThing, Spot } from '../lying.ts';
import { between, pick } from '../random.ts';
import type { Thing } from '../stage.ts';
import { followingExposure } from './cameras.ts';
import { anyGround } from './kind.ts';
import type { Kind, PlayContext } from './kind.ts';
import { anyThing, layOne, pauseOf, sale, startOf, takeOne, thingWithRoom } from './sale.ts';

const exchanged = [
  ['orange', 'green apple'],
  ['green apple', 'orange'],
  ['orange', 'apple'],
  ['red apple', 'green apple'],
  ['apple', 'green apple'],
  ['banana', 'orange'],
] as const;

/** What is laid down, and how. */
export const goodsKinds = {
  /** A thing is taken, and within half a second another lies near its place. */
  swap: {
    rates: [30, 29.97, 25, 15, 10],
    grounds: anyGround,
    async play({ random, script, props }) {
      let atS = startOf(random);
      for (let round = 0; round < 3; round += 1) {
        const [was, comes] = pick(random, exchanged);
        const first = await props.fruit(was);
        const second = await props.fruit(comes);
        const spot = script.freeSpot(first, 26);
        if (spot === null) break;
        const goneS = lay(script, atS, first, spot);
        const from = script.direction();
        const lying = script.lying.at(-1)!;
        const awayS = take(script, goneS + between(random, 0.8, 1.4), lying, { from });
        const there = beside(random, spot, between(random, 0, 14) * script.scale);
        // The other hand comes while the first still goes.
        const turn = (random() < 0.5 ? 1 : -1) * between(random, 0.35, 0.8);
        atS = lay(script, awayS - between(random, 0.3, 0.55), second, there, { from: from + turn });
        atS += pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  /** Two things laid at one moment, 3 to 8 pixels of a thumb apart. */
  'side-by-side': {
    rates: [30, 25, 15, 10],
    grounds: anyGround,
    async play(context) {
      const { random, script, props } = context;
      let atS = startOf(random);
      for (let round = 0; round < 4; round += 1) {
        // Two need much room.
        while (script.lying.length > 2) atS = takeOne(context, atS);
        const a = await props.make(anyThing);
        const b = await props.make(['fruit', 'jar']);
        const spots = pairOfSpots(script, a, b, 2 * between(random, 3, 8));
        if (spots === null) continue;
        // The left hand has the left thing.
        const aside = between(random, 0.35, 0.6);
        atS = layTwo(script, atS, [
          { thing: a, spot: spots[0], from: script.home + aside },
          { thing: b, spot: spots[1], from: script.home - aside },
        ]);
        atS += pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  'bag-sags': {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      let atS = startOf(random);
      for (const act of ['bag', 'other', 'bag', 'other', 'take', 'bag', 'other'] as const) {
        if (act === 'other') atS = await layOne(context, atS);
        if (act === 'take') atS = takeOne(context, atS);
        if (act !== 'bag') continue;
        const found = await thingWithRoom(context, ['bag']);
        if (found === null) continue;
        const sagS = between(random, 1, 3);
        const goneS = lay(script, atS, found.thing, found.spot, { sagS });
        const { freeS = goneS } = script.due.find(({ thing }) => thing === found.thing.name) ?? {};
        atS = Math.max(goneS, freeS) + pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  dropped: {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      let atS = startOf(random);
      for (let round = 0; round < 7; round += 1) {
        if (round === 4) atS = takeOne(context, atS);
        const found = await thingWithRoom(context, anyThing, 16);
        if (found === null) continue;
        atS = drop(script, atS, found.thing, found.spot) + pauseOf(random);
      }
      return atS + 0.8;
    },
  },

  /** Things are pushed along, turned, or roll; nothing new is there after it. */
  pushed: {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script } = context;
      let atS = startOf(random);
      for (let round = 0; round < 5; round += 1) {
        atS = await layOne(context, atS);
        if (round === 0 || round === 3) continue;
        const pushedS = push(script, atS, pick(random, script.lying));
        if (pushedS !== null) atS = pushedS + pauseOf(random);
      }
      return takeOne(context, atS) + 0.8;
    },
  },

  /** Things on things; what lies on top is taken first. */
  stacked: {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script, props } = context;
      let atS = startOf(random);
      const tops: Thing[] = [];
      for (let round = 0; round < 2; round += 1) {
        const base = await thingWithRoom(context, ['carton', 'bag', 'carton'], 18);
        if (base === null) break;
        atS = lay(script, atS, base.thing, base.spot) + pauseOf(random);
        const top = await props.make(['fruit', 'fruit', 'jar']);
        const there = onTopOf(context, top, base);
        atS = lay(script, atS, top, there, { pushPx: 0 }) + pauseOf(random);
        tops.push(top);
      }
      atS = await layOne(context, atS);
      const top = script.lying.find(({ thing }) => thing === tops[0]);
      if (top !== undefined) atS = take(script, atS, top) + pauseOf(random);
      const base = script.lying[0];
      if (base !== undefined) atS = take(script, atS, base) + pauseOf(random);
      return atS + 0.8;
    },
  },

  'clear-bottles': {
    rates: [30, 24, 15],
    grounds: ['table', 'white-table'],
    play: (context) => sale(context, { things: ['bottle'] }),
    camera: ({ random, groundLevel }) => ({
      autoExposure: random() < 0.6 ? followingExposure(random, groundLevel) : null,
    }),
  },

  'pale-on-pale': {
    rates: [30, 15],
    grounds: ['white-table', 'table'],
    play: (context) => sale(context, { things: ['pale'] }),
  },

  /** Some lie across the picture's border; those are not judged, and must not disturb the others. */
  border: {
    rates: [30, 15],
    grounds: anyGround,
    async play(context) {
      const { random, script, props } = context;
      let atS = startOf(random);
      for (let round = 0; round < 6; round += 1) {
        const thing = await props.make(anyThing);
        const spot = round % 2 === 0 ? script.freeSpot(thing) : acrossBorder(context, thing);
        if (spot === null) continue;
        // From the other side, so that the arm does not lie on the same border.
        atS = lay(script, atS, thing, spot) + pauseOf(random) + (round % 2 === 0 ? 0 : 1.5);
      }
      return atS + 0.8;
    },
  },
} satisfies Record<string, Kind>;

function beside(random: () => number, spot: Spot, away: number): Spot {
  const towards = random() * 2 * Math.PI;
  return {
    x: spot.x + away * Math.cos(towards),
    y: spot.y + away * Math.sin(towards),
    angle: between(random, -0.45, 0.45),
  };
}

function onTopOf({ random }: PlayContext, top: Thing, base: LyingThing): Spot {
  const box = boxOf(base.thing, base.spot);
  const own = boxOf(top, { x: 0, y: 0, angle: 0 });
  const roomX = Math.max(0, (box.right - box.left - (own.right - own.left)) / 2);
  const roomY = Math.max(0, (box.bottom - box.top - (own.bottom - own.top)) / 2);
  return {
    x: (box.left + box.right) / 2 + between(random, -0.9, 0.9) * roomX,
    y: (box.top + box.bottom) / 2 + between(random, -0.9, 0.9) * roomY,
    angle: between(random, -0.45, 0.45),
  };
}

/** A free place across the border, with more than half of it in the picture. */
function acrossBorder({ random, script }: PlayContext, thing: Thing): Spot | null {
  const { width, height } = script;
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const along = between(random, 0.15, 0.85);
    const inPx = between(random, 0, 10) * script.scale;
    const angle = between(random, -0.45, 0.45);
    const spot = pick(random, [
      { x: along * width, y: inPx, angle },
      { x: along * width, y: height - inPx, angle },
      { x: inPx, y: along * height, angle },
      { x: width - inPx, y: along * height, angle },
    ]);
    if (script.isClear(boxOf(thing, spot), 10)) return spot;
  }
  return null;
}
