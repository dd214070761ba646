import { assertNever } from '../../shared/assert-never.ts';
import type { OutOfOrderReason } from '../../shared/snapshot.ts';
import type { Latest, Question, Receipt, RecognisedItem, Tender } from './facts.ts';
import type { Cart } from './price-cart.ts';

/*
 *            item-recognised · sale-started
 *   ┌──────┐ ─────────────────────────────▶ ┌──────────┐
 *   │ idle │                                │ shopping │ with questions, one after another
 *   └──────┘ ◀── cancelled · abandoned ──── └──────────┘
 *      ▲                                     │    ▲  ▲
 *      │                       payment-begun │    │  └── payment-left ──── ┌──────────┐
 *      │                                     ▼    │ cancelled              │ declined │
 *      │                                 ┌────────┴┐ ───── declined ─────▶ └──────────┘
 *      │                                 │ paying  │ ── cancel-asked ────▶ ┌────────────┐
 *      │                                 └─────────┘                       │ cancelling │
 *      │                                  │      │ unknown                 └────────────┘
 *      │                         approved │      ▼ restarted                  │ as paying
 *      │                                  │   ┌──────────┐ ◀──────────────────┘
 *      │                                  │   │ checking │ asks again until it knows, then as paying
 *      │                                  ▼   └──────────┘
 *      │  receipt-closed ┌─────────┐     ┌──────────┐
 *      └──────────────── │ receipt │ ◀── │ approved │   receipt ── item-recognised ──▶ shopping, a new sale
 *                        └─────────┘     └──────────┘
 *
 * A checkout that closes throws an open cart away; where a payment is under way, only once the shopper has
 * seen the truth about it.
 */
export interface CheckoutState {
  /** The last receipt's number. */
  readonly lastNumber: number;
  readonly helpCalled: boolean;
  /** Why nothing more is sold; null while it is open. */
  readonly closed: OutOfOrderReason | null;
  readonly phase: Phase;
}

export type Phase =
  | { readonly kind: 'idle' }
  | Shopping
  | PaymentPhase<'paying'>
  | PaymentPhase<'cancelling'>
  | PaymentPhase<'checking'>
  | PaymentPhase<'declined'>
  | Approved
  | ReceiptShown;

export interface Shopping {
  readonly kind: 'shopping';
  readonly sale: Sale;
  /** The first is open, the others wait. */
  readonly questions: readonly Question[];
}

export interface Sale {
  readonly saleId: string;
  readonly currency: string;
  readonly isTraining: boolean;
  readonly startedAtMs: number;
  readonly cart: Cart;
  /** Carts for undo, the newest last. */
  readonly past: readonly Cart[];
  readonly latest: Latest | null;
  /** Set while "Still there?" is asked, in ms of Date.now(). */
  readonly abandonsAtMs: number | null;
  /** Whether help was called since it began. */
  readonly wasHelped: boolean;
}

export interface Payment {
  readonly intentId: string;
  readonly amountMinor: number;
}

/**
 * Laid down while the sum was with the terminal, or perhaps laid down beside the receipt. The amount that
 * the shopper is paying cannot grow, and nothing laid down is passed over: after a decline or a cancel
 * it joins this sale, after the receipt it begins the next, if it still lies there and so belongs to
 * whoever stands there.
 */
export interface QueuedItem {
  readonly item: RecognisedItem;
  readonly leftTray: boolean;
}

interface WithPayment<Kind extends string> {
  readonly kind: Kind;
  readonly sale: Sale;
  readonly payment: Payment;
  readonly queued: readonly QueuedItem[];
}

/** `paying`: the terminal waits for the card; `checking`: nobody knows yet what became of it. */
export type PaymentPhase<Kind extends 'paying' | 'cancelling' | 'checking' | 'declined'> =
  WithPayment<Kind>;

/** Paid and not yet numbered; passes at once. */
export interface Approved extends WithPayment<'approved'> {
  readonly tender: Tender;
  readonly paidAtMs: number;
}

export interface ReceiptShown {
  readonly kind: 'receipt';
  readonly sale: Sale;
  readonly receipt: Receipt;
  readonly closesAtMs: number;
  readonly queued: readonly QueuedItem[];
}

export type PhaseKind = Phase['kind'];

export function idleState(lastNumber: number): CheckoutState {
  return { lastNumber, helpCalled: false, closed: null, phase: { kind: 'idle' } };
}

/** Sells nothing from the start. */
export function closedState(reason: OutOfOrderReason, lastNumber = 0): CheckoutState {
  return { ...idleState(lastNumber), closed: reason };
}

const openPayments: ReadonlySet<PhaseKind> = new Set([
  'paying',
  'cancelling',
  'checking',
  'approved',
]);

/** Whether it is still open what becomes of a payment, or its receipt is still to come. */
export function isPaymentOpen({ phase }: CheckoutState): boolean {
  return openPayments.has(phase.kind);
}

/** From now on nothing more is sold; a payment under way is told to its end. The first reason stays. */
export function closing(state: CheckoutState, reason: OutOfOrderReason): CheckoutState {
  return state.closed === null ? { ...state, closed: reason } : state;
}

/** Whether the window says that nothing is sold: not while a payment is told to its end. */
export function isClosed(state: CheckoutState): boolean {
  return state.closed !== null && !isPaymentOpen(state) && state.phase.kind !== 'receipt';
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
export function openQuestion({ phase }: CheckoutState): Question | null {
  return phase.kind === 'shopping' ? (phase.questions[0] ?? null) : null;
}

/** The sale that a state is about, if any. */
export function saleOf({ phase }: CheckoutState): Sale | null {
  return 'sale' in phase ? phase.sale : null;
}
