import type { Product } from '../../shared/catalogue.ts';
import type { PaymentOutcome } from '../payment/terminal.ts';
import type { Decision } from '../recognition/recognition.ts';
import type { RecognisedItem } from './facts.ts';

/** What a sale begins with, where an event may begin one. */
export interface NextSale {
  readonly saleId: string;
  /** ISO 4217. */
  readonly currency: string;
}

export type KnownOutcome = Exclude<PaymentOutcome, { readonly kind: 'unknown' }>;

export interface ItemRecognised extends At<'item-recognised'> {
  readonly item: RecognisedItem;
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
 * What the checkout is asked to do, and what it hears from terminal and clock, with all that deciding
 * needs: ids, times, products.
 */
export type CheckoutCommand =
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
  | (At<'still-there-asked'> & { readonly endsAtMs: number })
  | At<'still-there-answered'>
  /** Nobody answered "Still there?". */
  | At<'sale-abandoned'>
  | (At<'sale-cancelled'> & { readonly by: EndedBy })
  /** The app was started anew with this sale open. */
  | At<'kiosk-restarted'>;

export type CommandKind = CheckoutCommand['kind'];

/** What window, lane and staff tell the checkout; it adds ids, times and products. */
export type CheckoutInput =
  | {
      readonly kind: 'item-recognised';
      readonly placementId: string;
      readonly photoId: string | null;
      readonly weightGrams: number | null;
      readonly decision: Decision | { readonly kind: 'recognition-down' };
      /** As in the item. */
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
