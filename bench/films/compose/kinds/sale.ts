import { lay } from '../acts/lay.ts';
import type { LayOptions } from '../acts/lay.ts';
import { take } from '../acts/take.ts';
import { pass } from '../acts/visit.ts';
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
  readonly startS?: number;
  readonly lay?: () => LayOptions;
}

/** An ordinary sale: things are laid down, some are taken away, and hands pass over them. */
export async function sale(context: PlayContext, options: SaleOptions = {}): Promise<number> {
  const { random, script, props } = context;
  const { lays = 5, takes = 1, passes = 1, things = anyThing } = options;
  let atS = options.startS ?? startOf(random);
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
    if (step === 'lay') {
      const thing = await props.make(things);
      const spot = script.freeSpot(thing);
      if (spot === null) continue;
      atS = lay(script, atS, thing, spot, options.lay?.() ?? {});
    } else if (step === 'take') {
      if (script.lying.length === 0) continue;
      atS = take(script, atS, pick(random, script.lying));
    } else {
      atS = pass(script, atS);
    }
    atS += pauseOf(random);
  }
  return atS + 0.8;
}

/** The bare tray is to be seen for a moment. */
export function startOf(random: Random): number {
  return between(random, 0.9, 1.5);
}

/** Between two acts, so that each can be judged by itself. */
export function pauseOf(random: Random): number {
  return between(random, 0.75, 1.5);
}
