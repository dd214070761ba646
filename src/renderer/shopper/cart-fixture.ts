import type { CartView, LineView } from '../../shared/snapshot.ts';

/** For tests: a line of something at 40 cents a piece. */
export function testLine(lineId: string, change: Partial<LineView> = {}): LineView {
  return {
    lineId,
    productId: lineId,
    names: { en: `the ${lineId}`, de: `das ${lineId}` },
    price: { kind: 'piece', priceMinor: 40 },
    quantity: 1,
    weightGrams: null,
    depositMinor: 0,
    amountMinor: 40 * (change.quantity ?? 1),
    pictureUrl: null,
    photoUrl: null,
    removed: false,
    ...change,
  };
}

export function testCart(...lines: readonly LineView[]): CartView {
  const counted = lines.filter((line) => !line.removed);
  return {
    lines,
    itemCount: counted.length,
    totalMinor: counted.reduce((sum, line) => sum + line.amountMinor, 0),
    taxes: [],
    canUndo: true,
  };
}
