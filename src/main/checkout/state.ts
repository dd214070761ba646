import { assertNever } from '../../shared/assert-never.ts';
import type { Product } from '../../shared/catalogue.ts';
import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import type { Cart } from './cart.ts';
import type { ItemRecognised } from './events.ts';

/*
 *            item-recognised · sale-started
 *   ┌──────┐ ─────────────────────────────▶ ┌──────────┐ ◀── answered, left out, closed ── ┌────────────┐
 *   │ idle │                                │ shopping │ ── not sure ────────────────────▶ │ asking     │
 *   └──────┘ ◀── cancelled · suspended ──── └──────────┘ ── unknown, "Not this", find ───▶ │ looking-up │
 *      ▲                                     │    ▲  ▲                                     └────────────┘
 *      │                     payment-started │    │  └─ payment-returned ─ ┌──────────┐
 *      │                                     ▼    │ cancelled              │ declined │
 *      │                                 ┌────────┴┐ ───── declined ─────▶ └──────────┘
 *      │                                 │ paying  │ ── cancel-asked ────▶ ┌────────────┐
 *      │                                 └─────────┘                       │ cancelling │
 *      │                                  │      │ outcome-unknown         └────────────┘
 *      │                         approved │      ▼ interrupted                │ as paying
 *      │                                  │   ┌──────────┐ ◀──────────────────┘
 *      │                                  │   │ checking │ asks again until it knows, then as paying
 *      │                                  ▼   └──────────┘
 *      │  receipt-done   ┌─────────┐     ┌──────┐
 *      └──────────────── │ receipt │ ◀── │ paid │   receipt ── item-recognised ──▶ shopping, a new sale
 *                        └─────────┘     └──────┘
 *
 * From everywhere: ledger-failed leads to out-of-order; where a payment is under way, only once
 * the shopper has seen the truth about it.
 */
export type CheckoutState =
  | Idle
  | Shopping
  | Asking
  | LookingUp
  | Paying
  | Cancelling
  | Checking
  | Declined
  | Paid
  | ReceiptShown
  | OutOfOrder;

interface Common {
  /** The last receipt's number. */
  readonly lastNumber: number;
  readonly helpCalled: boolean;
  /** The ledger cannot be written: after the payment under way nothing more is sold. */
  readonly ledgerLost: boolean;
}

export interface Idle extends Common {
  readonly kind: 'idle';
}

export interface Sale {
  readonly saleId: string;
  readonly currency: string;
  readonly startedAtMs: number;
  readonly cart: Cart;
  /** Carts for undo, the newest last. */
  readonly past: readonly Cart[];
  readonly latest: Latest | null;
  /** Set while "Still there?" is asked, in ms of Date.now(). */
  readonly suspendsAtMs: number | null;
}

/** The item that came in last. */
export interface Latest {
  readonly lineId: string;
  readonly addedMinor: number;
  /** Null when it was looked up without a thing on the tray. */
  readonly placementId: string | null;
  readonly photoId: string | null;
}

/** A thing on the tray that is not yet known. */
export interface Placed {
  readonly itemId: string;
  readonly placementId: string;
  readonly photoId: string | null;
  readonly weightGrams: number | null;
  /** Whether it may be nothing new, which the shopper can say. */
  readonly unsure: boolean;
}

export interface Ask {
  readonly kind: 'ask';
  readonly placed: Placed;
  readonly candidateIds: readonly string[];
}

/** What a chosen product is the answer to. */
export type Target =
  | Ask
  | {
      readonly kind: 'unknown-item';
      readonly placed: Placed;
      readonly suggestionIds: readonly string[];
    }
  | { readonly kind: 'recognition-down'; readonly placed: Placed }
  | { readonly kind: 'none-of-these'; readonly placed: Placed; readonly ask: Ask }
  | { readonly kind: 'correction'; readonly lineId: string; readonly product: Product }
  | { readonly kind: 'find-item' };

/** The product has no price without a weight; `target` waits for another answer. */
export interface NoWeight {
  readonly kind: 'no-weight';
  readonly product: Product;
  readonly target: Target;
}

export type Lookup = Exclude<Target, Ask> | NoWeight;
export type Question = Ask | Lookup;

export interface Shopping extends Common {
  readonly kind: 'shopping';
  readonly sale: Sale;
}

export interface Asking extends Common {
  readonly kind: 'asking';
  readonly sale: Sale;
  readonly ask: Ask;
  /** Asked afterwards, one by one. */
  readonly waiting: readonly Question[];
}

export interface LookingUp extends Common {
  readonly kind: 'looking-up';
  readonly sale: Sale;
  readonly lookup: Lookup;
  readonly waiting: readonly Question[];
}

export interface Payment {
  readonly intentId: string;
  readonly amountMinor: number;
}

/**
 * Laid down while the sum was with the terminal, or perhaps laid down beside the receipt. The amount that the shopper is paying cannot grow,
 * and nothing laid down is passed over: after a decline or a cancel it joins this sale, after the
 * receipt it begins the next, if it still lies there and so belongs to whoever stands there.
 */
export interface Held {
  readonly recognised: ItemRecognised;
  readonly leftTray: boolean;
}

interface PaymentCommon extends Common {
  readonly sale: Sale;
  readonly payment: Payment;
  readonly held: readonly Held[];
}

/** The terminal waits for the card. */
export interface Paying extends PaymentCommon {
  readonly kind: 'paying';
}

export interface Cancelling extends PaymentCommon {
  readonly kind: 'cancelling';
}

export interface Checking extends PaymentCommon {
  readonly kind: 'checking';
}

export interface Declined extends PaymentCommon {
  readonly kind: 'declined';
}

/** Approved and not yet numbered; passes at once. */
export interface Paid extends PaymentCommon {
  readonly kind: 'paid';
  readonly tender: string;
  readonly reference: string;
}

export interface ReceiptShown extends Common {
  readonly kind: 'receipt';
  readonly sale: Sale;
  readonly tender: string;
  readonly number: number;
  readonly completedAtMs: number;
  readonly closesAtMs: number;
  readonly held: readonly Held[];
}

export interface OutOfOrder extends Common {
  readonly kind: 'out-of-order';
  readonly reason: OutOfOrderReason;
}

export type OpenState = Shopping | Asking | LookingUp;

export function idleState(lastNumber: number): Idle {
  return { kind: 'idle', lastNumber, helpCalled: false, ledgerLost: false };
}

export function outOfOrderState(reason: OutOfOrderReason, lastNumber = 0): OutOfOrder {
  const ledgerLost = reason === 'ledger';
  return { kind: 'out-of-order', reason, lastNumber, helpCalled: false, ledgerLost };
}

/**
 * Names a question apart from every other and from its own earlier stages: an answer says to which
 * one it belongs, because another may have come up while the finger was on its way.
 */
export function questionIdOf(question: Question): string {
  switch (question.kind) {
    case 'find-item':
      return question.kind;
    case 'correction':
      return `${question.kind}:${question.lineId}`;
    case 'no-weight':
      return `${question.kind}:${question.product.id}:${questionIdOf(question.target)}`;
    case 'ask':
    case 'unknown-item':
    case 'recognition-down':
    case 'none-of-these':
      return `${question.kind}:${question.placed.itemId}`;
    default:
      return assertNever(question);
  }
}

/** The question that is open, if any. */
export function openQuestion(state: CheckoutState): Question | null {
  if (state.kind === 'asking') return state.ask;
  return state.kind === 'looking-up' ? state.lookup : null;
}

/** The sale that a state is about, if any. */
export function saleOf(state: CheckoutState): Sale | null {
  return 'sale' in state ? state.sale : null;
}
