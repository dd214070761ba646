import { createHash } from 'node:crypto';
import type { LedgerEntry } from './ledger.ts';

/** Stands before the first row. */
export const firstHash = '0'.repeat(64);

/** The hash of a row; `bodyText` is the body as it is stored, so that no re-encoding can matter. */
export function rowHash(
  previousHash: string,
  seq: number,
  entry: Omit<LedgerEntry, 'body'>,
  bodyText: string,
): string {
  const { kind, version, atMs, saleId, atRest, receiptNumber } = entry;
  const parts = [previousHash, seq, kind, version, atMs, saleId, atRest, receiptNumber, bodyText];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
