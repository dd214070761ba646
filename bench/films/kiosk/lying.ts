import type { Due } from '../film.ts';

/** The names of the things that lie there at a time: from the hand that still holds one until it is gone. */
export function thingsAt(due: readonly Due[], atS: number): readonly string[] {
  const beganAtS = (one: Due): number => (one.kind === 'placed' ? one.fromS : one.freeS);
  const lying: string[] = [];
  for (const one of due.toSorted((a, b) => beganAtS(a) - beganAtS(b))) {
    if (one.thing === null || beganAtS(one) > atS) continue;
    if (one.kind === 'placed') lying.push(one.thing);
    else if (lying.includes(one.thing)) lying.splice(lying.indexOf(one.thing), 1);
  }
  return lying;
}

/** What is in the first list and not in the second, each as often as it is there more often. */
export function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}
