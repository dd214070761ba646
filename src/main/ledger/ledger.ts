/** One event of the journal, before it has its place in the chain. */
export interface LedgerEntry {
  readonly kind: string;
  /** Milliseconds of Date.now(). */
  readonly atMs: number;
  readonly saleId: string | null;
  /** True where nothing is open after the event: what is read back at start begins behind it. */
  readonly atRest: boolean;
  /** Set by the one event that completes a sale; a number is there once at most. */
  readonly receiptNumber: number | null;
  /** Plain JSON. */
  readonly body: unknown;
}

export interface LedgerRow extends LedgerEntry {
  /** Counts up by one from 1. */
  readonly seq: number;
  readonly previousHash: string;
  /** SHA-256 over the row before's hash and all of this row, in hexadecimal. */
  readonly hash: string;
}

/** What has to be read back at start. */
export interface OpenTail {
  /** The number of the last sale that was completed before `rows`; 0 where there was none. */
  readonly lastNumber: number;
  /** All rows since nothing was open. */
  readonly rows: readonly LedgerRow[];
}

export type Verification =
  | { readonly kind: 'whole'; readonly rowCount: number }
  | { readonly kind: 'broken'; readonly seq: number };

export type LedgerFault =
  /** The file or its folder may not be written. */
  | 'read-only'
  /** The disk has no room. */
  | 'full'
  /** The file is cut, damaged, altered or something else than a ledger. */
  | 'corrupt'
  /** A newer version of the app has written it. */
  | 'newer-version'
  /** Another process has it open. */
  | 'locked'
  /** The disk fails, or the file cannot be reached. */
  | 'unreachable'
  /** The thread that writes has ended. */
  | 'stopped';

/** Why the ledger cannot be opened or written; the message tells staff what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** The journal of all sales: it grows, and nothing in it ever changes. */
export interface Ledger {
  /** Resolves when the row is safe on disk; rows keep the order of the calls. Rejects with LedgerError. */
  append(entry: LedgerEntry): Promise<LedgerRow>;
  openTail(): Promise<OpenTail>;
  /**
   * Resolves when no damage was found in what was there at opening, which takes a second for a year
   * of sales; rejects with LedgerError where there is some, after which no row is taken any more.
   */
  checked(): Promise<void>;
  /** Rows after `afterSeq`, oldest first, at most `limit`. */
  rows(afterSeq: number, limit: number): Promise<readonly LedgerRow[]>;
  /** Checks the whole chain; takes seconds for a year of sales. */
  verify(): Promise<Verification>;
  /** Resolves when the file is free for another process. */
  close(): Promise<void>;
}
