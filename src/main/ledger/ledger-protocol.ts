import type { LedgerEntry, LedgerFault } from './ledger.ts';

/** What a thread of the ledger is for: to write it, or to look at all of it once and end. */
export interface LedgerJob {
  readonly kind: 'write' | 'verify';
  readonly file: string;
}

/** What the thread that writes is asked; answers come in the order of the calls. */
export type LedgerCall =
  | { readonly kind: 'append'; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'open-tail' }
  | { readonly kind: 'rows'; readonly afterSeq: number; readonly limit: number }
  | { readonly kind: 'close' };

/** What comes of looking for damage, which nobody asks for: it follows opening by itself. */
export type LedgerVerdict =
  | { readonly kind: 'checked' }
  | { readonly kind: 'damaged'; readonly fault: LedgerFault; readonly message: string };

/** The first answer is to opening the file: its notices; or the verification. */
export type LedgerAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly fault: LedgerFault; readonly message: string };
