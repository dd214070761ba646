import type { Connection } from './connection.ts';
import { damaged } from './ledger-fault.ts';
import { LedgerError, ledgerBegunKind } from './ledger.ts';
import type { LedgerBegun } from './ledger.ts';
import { beforeAll, brokenLink, columnsRead, readable } from './stored-row.ts';
import type { StoredRow } from './stored-row.ts';

/** The rows of an open file. */
export interface LedgerRows {
  /** Rows after `afterSeq`, oldest first, at most `limit`; all of them for -1. */
  read(afterSeq: number, limit: number): readonly StoredRow[];
  /** The last row's number; 0 where there is none. */
  topSeq(): number;
}

export function rowsOf(db: Connection): LedgerRows {
  const after = db.prepare(`SELECT ${columnsRead} FROM fact WHERE seq > ? ORDER BY seq LIMIT ?`);
  const top = db.prepare('SELECT coalesce(max(seq), 0) AS value FROM fact');
  return {
    read: (afterSeq, limit) =>
      (after.all(afterSeq, limit) as readonly Readonly<Record<string, unknown>>[]).map(readable),
    topSeq: () => (top.get() as { readonly value: number }).value,
  };
}

/** What the first row, of any version, says: every ledger has it from its making on. @throws LedgerError */
export function begunBy(
  first: StoredRow | undefined,
  file: string,
): Pick<LedgerBegun, 'lastNumber'> {
  if (first?.kind !== ledgerBegunKind || brokenLink([first], beforeAll) !== null) {
    throw new LedgerError('corrupt', damaged(file, 'its first row does not begin a ledger'));
  }
  return JSON.parse(first.body) as LedgerBegun;
}
