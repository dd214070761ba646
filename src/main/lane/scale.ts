import type { Scale } from './lane.ts';

/**
 * What each placement weighs, from a scale that shows only the sum: the difference that one
 * placement makes. Where two come in at once nobody can tell whose grams are whose, and null is
 * the honest answer for both.
 */
export function createSumScale(totalGrams: () => number): Scale {
  const waiting = new Set<string>();
  let knownGrams = 0;
  let mixed = false;

  const leave = (placementId: string): void => {
    waiting.delete(placementId);
    if (waiting.size > 0) return;
    knownGrams = totalGrams();
    mixed = false;
  };

  return {
    placed: (placementId) => {
      waiting.add(placementId);
      if (waiting.size > 1) mixed = true;
    },
    weigh: (placementId) => {
      const grams = Math.round(totalGrams() - knownGrams);
      const readable = waiting.has(placementId) && !mixed && grams > 0;
      leave(placementId);
      return readable ? grams : null;
    },
    left: leave,
  };
}
