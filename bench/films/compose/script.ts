import type { Box, Due } from '../film.ts';
import { areNear, boxOf, covers, pointsOf } from './lying.ts';
import type { LyingThing, Spot } from './lying.ts';
import { between, pick } from './random.ts';
import type { Random } from './random.ts';
import type { Sprite } from './sprite.ts';
import type { ArmLife, Stage, Stretch, Thing } from './stage.ts';
import { momentOf } from './track.ts';
import type { Key } from './track.ts';

export interface ScriptOptions {
  readonly hands: readonly Sprite[];
  readonly width: number;
  readonly height: number;
  /** Where the one who buys stands, from the tray's middle: radians, 0 is up, clockwise. */
  readonly home: number;
}

/**
 * What happens in a film, put together act by act (`acts/`), and what a person who sees it would note.
 */
export class Script {
  readonly random: Random;
  readonly width: number;
  readonly height: number;
  readonly home: number;
  /** Pixels of the film to one of a film of 320. */
  readonly scale: number;
  readonly #hands: readonly Sprite[];
  readonly #lives = new Map<Thing, Stretch[]>();
  readonly #arms: ArmLife[] = [];
  readonly #due: Due[] = [];
  readonly #lying: LyingThing[] = [];
  readonly #reserved: Box[] = [];

  constructor(random: Random, { hands, width, height, home }: ScriptOptions) {
    this.random = random;
    this.width = width;
    this.height = height;
    this.home = home;
    this.scale = width / 320;
    this.#hands = hands;
  }

  /** What lies there after all acts so far, in the order in which it came. */
  get lying(): readonly LyingThing[] {
    return this.#lying;
  }

  get due(): readonly Due[] {
    return this.#due.toSorted((a, b) => a.freeS - b.freeS);
  }

