/** What became of a payment, as the terminal knows it. */
export type PaymentOutcome =
  | { readonly kind: 'approved'; readonly tender: string; readonly reference: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }
  /** No answer in time or the line broke: nobody may assume either way; ask `outcomeOf`. */
  | { readonly kind: 'unknown' };

/** A card terminal. One payment at a time; an intent id is charged once at most, however often it is sent. */
export interface PaymentTerminal {
  pay(intent: { intentId: string; amountMinor: number; currency: string }): Promise<PaymentOutcome>;
  /** Asks for the payment under way to be given up; `pay` then answers what really happened. */
  cancel(intentId: string): Promise<void>;
  /**
   * The truth about an intent; 'declined' also when the terminal never heard of it. What is not
   * 'unknown' is final: should such an intent still arrive, late on a slow line, it is refused.
   */
  outcomeOf(intentId: string): Promise<PaymentOutcome>;
}
