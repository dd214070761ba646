import { firstHash } from './chain.ts';
import type { Connection } from './connection.ts';
import { damaged } from './ledger-fault.ts';
import { LedgerError } from './ledger.ts';

/** Rows that one look takes in, so that nobody waits for it longer than for the disk. */
const rowsALook = 1000;

/**
 * Looks, at each call, for damage in the next of the rows up to `topSeq`; true when that were all.
 * It throws LedgerError where it finds some.
 */
export function damageLook(db: Connection, file: string, topSeq: number): () => boolean {
  // Reads all of each row, and its entries in the indexes, without bringing them out of SQLite.
  const whole = db.prepare(
    `SELECT count(*) AS value FROM fact AS row WHERE seq > ? AND seq <= ?
       AND previous_hash = iif(seq = 1, '${firstHash}',
         (SELECT before.hash FROM fact AS before WHERE before.seq = row.seq - 1))
       AND EXISTS (SELECT 1 FROM fact AS entry INDEXED BY fact_by_sale
         WHERE entry.sale_id IS row.sale_id AND entry.seq = row.seq)
       AND (at_rest = 0 OR EXISTS (SELECT 1 FROM fact AS entry INDEXED BY fact_at_rest
         WHERE entry.at_rest = 1 AND entry.seq = row.seq))
       AND (receipt_number IS NULL OR EXISTS (
         SELECT 1 FROM fact AS entry INDEXED BY fact_by_receipt_number
         WHERE entry.receipt_number = row.receipt_number AND entry.seq = row.seq))`,
  );
  let lookedAt = 0;
  return () => {
    const upTo = Math.min(topSeq, lookedAt + rowsALook);
    const found = whole.get(lookedAt, upTo) as { readonly value: number };
    if (found.value !== upTo - lookedAt) {
      const where = `not all of the rows ${lookedAt + 1} to ${upTo} are whole`;
      throw new LedgerError('corrupt', damaged(file, where));
    }
    lookedAt = upTo;
    return lookedAt === topSeq;
  };
}
