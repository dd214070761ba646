import { LedgerError, requireEntries } from '../ledger/ledger.ts';
import type { Ledger, LedgerFault, LedgerRow } from '../ledger/ledger.ts';

/** A ledger for tests: rows in memory, which outlive whoever wrote them. */
export interface MemoryLedger extends Ledger {
  readonly all: readonly LedgerRow[];
  /** From now on every append fails so. */
  breakDown(fault: LedgerFault): void;
  /** From now on it is not known whether it is whole, until what is returned is called. */
  doubt(): (found: 'whole' | 'damage') => void;
}

export function memoryLedger(stored: LedgerRow[] = []): MemoryLedger {
  let broken: LedgerFault | null = null;
  let checked: Promise<void> = Promise.resolve();
  return {
    all: stored,
    breakDown: (fault) => {
      broken = fault;
    },
    doubt: () => {
      let judge: (found: 'whole' | 'damage') => void = () => undefined;
      checked = new Promise((resolve, reject) => {
        judge = (found) => {
          if (found === 'whole') resolve();
          else reject(new LedgerError('corrupt', 'for the test'));
        };
      });
      return judge;
    },
    append: async (entries) => {
      requireEntries(entries);
      if (broken !== null) throw new LedgerError(broken, 'for the test');
      const given = new Set(stored.map(({ receiptNumber }) => receiptNumber));
      const rows = entries.map((entry, index) => {
        const { receiptNumber } = entry;
        if (receiptNumber !== null && given.has(receiptNumber)) {
          throw new LedgerError('corrupt', `receipt number ${receiptNumber} is there already`);
        }
        given.add(receiptNumber);
        // As on disk, nothing but JSON comes back.
        const body: unknown = JSON.parse(JSON.stringify(entry.body));
        return { ...entry, body, seq: stored.length + index + 1, previousHash: '', hash: '' };
      });
      stored.push(...rows);
      return rows;
    },
    openTail: async () => {
      const rest = stored.findLastIndex(({ atRest }) => atRest) + 1;
      const numbers = stored.slice(0, rest).map(({ receiptNumber }) => receiptNumber ?? 0);
      return { lastNumber: Math.max(0, ...numbers), rows: stored.slice(rest) };
    },
    checked: () => checked,
    rows: async (afterSeq, limit) => stored.slice(afterSeq, afterSeq + limit),
    verify: async () => ({ kind: 'whole', rowCount: stored.length, lastHash: '' }),
    close: async () => undefined,
  };
}
