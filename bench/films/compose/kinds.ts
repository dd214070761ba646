import type { DueNotice } from '../film.ts';
import type { Acts, LayOptions } from './acts.ts';
import type { CameraSettings } from './camera.ts';
import type { GroundKind } from './ground.ts';
import type { PropKind, Props } from './props.ts';
import { between, pick } from './random.ts';
import type { Random } from './random.ts';
import type { Thing } from './stage.ts';

export interface KindContext {
  readonly random: Random;
  readonly acts: Acts;
  readonly props: Props;
  readonly width: number;
  readonly height: number;
}

/** A kind of composed films: what happens in them, and what the camera and the light do. */
export interface Kind {
  /** Pictures a second; each film is played at one of them. */
  readonly rates: readonly number[];
  readonly grounds: readonly GroundKind[];
  /** Puts it all on the stage; the film's end in seconds. */
  play(context: KindContext): Promise<number>;
  camera?(
    random: Random,
    film: { width: number; height: number; durationS: number },
  ): Partial<CameraSettings>;
  readonly says?: readonly DueNotice[];
}

const anyGround: readonly GroundKind[] = ['table', 'white-table', 'tray', 'dark', 'wood'];
const anyThing: readonly PropKind[] = ['fruit', 'fruit', 'fruit', 'carton', 'jar'];

/** Lays things down, takes some away, and passes over them, as in an ordinary sale. */
async function sale(
  { random, acts, props }: KindContext,
  options: {
    readonly lays?: number;
    readonly takes?: number;
    readonly passes?: number;
    readonly things?: readonly PropKind[];
    readonly lay?: (thing: Thing) => LayOptions;
  } = {},
): Promise<number> {
  const { lays = 5, takes = 1, passes = 1, things = anyThing } = options;
  let atS = between(random, 0.9, 1.5);
  const steps: ('lay' | 'take' | 'pass')[] = [];
  for (let count = 0; count < lays; count += 1) steps.push('lay');
  // What is taken has to lie there, and so none of them is the first.
  const insert = (step: 'take' | 'pass'): void => {
    steps.splice(1 + Math.floor(random() * steps.length), 0, step);
  };
  for (let count = 0; count < takes; count += 1) insert('take');
  for (let count = 0; count < passes; count += 1) insert('pass');
  for (const step of steps) {
    if (step === 'lay') {
      const thing = await props.make(things);
      const spot = acts.freeSpot(thing);
      if (spot === null) continue;
      atS = acts.lay(atS, thing, spot, options.lay?.(thing));
    } else if (step === 'take') {
      if (acts.lying.length === 0) continue;
      atS = acts.take(atS, pick(random, acts.lying));
    } else {
      atS = acts.pass(atS);
    }
    atS += between(random, 0.75, 1.5);
  }
  return atS + 0.8;
}

const kinds = {
  plain: {
    rates: [30],
    grounds: anyGround,
    play: sale,
  },

  'flicker-50': {
    rates: [30, 29.97, 15, 20, 24],
    grounds: anyGround,
    play: sale,
    camera: (random) => ({
      flicker: {
        mainsHz: 50 + between(random, -0.04, 0.04),
        depth: between(random, 0.02, 0.12),
        wave: random() < 0.5 ? 'sine' : 'rectified',
        phase: random(),
        bands: 'rows',
      },
    }),
  },

  'flicker-60': {
    rates: [29.97, 25, 29.97, 20, 14.985],
    grounds: anyGround,
    play: sale,
    camera: (random) => ({
      flicker: {
        mainsHz: 60 + between(random, -0.03, 0.03),
        depth: between(random, 0.01, 0.12),
        wave: random() < 0.5 ? 'sine' : 'rectified',
        phase: random(),
        bands: 'rows',
      },
    }),
  },

  'hand-rests': {
    rates: [30],
    grounds: anyGround,
    async play(context) {
      const { random, acts, props, width, height } = context;
      let atS = between(random, 0.9, 1.4);
      for (let act = 0; act < 5; act += 1) {
        if (act % 2 === 0) {
          const thing = await props.make(anyThing);
          const spot = acts.freeSpot(thing);
          if (spot === null) continue;
          atS = acts.lay(atS, thing, spot) + between(random, 0.8, 1.3);
          continue;
        }
        const to = {
          x: between(random, 0.3, 0.7) * width,
          y: between(random, 0.35, 0.7) * height,
          angle: 0,
        };
        atS =
          acts.visit(atS, to, between(random, 2, 5), { lift: 0.05 }) + between(random, 0.9, 1.4);
      }
      return atS + 0.6;
    },
  },

  swap: {
    rates: [30, 29.97, 25, 15],
    grounds: anyGround,
    async play({ random, acts, props }) {
      let atS = between(random, 0.9, 1.4);
      const pairs = [
        ['orange', 'green apple'],
        ['green apple', 'orange'],
        ['red apple', 'green apple'],
        ['apple', 'orange'],
      ] as const;
      for (let round = 0; round < 3; round += 1) {
        const [was, comes] = pick(random, pairs);
        const first = await props.fruit(was);
        const second = await props.fruit(comes);
        const spot = acts.freeSpot(first, { gapPx: 26 });
        if (spot === null) break;
        const goneS = acts.lay(atS, first, spot);
        const lying = acts.lying.at(-1)!;
        const takeS = goneS + between(random, 0.8, 1.4);
        const away = acts.direction();
        const awayS = acts.take(takeS, lying, { from: away });
        // The other hand comes while the first still goes.
        const offset = between(random, 0, 12) * acts.scale;
        const turn = random() * 2 * Math.PI;
        const there = {
          x: spot.x + offset * Math.cos(turn),
          y: spot.y + offset * Math.sin(turn),
          angle: (random() - 0.5) * 0.9,
        };
        const from = away + (random() < 0.5 ? 1 : -1) * between(random, 0.4, 0.8);
        const overlapS = between(random, 0.25, 0.5);
        atS = acts.lay(awayS - overlapS, second, there, { from }) + between(random, 0.9, 1.4);
      }
      return atS + 0.6;
    },
  },

  'side-by-side': {
    rates: [30, 25, 15],
    grounds: anyGround,
    async play({ random, acts, props }) {
      let atS = between(random, 0.9, 1.4);
      for (let round = 0; round < 2; round += 1) {
        const a = await props.make(anyThing);
        const b = await props.make(anyThing);
        const pair = acts.pairOfSpots(a, b, between(random, 3, 8) * 2);
        if (pair === null) break;
        const home = acts.direction();
        // They part in the way of their hands: the left one's arm comes from further left.
        const aside = between(random, 0.35, 0.6);
        const goneS = acts.layTwo(atS, [a, b], pair, [home - aside, home + aside]);
        atS = goneS + between(random, 0.9, 1.5);
        if (random() < 0.6) {
          atS = acts.take(atS, pick(random, acts.lying)) + between(random, 0.9, 1.4);
        }
      }
      return atS + 0.6;
    },
  },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly KindName[];

export function kindOf(name: KindName): Kind {
  return kinds[name];
}
