import type { CartView, LineView } from '../../shared/snapshot.ts';

/** The cart keeps the order in which things came; the window shows the newest where the eye is. */
export function newestFirst(
  lines: readonly LineView[],
  latestLineId: string | null,
): readonly LineView[] {
  const latest = lines.filter((line) => line.lineId === latestLineId);
  const others = lines.filter((line) => line.lineId !== latestLineId);
  return [...latest, ...others.toReversed()];
}

const shape = (cart: CartView): string =>
  JSON.stringify(cart.lines.map((line) => [line.lineId, line.quantity, line.removed]));

/**
 * The line whose removal was the last thing done to the cart, so that Undo beside it does what it
 * says; null when something else came after.
 */
export function undoableRemoval(
  known: string | null,
  before: CartView,
  after: CartView,
): string | null {
  if (!after.canUndo) return null;
  const removedBefore = new Set(before.lines.filter((l) => l.removed).map((l) => l.lineId));
  const fresh = after.lines.filter((line) => line.removed && !removedBefore.has(line.lineId));
  if (fresh.length === 1) return fresh[0]?.lineId ?? null;
  return shape(before) === shape(after) ? known : null;
}

/** Counts up whenever the given line is new or grew, to let its tint shine again. */
export function countArrival(
  known: { readonly lineId: string | null; readonly count: number },
  latestLineId: string | null,
  before: CartView,
  after: CartView,
): { readonly lineId: string | null; readonly count: number } {
  if (latestLineId === null) return known.lineId === null ? known : { ...known, lineId: null };
  const quantityIn = (cart: CartView) =>
    cart.lines.find((line) => line.lineId === latestLineId)?.quantity ?? 0;
  const grew = quantityIn(after) > quantityIn(before);
  if (latestLineId === known.lineId && !grew) return known;
  return { lineId: latestLineId, count: known.count + 1 };
}
