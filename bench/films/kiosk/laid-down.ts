import type { Due } from '../film.ts';

/**
 * The names of the things that were laid down by a time, from the hand that still holds one on. All of
 * them are sold: what is taken from the tray goes into the shopper's bag.
 */
export function laidDownBy(due: readonly Due[], atS: number): readonly string[] {
  return due.flatMap((one) =>
    one.kind === 'placed' && one.thing !== null && one.fromS <= atS ? [one.thing] : [],
  );
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
