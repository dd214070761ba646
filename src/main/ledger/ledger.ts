/** One fact, before it has its place in the chain. */
export interface LedgerEntry {
  readonly kind: string;
  /** Of the body's form for this kind; a whole number from 1. */
  readonly version: number;
  /** Milliseconds of Date.now(). */
  readonly atMs: number;
  readonly saleId: string | null;
  /** True where nothing is open after the fact: what is read back at start begins behind it. */
  readonly atRest: boolean;
  /** Set by the one fact that completes a sale; a number is there once at most. */
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

/** The kind of each ledger's first row. */
export const ledgerBegunKind = 'ledger-begun';

/** The body of the first row, version 2; version 1 had no `setAsideFinding`. */
export interface LedgerBegun {
  /** The last receipt number of the ledger before this one; 0 where there was none. */
  readonly lastNumber: number;
  /** The file name under which the ledger before this one lies beside it. */
  readonly setAside: string | null;
  /** What was amiss in that one's chain, with its first row; null where it was whole. */
  readonly setAsideFinding: string | null;
}

/** What happened at opening that staff may have to know; for the log. */
export type LedgerNotice =
  /** A ledger of an older form was put under another name, and a new one goes on with its numbers. */
  | {
      readonly kind: 'set-aside';
      readonly file: string;
      readonly to: string;
      readonly lastNumber: number;
      /** What was amiss in the old one's chain. */
      readonly setAsideFinding: string | null;
    }
  /** Nothing said how far the ledger went: it may lack rows behind the last. */
  | { readonly kind: 'head-missing'; readonly file: string; readonly lastSeq: number }
  /** A row that was found not to be as it was written is still so. */
  | {
      readonly kind: 'bad-row';
      readonly file: string;
      readonly seq: number;
      readonly advice: string;
    };

/** What has to be read back at start. */
export interface OpenTail {
  /** The number of the last sale that was completed before `rows`; 0 where there was none. */
  readonly lastNumber: number;
  /** All rows since nothing was open. */
  readonly rows: readonly LedgerRow[];
}

/** One thing that is amiss. */
export interface LedgerFinding {
  readonly kind:
    /** A row was changed, is missing, or does not follow the one before. */
    | 'row'
    /** Rows were written, by the head beside the ledger, that it does not have. */
    | 'head'
    /** Without a head nobody knows whether rows are missing at the end. */
    | 'no-head'
    /** Tables, indexes or triggers are not those that the app makes. */
    | 'schema'
    /** SQLite cannot make sense of the file. */
    | 'file';
  /** The first row that it concerns, where it concerns one. */
  readonly seq: number | null;
  /** In plain words, for whoever looks after the kiosk. */
  readonly message: string;
}

export type Verification =
  | { readonly kind: 'whole'; readonly rowCount: number; readonly lastHash: string }
  | { readonly kind: 'broken'; readonly findings: readonly LedgerFinding[] };

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

/** @throws RangeError where there is nothing to append, which only a programming error asks for. */
export function requireEntries(entries: readonly LedgerEntry[]): void {
  if (entries.length === 0) throw new RangeError('an append needs at least one entry');
}

/** The journal of all sales: it grows, and nothing in it ever changes. */
export interface Ledger {
  /**
   * Resolves when all rows are safe on disk; when it rejects with LedgerError none of them is stored,
   * unless the disk failed. Rows keep the order of the calls. Rejects an empty list with RangeError.
   */
  append(entries: readonly LedgerEntry[]): Promise<readonly LedgerRow[]>;
  openTail(): Promise<OpenTail>;
  /**
   * Resolves when no damage was found in what was there at opening, which takes a second for a year
   * of sales; rejects with LedgerError where there is some, after which no row is taken any more.
   */
  checked(): Promise<void>;
  /** Rows after `afterSeq`, oldest first, at most `limit`. */
  rows(afterSeq: number, limit: number): Promise<readonly LedgerRow[]>;
  /**
   * Looks at all of it in a thread of its own, in steps between which it leaves most of a core to
   * whoever sells; takes minutes for a year of sales. Rejects with LedgerError where it cannot be
   * read, or is closed meanwhile.
   */
  verify(): Promise<Verification>;
  /** Resolves when the file is free for another process. */
  close(): Promise<void>;
}
