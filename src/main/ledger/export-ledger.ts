import { damaged } from './ledger-fault.ts';
import { rowsOf } from './ledger-rows.ts';
import { LedgerError } from './ledger.ts';
import { readLedger } from './read-ledger.ts';
import { rowOf } from './stored-row.ts';
import type { StoredRow } from './stored-row.ts';

/** Rows that are in memory at a time. */
const pageRows = 500;

/**
 * Writes the rows that are there now as lines of JSON, oldest first, until `write` answers that
 * nobody reads any more. Throws LedgerError.
 */
export function exportLedger(file: string, write: (text: string) => boolean): void {
  readLedger(file, (db) => {
    const rows = rowsOf(db);
    const topSeq = rows.topSeq();
    let afterSeq = 0;
    while (afterSeq < topSeq) {
      // No transaction spans two pages: a slow reader must not keep the kiosk's log from being emptied.
      const page = rows.read(afterSeq, Math.min(pageRows, topSeq - afterSeq));
      const last = page.at(-1);
      if (last === undefined) return;
      if (!write(page.map((row) => lineOf(row, file)).join(''))) return;
      afterSeq = last.seq;
    }
  });
}

function lineOf(stored: StoredRow, file: string): string {
  try {
    const { seq, kind, version, atMs, saleId, receiptNumber, body, hash } = rowOf(stored);
    const at = new Date(atMs).toISOString();
    const line = { seq, kind, version, at, saleId, receiptNumber, fact: body, hash };
    return `${JSON.stringify(line)}\n`;
  } catch (error) {
    const what = `row ${stored.seq} cannot be read`;
    throw new LedgerError('corrupt', damaged(file, what), { cause: error });
  }
}
