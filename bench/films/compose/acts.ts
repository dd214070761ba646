import type { Box, Due } from '../film.ts';
import type { Random } from './random.ts';
import { between } from './random.ts';
import type { Sprite } from './sprite.ts';
import { opacityAt } from './sprite.ts';
import type { ArmLife, Stage, Stretch, Thing, ThingLife } from './stage.ts';
import type { Key, Moment } from './track.ts';
import { momentOf } from './track.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

export interface LyingThing {
  readonly thing: Thing;
  readonly spot: Spot;
}

/** How a thing is laid down; what is not said is drawn. */
export interface LayOptions {
  /** From where the arm comes, radians; 0 is the picture's upper border. */
  readonly from?: number;
  /** How long it is held still at its place before the fingers open. */
  readonly holdS?: number;
  /** How far it is pushed over the ground to its place. */
  readonly pushPx?: number;
  /** A bag sags for so long after it was let go. */
  readonly sagS?: number;
  readonly hand?: Sprite;
  /** Held still over the tray for so long, before it is laid down. */
  readonly hoverS?: number;
  /** When it touches the ground, instead of when the arm sets out. */
  readonly landS?: number;
}

/** Puts what people do on a stage, one act after another, and notes what a person would see. */
export class Acts {
  readonly #random: Random;
  readonly #hands: readonly Sprite[];
  readonly #width: number;
  readonly #height: number;
  readonly #homes: readonly number[];
  readonly #lives = new Map<Thing, Stretch[]>();
  readonly #arms: ArmLife[] = [];
  readonly #due: Due[] = [];
  readonly #lying: LyingThing[] = [];
  /** Pixels of the film to one of a film of 320. */
  readonly scale: number;

  constructor(
    random: Random,
    options: {
      readonly hands: readonly Sprite[];
      readonly width: number;
      readonly height: number;
      /** Where people stand: directions from the tray's middle, radians. */
      readonly homes: readonly number[];
    },
  ) {
    this.#random = random;
    this.#hands = options.hands;
    this.#width = options.width;
    this.#height = options.height;
    this.#homes = options.homes;
    this.scale = options.width / 320;
  }

  get lying(): readonly LyingThing[] {
    return this.#lying;
  }

  get due(): readonly Due[] {
    return this.#due.toSorted((a, b) => a.freeS - b.freeS);
  }

