import type { LedgerEntry, LedgerNotice, LedgerRow, OpenTail, Verification } from './ledger.ts';

/** What a thread of the ledger is for: to write it, or to look at all of it once and end. */
export interface LedgerJob {
  readonly kind: 'write' | 'verify';
  readonly file: string;
}

/** What the thread that writes is asked, one after another; a failure's code is a LedgerFault. */
export interface LedgerWriter {
  /** First of all. */
  open(): readonly LedgerNotice[];
  append(entries: readonly LedgerEntry[]): readonly LedgerRow[];
  openTail(): OpenTail;
  rows(part: { readonly afterSeq: number; readonly limit: number }): readonly LedgerRow[];
  /** Answered when the look for damage, which follows opening by itself, is over. */
  checked(): null;
  close(): null;
}

/** What the thread that verifies is asked, once. */
export interface LedgerVerifier {
  verify(): Verification;
}
