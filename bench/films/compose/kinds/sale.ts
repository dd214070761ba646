import { lay } from '../acts/lay.ts';
import type { LayOptions } from '../acts/lay.ts';
import { take } from '../acts/take.ts';
import { pass } from '../acts/visit.ts';
import type { LyingThing } from '../lying.ts';
import type { PropKind } from '../props.ts';
import { between, pick } from '../random.ts';
import type { Random } from '../random.ts';
import type { PlayContext } from './kind.ts';

export const anyThing: readonly PropKind[] = ['fruit', 'fruit', 'fruit', 'carton', 'jar'];

export interface SaleOptions {
  readonly lays?: number;
  readonly takes?: number;
  readonly passes?: number;
  readonly things?: readonly PropKind[];
}

/** An ordinary sale: things are laid down, some are taken away, and hands pass over them. */
export async function sale(context: PlayContext, options: SaleOptions = {}): Promise<number> {
  const { random, script } = context;
  const { lays = 6, takes = 1, passes = 1, things = anyThing } = options;
  let atS = startOf(random);
  const steps: ('lay' | 'take' | 'pass')[] = Array.from({ length: lays }, () => 'lay');
  // What is taken has to lie there, and so none of them is the first.
  for (const [step, count] of [
    ['take', takes],
    ['pass', passes],
  ] as const) {
    for (let index = 0; index < count; index += 1) {
      steps.splice(1 + Math.floor(random() * steps.length), 0, step);
    }
  }
  for (const step of steps) {
    if (step === 'lay') atS = await layOne(context, atS, { things });
    else if (step === 'take') atS = takeOne(context, atS);
    else atS = pass(script, atS) + pauseOf(random);
  }
  return atS + 0.8;
}

/** A thing laid where there is room, and a pause; the time after it. Without room it does nothing. */
export async function layOne(
  context: PlayContext,
  atS: number,
  options: LayOptions & { readonly things?: readonly PropKind[] } = {},
): Promise<number> {
  const { random, script } = context;
  const { things = anyThing, ...lays } = options;
  const found = await thingWithRoom(context, things);
  if (found === null) return atS;
  return lay(script, atS, found.thing, found.spot, lays) + pauseOf(random);
}

/** A thing for which there is a free place; null where there is for none. */
export async function thingWithRoom(
  { props, script }: PlayContext,
  things: readonly PropKind[],
  gapPx?: number,
): Promise<LyingThing | null> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const thing = await props.make(things);
    const spot = script.freeSpot(thing, gapPx);
    if (spot !== null) return { thing, spot };
  }
  return null;
}

/** One of the things that lie there is taken, and a pause; the time after it. */
export function takeOne({ random, script }: PlayContext, atS: number): number {
  if (script.lying.length === 0) return atS;
  return take(script, atS, pick(random, script.lying)) + pauseOf(random);
}

/** The bare tray is to be seen for a moment. */
export function startOf(random: Random): number {
  return between(random, 0.9, 1.5);
}

/** Between two acts, so that each can be judged by itself. */
export function pauseOf(random: Random): number {
  return between(random, 0.75, 1.5);
}