  stage(): Stage {
    const things: ThingLife[] = [...this.#lives].map(([thing, stretches]) => ({
      thing,
      stretches,
    }));
    return { things, arms: this.#arms };
  }

  /** A free place for the thing, or null where there is none. */
  freeSpot(
    thing: Thing,
    options: { readonly gapPx?: number; readonly near?: Spot } = {},
  ): Spot | null {
    const gap = (options.gapPx ?? 10) * this.scale;
    const border = 11 * this.scale;
    for (let attempt = 0; attempt < 120; attempt += 1) {
      const spot: Spot = {
        x: between(this.#random, 0, this.#width),
        y: between(this.#random, 0, this.#height),
        angle: (this.#random() - 0.5) * 0.9,
      };
      const box = boxOf(thing, spot);
      if (box.left < border || box.top < border) continue;
      if (box.right > this.#width - border || box.bottom > this.#height - border) continue;
      if (this.#lying.some((other) => near(box, boxOf(other.thing, other.spot), gap))) continue;
      return spot;
    }
    return null;
  }

  /** Free places for two, that far apart, side by side as seen from where people stand. */
  pairOfSpots(a: Thing, b: Thing, gapPx: number): readonly [Spot, Spot] | null {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const first = this.freeSpot(a);
      if (first === null) return null;
      const home = this.#homes[0] ?? 0;
      // Clockwise from the home is on the left of one who looks at the tray from there, and the other way.
      const [dx, dy] = [Math.cos(home), Math.sin(home)];
      const turned = { ...first, angle: (this.#random() - 0.5) * 0.9 };
      const boxA = boxOf(a, first);
      const boxB = boxOf(b, { ...turned, x: 0, y: 0 });
      const sideways = Math.abs(dx) > Math.abs(dy);
      const gap = gapPx * this.scale;
      const second: Spot = sideways
        ? {
            ...turned,
            x: dx > 0 ? boxA.right + gap - boxB.left : boxA.left - gap - boxB.right,
            y: first.y,
          }
        : {
            ...turned,
            x: first.x,
            y: dy > 0 ? boxA.bottom + gap - boxB.top : boxA.top - gap - boxB.bottom,
          };
      const box = boxOf(b, second);
      const border = 11 * this.scale;
      if (box.left < border || box.top < border) continue;
      if (box.right > this.#width - border || box.bottom > this.#height - border) continue;
      if (this.#lying.some((other) => near(box, boxOf(other.thing, other.spot), 8 * this.scale)))
        continue;
      return [first, second];
    }
    return null;
  }

  /** Two hands lay down a thing each at the same moment; the time at which both are gone. */
  layTwo(
    atS: number,
    things: readonly [Thing, Thing],
    spots: readonly [Spot, Spot],
    from: readonly [number, number],
  ): number {
    const options = { pushPx: 0, landS: atS + 1.2, holdS: between(this.#random, 0.1, 0.4) };
    const firstS = this.lay(atS, things[0], spots[0], { ...options, from: from[0] });
    const dues = this.#due.length;
    const secondS = this.lay(atS, things[1], spots[1], { ...options, from: from[1] });
    // Each is free when no hand covers it, the other's neither.
    for (const index of [dues - 1, dues]) {
      const due = this.#due[index];
      const [thing, spot] = index === dues ? [things[1], spots[1]] : [things[0], spots[0]];
      if (due?.kind !== 'placed') continue;
      const freeS = this.#uncoveredS(thing, spot, due.fromS, Math.max(firstS, secondS));
      this.#due[index] = { ...due, freeS: Math.max(due.freeS, freeS) };
    }
    return Math.max(firstS, secondS);
  }

  /** It lies there from the start. */
  start(thing: Thing, spot: Spot): void {
    this.#stretches(thing).push({
      fromS: -1,
      toS: Infinity,
      kind: 'lies',
      track: [{ atS: 0, ...spot, lift: 0 }],
    });
    this.#lying.push({ thing, spot });
  }

  /** A hand brings it and goes; the time at which the hand is gone. */
  lay(atS: number, thing: Thing, spot: Spot, options: LayOptions = {}): number {
    const random = this.#random;
    const hand = options.hand ?? this.hand();
    const from = options.from ?? this.direction();
    const push = (options.pushPx ?? (random() < 0.5 ? 0 : between(random, 0.5, 5))) * this.scale;
    const pushTo = random() * 2 * Math.PI;
    const grip = this.#gripOf(thing, from);
    const held = (at: Spot): Spot => ({ x: at.x - grip.x, y: at.y - grip.y, angle: from });
    const first: Spot = {
      ...spot,
      x: spot.x - push * Math.cos(pushTo),
      y: spot.y - push * Math.sin(pushTo),
      angle: spot.angle + (push > 0 ? between(random, -0.06, 0.06) : 0),
    };
    const outside = this.#outside(held(first), from, hand, thing);
    const speed = between(random, 330, 620) * this.scale;
    const reachS = 0.18 + distance(outside, held(first)) / speed;
    const landS = options.landS ?? atS + reachS + (options.hoverS ?? 0);
    const startS = landS - reachS - (options.hoverS ?? 0);
    const fromS = landS + (push > 0 ? between(random, 0.08, 0.22) : 0);
    const letGoS = fromS + (options.holdS ?? between(random, 0.06, 0.35));
    const goneS =
      letGoS + 0.12 + distance(outside, held(spot)) / (speed * between(random, 0.9, 1.3));
    const bowPx = between(random, -14, 14) * this.scale;
    const approach = this.#approach(
      startS,
      landS,
      outside,
      held(first),
      bowPx,
      options.hoverS ?? 0,
    );
    this.#arms.push({
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
      angle: first.angle + (index === approach.length - 1 ? 0 : turn),
    }));
    const settleS = random() < 0.4 ? between(random, 0.05, 0.16) : 0;
    const rock = between(random, 0.01, 0.035) * (random() < 0.5 ? 1 : -1);
    const stillS = letGoS + settleS;
    const lies: Key = { atS: fromS, ...spot, lift: 0 };
    const sags =
      options.sagS === undefined ? {} : { sags: { fromS: letGoS, toS: letGoS + options.sagS } };
    this.#stretches(thing).push(
      {
        fromS: startS,
        toS: stillS,
        kind: 'moves',
        track: [
          ...carried,
          lies,
          ...(settleS > 0
            ? [
                { ...lies, atS: letGoS },
                { ...lies, atS: letGoS + settleS / 2, angle: spot.angle + rock },
                { ...lies, atS: stillS },
              ]
            : []),
        ],
        ...sags,
      },
      ...(options.sagS === undefined
        ? []
        : [
            {
              fromS: stillS,
              toS: letGoS + options.sagS,
              kind: 'moves' as const,
              track: [lies],
              ...sags,
            },
          ]),
      {
        fromS: Math.max(stillS, letGoS + (options.sagS ?? 0)),
        toS: Infinity,
        kind: 'lies',
        track: [lies],
      },
    );
    this.#lying.push({ thing, spot });
    const uncoveredS = this.#uncoveredS(thing, spot, letGoS, goneS);
    this.#due.push({
      kind: 'placed',
      thing: thing.name,
      fromS,
      freeS: Math.max(uncoveredS, stillS, letGoS + (options.sagS ?? 0)),
      box: boxOf(thing, spot),
    });
    return goneS;
  }

  /** A hand takes it away; the time at which the hand is gone. */
  take(atS: number, lying: LyingThing, options: LayOptions = {}): number {
    const random = this.#random;
    const { thing, spot } = lying;
    const hand = options.hand ?? this.hand();
    const from = options.from ?? this.direction();
    const grip = this.#gripOf(thing, from);
    const at: Spot = { x: spot.x - grip.x, y: spot.y - grip.y, angle: from };
    const outside = this.#outside(at, from, hand, thing);
    const speed = between(random, 330, 620) * this.scale;
    const touchS = atS + 0.15 + distance(outside, at) / speed;
    const liftS = touchS + (options.holdS ?? between(random, 0.06, 0.3));
    const goneS = liftS + 0.15 + distance(outside, at) / speed;
    const bowPx = between(random, -12, 12) * this.scale;
    this.#arms.push({
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
    this.#endLying(thing, liftS);
    this.#stretches(thing).push({
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
    this.#lying.splice(this.#lying.indexOf(lying), 1);
    this.#due.push({
      kind: 'removed',
      thing: thing.name,
      freeS: this.#uncoveredS(thing, spot, liftS, goneS),
      box: boxOf(thing, spot),
    });
    return goneS;
  }

  /** An arm comes in, stays for that long, and goes, with a thing in the hand or none. */
  visit(
    atS: number,
    to: Spot,
    restS: number,
    options: {
      readonly from?: number;
      readonly thing?: Thing;
      readonly lift?: number;
      readonly hand?: Sprite;
    } = {},
  ): number {
    const random = this.#random;
    const hand = options.hand ?? this.hand();
    const from = options.from ?? this.direction();
    const lift = options.lift ?? 0.3;
    const at: Spot = { ...to, angle: from };
    const outside = this.#outside(at, from, hand, options.thing ?? null);
    const speed = between(random, 330, 620) * this.scale;
    const thereS = atS + 0.15 + distance(outside, at) / speed;
    const leaveS = thereS + restS;
    const goneS = leaveS + 0.15 + distance(outside, at) / speed;
    const track: Key[] = [
      { atS, ...outside, lift: 1 },
      { atS: thereS, ...at, lift, bowPx: between(random, -12, 12) * this.scale },
      { atS: leaveS, ...at, lift },
      { atS: goneS, ...outside, lift: 1 },
    ];
    this.#arms.push({ sprite: hand, fromS: atS, toS: goneS, track });
    if (options.thing !== undefined) {
      const grip = this.#gripOf(options.thing, from);
      this.#stretches(options.thing).push({
        fromS: atS,
        toS: goneS,
        kind: 'moves',
        track: track.map((key) => ({ ...key, x: key.x + grip.x, y: key.y + grip.y, angle: 0 })),
      });
    }
    return goneS;
  }

  /** An arm passes over the tray without a stop: in, along, and out. */
  pass(atS: number): number {
    const random = this.#random;
    const from = this.direction();
    const hand = this.hand();
    const a: Spot = {
      x: between(random, 0.2, 0.8) * this.#width,
      y: between(random, 0.25, 0.75) * this.#height,
      angle: from,
    };
    const b: Spot = {
      x: a.x + between(random, -70, 70) * this.scale,
      y: a.y + between(random, -40, 40) * this.scale,
      angle: from + between(random, -0.15, 0.15),
    };
    const outside = this.#outside(a, from, hand, null);
    const outsideAfter = this.#outside(b, from, hand, null);
    const speed = between(random, 350, 700) * this.scale;
    const s1 = atS + 0.15 + distance(outside, a) / speed;
    const s2 = s1 + 0.1 + distance(a, b) / speed;
    const goneS = s2 + 0.15 + distance(outsideAfter, b) / speed;
    this.#arms.push({
      sprite: hand,
      fromS: atS,
      toS: goneS,
      track: [
        { atS, ...outside, lift: 1 },
        { atS: s1, ...a, lift: 0.8 },
        { atS: s2, ...b, lift: 0.8 },
        { atS: goneS, ...outsideAfter, lift: 1 },
      ],
    });
    return goneS;
  }

  /** A hand, each as likely. */
  hand(): Sprite {
    return this.#hands[Math.floor(this.#random() * this.#hands.length)]!;
  }

  /** From where an arm comes: from one who stands there, more or less straight. */
  direction(): number {
    const home = this.#homes[Math.floor(this.#random() * this.#homes.length)] ?? 0;
    return home + (this.#random() - 0.5) * 0.9;
  }

  #stretches(thing: Thing): Stretch[] {
    let stretches = this.#lives.get(thing);
    if (stretches === undefined) {
      stretches = [];
      this.#lives.set(thing, stretches);
    }
    return stretches;
  }

  #endLying(thing: Thing, atS: number): void {
    const stretches = this.#stretches(thing);
    const last = stretches.pop();
    if (last === undefined || last.kind !== 'lies') throw new Error(`${thing.name} does not lie.`);
    stretches.push({ ...last, toS: atS });
  }

  /** From the finger tips to the thing's middle: they hold it by its nearer part. */
  #gripOf(thing: Thing, from: number): { x: number; y: number } {
    const sprite = thing.sprites[0]!;
    const reach = 0.3 * Math.min(sprite.width, sprite.height);
    return { x: -Math.sin(from) * reach, y: Math.cos(from) * reach };
  }

  /** Where the hand, with what it holds, is just out of the picture on the way that its arm shows. */
  #outside(at: Spot, from: number, hand: Sprite, thing: Thing | null): Spot {
    const held = thing === null ? 0 : Math.max(thing.sprites[0]!.width, thing.sprites[0]!.height);
    const room = 14 * this.scale + Math.max(hand.height - hand.originY, held);
    const [dx, dy] = [Math.sin(from), -Math.cos(from)];
    const toX = dx > 0 ? (this.#width + room - at.x) / dx : dx < 0 ? (-room - at.x) / dx : Infinity;
    const toY =
      dy > 0 ? (this.#height + room - at.y) / dy : dy < 0 ? (-room - at.y) / dy : Infinity;
    const far = Math.min(toX, toY);
    return { x: at.x + dx * far, y: at.y + dy * far, angle: at.angle };
  }

  #approach(
    atS: number,
    landS: number,
    outside: Spot,
    to: Spot,
    bowPx: number,
    hoverS: number,
  ): Key[] {
    const start: Key = { atS, ...outside, lift: 1 };
    if (hoverS === 0) return [start, { atS: landS, ...to, lift: 0, bowPx }];
    const downS = Math.min(0.25, 0.3 * (landS - atS));
    const arriveS = landS - hoverS - downS;
    return [
      start,
      { atS: arriveS, ...to, lift: 0.7, bowPx },
      { atS: landS - downS, ...to, lift: 0.7 },
      { atS: landS, ...to, lift: 0 },
    ];
  }

  /** The moment from which on nothing covers that place until the last hand of now is gone. */
  #uncoveredS(thing: Thing, spot: Spot, fromS: number, toS: number): number {
    const points = pointsOf(thing, spot);
    const stepS = 1 / 120;
    for (let atS = toS; atS > fromS; atS -= stepS) {
      const isCovered = this.#arms.some(
        (arm) =>
          arm.fromS <= atS &&
          arm.toS >= atS &&
          covers(arm.sprite, momentOf(arm.track, atS), points),
      );
      if (isCovered || this.#carriedOver(thing, atS, points)) return atS + stepS;
    }
    return fromS;
  }

  #carriedOver(thing: Thing, atS: number, points: readonly Spot[]): boolean {
    const stretch = this.#stretches(thing).findLast(
      ({ fromS, toS, kind }) => kind === 'moves' && fromS <= atS && toS > atS,
    );
    if (stretch === undefined || this.#lying.some((lying) => lying.thing === thing)) return false;
    return covers(thing.sprites[0]!, momentOf(stretch.track, atS), points);
  }
}