  stage(): Stage {
    return {
      things: [...this.#lives].map(([thing, stretches]) => ({ thing, stretches })),
      arms: this.#arms,
    };
  }

  /** Any hand. */
  hand(): Sprite {
    return pick(this.random, this.#hands);
  }

  /** From where an arm comes: from the one who buys, more or less straight. */
  direction(): number {
    return this.home + between(this.random, -0.45, 0.45);
  }

  /** Pixels a second. */
  reachSpeed(): number {
    return between(this.random, 330, 620) * this.scale;
  }

  /** A free place for the thing, or null where there is none. */
  freeSpot(thing: Thing, gapPx = 10): Spot | null {
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const spot: Spot = {
        x: between(this.random, 0, this.width),
        y: between(this.random, 0, this.height),
        angle: between(this.random, -0.45, 0.45),
      };
      if (this.isFree(boxOf(thing, spot), gapPx)) return spot;
    }
    return null;
  }

  /** Whether a box is well inside the picture and nothing lies there. */
  isFree(box: Box, gapPx: number): boolean {
    const border = 11 * this.scale;
    return (
      box.left >= border &&
      box.top >= border &&
      box.right <= this.width - border &&
      box.bottom <= this.height - border &&
      this.isClear(box, gapPx)
    );
  }

  /** Whether nothing lies there. */
  isClear(box: Box, gapPx: number): boolean {
    const gap = gapPx * this.scale;
    return (
      !this.#reserved.some((other) => areNear(box, other, gap)) &&
      !this.#lying.some((other) => areNear(box, boxOf(other.thing, other.spot), gap))
    );
  }

  /** Nothing is laid there by chance. */
  reserve(box: Box): void {
    this.#reserved.push(box);
  }

  addArm(arm: ArmLife): void {
    this.#arms.push(arm);
  }

  addStretch(thing: Thing, ...stretches: readonly Stretch[]): void {
    const life = this.#lives.get(thing);
    if (life === undefined) this.#lives.set(thing, [...stretches]);
    else life.push(...stretches);
  }

  /** From now on it lies there, until it is taken. */
  addLying(thing: Thing, spot: Spot, fromS: number): void {
    const track: Key[] = [{ atS: fromS, ...spot, lift: 0 }];
    this.addStretch(thing, { fromS, toS: Infinity, kind: 'lies', track });
    this.#lying.push({ thing, spot });
  }

  /** It lies no more. */
  endLying(lying: LyingThing, atS: number): void {
    const stretches = this.#lives.get(lying.thing);
    const last = stretches?.pop();
    if (stretches === undefined || last?.kind !== 'lies') {
      throw new Error(`${lying.thing.name} does not lie.`);
    }
    stretches.push({ ...last, toS: atS });
    this.#lying.splice(this.#lying.indexOf(lying), 1);
  }

  duePlaced(thing: Thing, spot: Spot, fromS: number, freeS: number): void {
    this.#due.push({ kind: 'placed', thing: thing.name, fromS, freeS, box: boxOf(thing, spot) });
  }

  dueRemoved({ thing, spot }: LyingThing, freeS: number): void {
    this.#due.push({ kind: 'removed', thing: thing.name, freeS, box: boxOf(thing, spot) });
  }

  /** A placement is free later, as something else covers it. */
  delayFree(thing: Thing, freeS: number): void {
    const index = this.#due.findIndex((due) => due.kind === 'placed' && due.thing === thing.name);
    const due = this.#due[index];
    if (due !== undefined) this.#due[index] = { ...due, freeS: Math.max(due.freeS, freeS) };
  }

  /** From the finger tips to the thing's middle: they hold it by its nearer part. */
  gripOf(thing: Thing, from: number): { readonly x: number; readonly y: number } {
    const sprite = thing.sprites[0]!;
    const reach = between(this.random, 0.08, 0.3) * Math.min(sprite.width, sprite.height);
    return { x: -Math.sin(from) * reach, y: Math.cos(from) * reach };
  }

  /** Where a hand, with what it holds, is just out of the picture on the way that its arm shows. */
  outside(at: Spot, from: number, hand: Sprite, thing: Thing | null): Spot {
    const held = thing === null ? 0 : Math.hypot(thing.sprites[0]!.width, thing.sprites[0]!.height);
    const room = 16 * this.scale + Math.max(hand.height - hand.originY, held);
    const [dx, dy] = [Math.sin(from), -Math.cos(from)];
    const toX = dx > 0 ? (this.width + room - at.x) / dx : (-room - at.x) / dx;
    const toY = dy > 0 ? (this.height + room - at.y) / dy : (-room - at.y) / dy;
    const far = Math.min(
      Math.abs(dx) < 1e-6 ? Infinity : toX,
      Math.abs(dy) < 1e-6 ? Infinity : toY,
    );
    return { x: at.x + dx * far, y: at.y + dy * far, angle: at.angle };
  }

  /** From when on nothing covers that place, until `toS`; at the earliest `fromS`. */
  uncoveredS(thing: Thing, spot: Spot, fromS: number, toS: number): number {
    const points = pointsOf(thing, spot);
    const stepS = 1 / 120;
    for (let atS = toS; atS > fromS; atS -= stepS) {
      if (this.#isCovered(thing, points, atS)) return atS + stepS;
    }
    return fromS;
  }

  #isCovered(thing: Thing, points: readonly Spot[], atS: number): boolean {
    const byArm = this.#arms.some(
      (arm) =>
        arm.fromS <= atS && atS < arm.toS && covers(arm.sprite, momentOf(arm.track, atS), points),
    );
    if (byArm) return true;
    // What lies at its place does not cover it.
    if (this.#lying.some((lying) => lying.thing === thing)) return false;
    const moves = this.#lives
      .get(thing)
      ?.findLast(({ fromS, toS, kind }) => kind === 'moves' && fromS <= atS && atS < toS);
    return moves !== undefined && covers(thing.sprites[0]!, momentOf(moves.track, atS), points);
  }
}

export function distance(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
