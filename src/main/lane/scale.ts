import type { Scale } from './lane-parts.ts';

/** A scale that shows only the sum of what lies on it. */
export interface SumScale extends Scale {
  /** To be told whenever it comes to rest at another sum, in grams. */
  readonly shows: (totalGrams: number) => void;
}

/**
 * What each placement weighs, by the step that it makes in the sum; a step down is something taken
 * away and belongs to nobody. Where placements and steps do not pair off, nobody can tell whose
 * grams are whose, and no reading is the honest answer for each of them.
 */
export function createSumScale(): SumScale {
  /** Grams of each placement that is not weighed yet; null where its step has not come. */
  const waiting = new Map<string, number | null>();
  let unclaimed: readonly number[] = [];
  let last = 0;

  const mixUp = (): void => {
    for (const placementId of waiting.keys()) waiting.set(placementId, Number.NaN);
    unclaimed = [];
  };

  const stepless = (): readonly string[] =>
    [...waiting].filter(([, grams]) => grams === null).map(([placementId]) => placementId);

  return {
    shows: (totalGrams) => {
      const step = totalGrams - last;
      last = totalGrams;
      if (step <= 0) return;
      const [only, ...others] = stepless();
      if (only === undefined) unclaimed = [...unclaimed, step];
      else if (others.length > 0) mixUp();
      else waiting.set(only, step);
    },
    placed: (placementId) => {
      const [only, ...others] = unclaimed;
      unclaimed = [];
      waiting.set(placementId, only ?? null);
      if (others.length > 0) mixUp();
    },
    weigh: (placementId) => {
      const grams = waiting.get(placementId) ?? null;
      // One step for two things: the one that has it does not weigh it alone.
      if (grams !== null && stepless().length > 0) mixUp();
      const readable = waiting.get(placementId);
      waiting.delete(placementId);
      if (readable === undefined || readable === null || Number.isNaN(readable)) return null;
      return Math.round(readable);
    },
    left: (placementId) => {
      waiting.delete(placementId);
    },
  };
}
