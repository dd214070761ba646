import type { Product } from '../../shared/catalogue.ts';
import type { PaymentOutcome } from '../payment/terminal.ts';
import type { Decision } from '../recognition/recognition.ts';

/** What a sale begins with, where an event may begin one. */
export interface NextSale {
  readonly saleId: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** A decision with the product as it was sold: what the catalogue says later changes no sale. */
export type RecordedDecision =
  | { readonly kind: 'accept'; readonly product: Product; readonly probability: number }
  | { readonly kind: 'ask'; readonly candidateIds: readonly string[] }
  | { readonly kind: 'unknown'; readonly suggestionIds: readonly string[] }
  | { readonly kind: 'recognition-down' };

export type KnownOutcome = Exclude<PaymentOutcome, { readonly kind: 'unknown' }>;

export interface ItemRecognised {
  readonly kind: 'item-recognised';
  readonly atMs: number;
  /** Names the line, should it become one. */
  readonly itemId: string;
  readonly placementId: string;
  readonly photoId: string | null;
  /** What the scale shows, tare included; null without a reading. */
  readonly weightGrams: number | null;
  readonly decision: RecordedDecision;
  /** It may be nothing new: a hand, light, or what lay there before. It is asked about, never sold. */
  readonly unsure?: boolean;
  /** From lying still to here, where it was measured. */
  readonly msSinceStill: number | null;
  readonly nextSale: NextSale;
}

interface At<Kind extends string> {
  readonly kind: Kind;
  readonly atMs: number;
}

/** A shopper who ends it needs no help any more; one who is waiting for help lets time pass. */
export type EndedBy = 'shopper' | 'time';

/** Answers the question that was seen, and no other that has taken its place since. */
interface AnswerTo<Kind extends string> extends At<Kind> {
  readonly questionId: string;
}

/**
 * All that can happen to a sale, as the ledger keeps it. Ids, times and products are inside, so that
 * replaying the events gives the same state again.
 */
export type CheckoutEvent =
  | (At<'sale-started'> & NextSale)
  | ItemRecognised
  /** `itemId` names the line where the answer makes a new one. */
  | (AnswerTo<'product-chosen'> & {
      readonly itemId: string;
      readonly product: Product;
      readonly weightGrams: number | null;
    })
  | AnswerTo<'none-of-these'>
  | AnswerTo<'left-out'>
  | At<'lookup-opened'>
  | AnswerTo<'lookup-closed'>
  | (At<'quantity-set'> & { readonly lineId: string; readonly quantity: number })
  | (At<'line-removed'> & { readonly lineId: string })
  | (At<'correction-started'> & { readonly lineId: string })
  | At<'undone'>
  | (At<'item-left-tray'> & { readonly placementId: string })
  | At<'help-called'>
  | At<'help-dismissed'>
  | (At<'payment-started'> & {
      readonly intentId: string;
      readonly amountMinor: number;
      readonly currency: string;
    })
  | At<'cancel-asked'>
  | (At<'outcome-arrived'> & { readonly intentId: string; readonly outcome: KnownOutcome })
  /** `checks` counts how often the terminal has been asked for the outcome so far. */
  | (At<'outcome-unknown'> & { readonly intentId: string; readonly checks: number })
  | At<'payment-returned'>
  | (At<'sale-completed'> & { readonly number: number; readonly closesAtMs: number })
  | (At<'receipt-done'> & { readonly by: EndedBy; readonly nextSale: NextSale })
  | (At<'still-there-asked'> & { readonly suspendsAtMs: number })
  | At<'still-there-answered'>
  | At<'sale-suspended'>
  | (At<'sale-cancelled'> & { readonly by: EndedBy })
  /** The app was started anew with this sale open. */
  | At<'interrupted'>
  /** The ledger cannot be written; the one event that is never in it. */
  | At<'ledger-failed'>;

export type EventKind = CheckoutEvent['kind'];

/** What window, lane and staff tell the checkout; it adds ids, times and products. */
export type CheckoutInput =
  | {
      readonly kind: 'item-recognised';
      readonly placementId: string;
      readonly photoId: string | null;
      readonly weightGrams: number | null;
      readonly decision: Decision | { readonly kind: 'recognition-down' };
      /** As in the event. */
      readonly unsure?: boolean;
      readonly msSinceStill?: number | null;
    }
  | {
      readonly kind: 'product-chosen';
      readonly questionId: string;
      readonly productId: string;
      /** What the scale shows now; counts only where the item has no reading of its own. */
      readonly weightGrams?: number | null;
    }
  | { readonly kind: 'quantity-set'; readonly lineId: string; readonly quantity: number }
  | { readonly kind: 'line-removed'; readonly lineId: string }
  | { readonly kind: 'correction-started'; readonly lineId: string }
  | { readonly kind: 'item-left-tray'; readonly placementId: string }
  /** `totalMinor` is what the shopper saw and agreed to. */
  | { readonly kind: 'payment-started'; readonly totalMinor: number }
  | Answer<'none-of-these' | 'left-out' | 'lookup-closed'>
  | Bare<
      | 'sale-started'
      | 'lookup-opened'
      | 'undone'
      | 'help-called'
      | 'help-dismissed'
      | 'cancel-asked'
      | 'payment-returned'
      | 'receipt-done'
      | 'still-there-answered'
      | 'sale-cancelled'
    >;

/** One member for each kind, so that a switch can tell them apart. */
type Bare<Kind extends string> = Kind extends string ? { readonly kind: Kind } : never;
type Answer<Kind extends string> = Kind extends string
  ? { readonly kind: Kind; readonly questionId: string }
  : never;

const kinds = {
  'sale-started': true,
  'item-recognised': true,
  'product-chosen': true,
  'none-of-these': true,
  'left-out': true,
  'lookup-opened': true,
  'lookup-closed': true,
  'quantity-set': true,
  'line-removed': true,
  'correction-started': true,
  undone: true,
  'item-left-tray': true,
  'help-called': true,
  'help-dismissed': true,
  'payment-started': true,
  'cancel-asked': true,
  'outcome-arrived': true,
  'outcome-unknown': true,
  'payment-returned': true,
  'sale-completed': true,
  'receipt-done': true,
  'still-there-asked': true,
  'still-there-answered': true,
  'sale-suspended': true,
  'sale-cancelled': true,
  interrupted: true,
  'ledger-failed': true,
} satisfies Record<EventKind, true>;

/**
 * An event as it was written to the ledger. Its parts are taken as they are: the chain's hashes say
 * that this app wrote them, and the schema's version that it knows their form.
 */
export function recordedEvent(body: unknown): CheckoutEvent {
  const kind = typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
    throw new TypeError(`the ledger holds an event of a kind that is not known: ${String(kind)}`);
  }
  return body as CheckoutEvent;
}
