import type { Fact } from '../../src/main/checkout/facts.ts';
import type { JournalLine } from '../../src/simulators/terminal/terminal-journal.ts';
import type { TillLine } from './till-line.ts';

export interface Kept {
  /** Whether the ledger's chain is whole. */
  readonly isWhole: boolean;
  readonly facts: readonly Fact[];
  readonly journal: readonly JournalLine[];
}

/** Where ledger, terminal journal and window do not say the same; none where all is well. */
export function disagreements(
  { snapshot, lastNumber }: Extract<TillLine, { kind: 'shown' }>,
  { isWhole, facts, journal }: Kept,
): readonly string[] {
  const found: string[] = [];
  if (!isWhole) found.push('the ledger is not whole');

  const begun = new Map<string, number>();
  const saleByIntent = new Map<string, string>();
  const receipts = facts.flatMap((fact) => (fact.kind === 'sale-completed' ? [fact.receipt] : []));
  let saleId = '';
  for (const fact of facts) {
    if (fact.kind === 'sale-begun') ({ saleId } = fact);
    if (fact.kind !== 'payment-begun') continue;
    if (begun.has(fact.intentId)) found.push(`payment ${fact.intentId} begins twice`);
    begun.set(fact.intentId, fact.amountMinor);
    saleByIntent.set(fact.intentId, saleId);
  }

  const paid = new Map<string, number>();
  for (const line of journal) {
    if (line.kind !== 'ended' || line.outcome.kind !== 'approved') continue;
    const sale = saleByIntent.get(line.intentId);
    if (sale === undefined) {
      found.push(`the terminal charged ${line.intentId}, of which the ledger knows nothing`);
      continue;
    }
    if (paid.has(sale)) found.push(`sale ${sale} was charged twice`);
    paid.set(sale, begun.get(line.intentId) ?? Number.NaN);
  }
  for (const [sale, amountMinor] of paid) {
    const completed = receipts.filter((receipt) => receipt.saleId === sale);
    if (completed.length !== 1) found.push(`paid sale ${sale} has ${completed.length} receipts`);
    const [receipt] = completed;
    if (receipt !== undefined && receipt.totals.totalMinor !== amountMinor) {
      found.push(`sale ${sale} was charged ${amountMinor}, its receipt says otherwise`);
    }
  }
  for (const receipt of receipts) {
    if (!paid.has(receipt.saleId)) found.push(`receipt ${receipt.number} was never paid`);
  }
  receipts.forEach(({ number }, index) => {
    if (number !== index + 1) found.push(`receipt ${index + 1} has number ${number}`);
  });
  if (lastNumber !== receipts.length) found.push(`the till counts ${lastNumber} receipts`);

  const { screen } = snapshot;
  if (screen.kind === 'out-of-order') found.push(`the window is out of order: ${screen.reason}`);
  if (screen.kind === 'receipt') {
    const last = receipts.at(-1);
    const same =
      last?.number === screen.receipt.number &&
      last.totals.totalMinor === screen.receipt.totalMinor &&
      last.saleId === screen.receipt.saleId;
    if (!same) found.push('the window shows another receipt than the last');
  }
  return found;
}
