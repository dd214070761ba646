/** Why a request was refused; each has words in every language of the window. */
export const refusalCodes = [
  /** It came from another page, another window or a frame. */
  'refused-sender',
  'bad-argument',
  /** Something broke; the log says what. */
  'failed',
  /** Nobody of the staff has signed in. */
  'staff-locked',
  /** Whoever has signed in may not do this. */
  'not-permitted',
  'still-looking',
  'unknown-product',
  /** What happened cannot be written down. */
  'ledger',
  /** The app is ending. */
  'stopped',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** For logs, never for a shopper. */
  readonly message: string;
}

/** What may fail crosses as a value. */
export type Reply<T> = { readonly ok: true; readonly value: T } | Refusal;
