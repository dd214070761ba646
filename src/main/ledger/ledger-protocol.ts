import type { LedgerEntry, LedgerFault } from './ledger.ts';

/** What the ledger's thread is asked; answers come in the order of the calls. */
export type LedgerCall =
  | { readonly kind: 'append'; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'open-tail' }
  | { readonly kind: 'rows'; readonly afterSeq: number; readonly limit: number }
  | { readonly kind: 'verify' }
  | { readonly kind: 'close' };

/** What comes of looking for damage, which nobody asks for: it follows opening by itself. */
export type LedgerVerdict =
  | { readonly kind: 'checked' }
  | { readonly kind: 'damaged'; readonly fault: LedgerFault; readonly message: string };

/** The first answer is to opening the file: its notices. */
export type LedgerAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly fault: LedgerFault; readonly message: string };