function covers(sprite: Sprite, moment: Moment, points: readonly Spot[]): boolean {
  return points.some(({ x, y }) => opacityAt(sprite, moment, x, y) > 0.25);
}

/** Points all over the thing where it lies. */
function pointsOf(thing: Thing, spot: Spot): Spot[] {
  const sprite = thing.sprites.at(-1)!;
  const step = Math.max(2, Math.round(Math.min(sprite.width, sprite.height) / 14));
  const points: Spot[] = [];
  const [cos, sin] = [Math.cos(spot.angle), Math.sin(spot.angle)];
  for (let v = 0; v < sprite.height; v += step) {
    for (let u = 0; u < sprite.width; u += step) {
      if ((sprite.alpha[v * sprite.width + u] ?? 0) < 0.15) continue;
      const [du, dv] = [u + 0.5 - sprite.originX, v + 0.5 - sprite.originY];
      points.push({ x: spot.x + cos * du - sin * dv, y: spot.y + sin * du + cos * dv, angle: 0 });
    }
  }
  return points;
}

/** Around all of it that is to be seen where it lies, in whole pixels. */
export function boxOf(thing: Thing, spot: Spot): Box {
  const sprite = thing.sprites.at(-1)!;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const [cos, sin] = [Math.cos(spot.angle), Math.sin(spot.angle)];
  for (let v = 0; v < sprite.height; v += 1) {
    for (let u = 0; u < sprite.width; u += 1) {
      if ((sprite.alpha[v * sprite.width + u] ?? 0) < 0.3) continue;
      const [du, dv] = [u + 0.5 - sprite.originX, v + 0.5 - sprite.originY];
      const x = spot.x + cos * du - sin * dv;
      const y = spot.y + sin * du + cos * dv;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return {
    left: Math.floor(left),
    top: Math.floor(top),
    right: Math.ceil(right),
    bottom: Math.ceil(bottom),
  };
}

function near(a: Box, b: Box, gap: number): boolean {
  return (
    a.left < b.right + gap &&
    b.left < a.right + gap &&
    a.top < b.bottom + gap &&
    b.top < a.bottom + gap
  );
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
