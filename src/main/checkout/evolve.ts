import { assertNever } from '../../shared/assert-never.ts';
import { withChange } from './cart-change.ts';
import type { CartChange, Fact, FactOf, Latest } from './facts.ts';
import { emptyCart } from './price-cart.ts';
import { questionIdOf } from './state.ts';
import type { CheckoutState, Phase, QueuedItem, Sale, Shopping } from './state.ts';

/** Steps that undo remembers; more than a tray of groceries ever needs. */
const maxPast = 100;

/**
 * The state after a fact. It takes each fact as true: it never refuses and never prices. A fact that
 * says nothing about the state of now leaves that very state.
 */
export function evolve(before: CheckoutState, fact: Fact): CheckoutState {
  return step(present(before, fact), fact);
}

/** The state that facts lead to, oldest first. */
export function replay(start: CheckoutState, facts: readonly Fact[]): CheckoutState {
  return facts.reduce(evolve, start);
}

/** Whatever happens answers "Still there?". */
function present(state: CheckoutState, { kind }: Fact): CheckoutState {
  const { phase } = state;
  if (kind === 'still-there-asked' || !('sale' in phase)) return state;
  if (phase.sale.abandonsAtMs === null) return state;
  return withSale(state, { ...phase.sale, abandonsAtMs: null });
}

function step(state: CheckoutState, fact: Fact): CheckoutState {
  const { phase } = state;
  switch (fact.kind) {
    case 'sale-begun':
      return inPhase(state, begun(fact, state.helpCalled));
    case 'item-added':
    case 'item-corrected':
      return withCart(state, fact.cart, fact.latest);
    case 'quantity-set':
    case 'line-removed':
      return withCart(state, fact.cart);
    case 'change-undone':
      return undone(state, fact.cart);
    case 'question-asked': {
      if (phase.kind !== 'shopping') return state;
      return inPhase(state, { ...phase, questions: [...phase.questions, fact.question] });
    }
    case 'question-closed':
      return withoutQuestion(state, fact);
    case 'item-queued': {
      if (!('queued' in phase)) return state;
      const queued = [...phase.queued, { item: fact.item, leftTray: false }];
      return inPhase(state, { ...phase, queued });
    }
    case 'queued-item-left':
      return withLeft(state, ({ item }) => item.placementId === fact.placementId);
    case 'payment-begun': {
      if (phase.kind !== 'shopping' && phase.kind !== 'declined') return state;
      const { intentId, amountMinor } = fact;
      const payment = { intentId, amountMinor };
      return inPhase(state, { kind: 'paying', sale: phase.sale, payment, queued: [] });
    }
    case 'help-called':
      return state.helpCalled ? state : helped({ ...state, helpCalled: true });
    case 'help-dismissed':
      return state.helpCalled ? { ...state, helpCalled: false } : state;
    case 'payment-cancel-asked':
    case 'payment-unknown':
    case 'payment-approved':
    case 'payment-declined':
    case 'payment-cancelled':
    case 'payment-left':
      return 'payment' in phase && phase.payment.intentId === fact.intentId
        ? afterPaymentFact(state, phase, fact)
        : state;
    case 'sale-completed': {
      if (phase.kind !== 'approved') return state;
      const { sale, queued } = phase;
      const { receipt, closesAtMs } = fact;
      return {
        ...state,
        lastNumber: receipt.number,
        phase: { kind: 'receipt', sale, receipt, closesAtMs, queued },
      };
    }
    case 'receipt-closed': {
      if (phase.kind !== 'receipt') return state;
      return idle({ ...state, helpCalled: fact.by !== 'shopper' && state.helpCalled });
    }
    case 'still-there-asked': {
      if (!('sale' in phase) || phase.sale.abandonsAtMs !== null) return state;
      return withSale(state, { ...phase.sale, abandonsAtMs: fact.endsAtMs });
    }
    case 'still-there-answered':
      return state;
    case 'sale-abandoned':
      return idle(state);
    case 'sale-cancelled':
      // A shopper who ends it needs no help any more; one who waits for help lets time pass.
      return idle({ ...state, helpCalled: fact.by !== 'shopper' && state.helpCalled });
    case 'kiosk-restarted':
      return restarted(state);
    default:
      return assertNever(fact);
  }
}

function inPhase(state: CheckoutState, phase: Phase): CheckoutState {
  return { ...state, phase };
}

function idle(state: CheckoutState): CheckoutState {
  return inPhase(state, { kind: 'idle' });
}

function begun(
  { saleId, currency, isTraining, atMs }: FactOf<'sale-begun'>,
  wasHelped: boolean,
): Shopping {
  const sale: Sale = {
    saleId,
    currency,
    isTraining,
    startedAtMs: atMs,
    cart: emptyCart,
    past: [],
    latest: null,
    abandonsAtMs: null,
    wasHelped,
  };
  return { kind: 'shopping', sale, questions: [] };
}

function withSale(state: CheckoutState, sale: Sale): CheckoutState {
  return 'sale' in state.phase ? inPhase(state, { ...state.phase, sale }) : state;
}

function helped(state: CheckoutState): CheckoutState {
  const { phase } = state;
  return 'sale' in phase ? withSale(state, { ...phase.sale, wasHelped: true }) : state;
}

function withCart(state: CheckoutState, change: CartChange, latest?: Latest): CheckoutState {
  const { phase } = state;
  if (phase.kind !== 'shopping') return state;
  const { sale } = phase;
  const cart = withChange(sale.cart, change);
  const isThere = cart.lines.some(
    ({ lineId, removed }) => lineId === sale.latest?.lineId && !removed,
  );
  return withSale(state, {
    ...sale,
    cart,
    past: [...sale.past, sale.cart].slice(-maxPast),
    latest: latest ?? (isThere ? sale.latest : null),
  });
}

function undone(state: CheckoutState, change: CartChange): CheckoutState {
  const { phase } = state;
  if (phase.kind !== 'shopping') return state;
  const { sale } = phase;
  const cart = withChange(sale.cart, change);
  return withSale(state, { ...sale, cart, past: sale.past.slice(0, -1), latest: null });
}

function withoutQuestion(
  state: CheckoutState,
  { questionId, next }: FactOf<'question-closed'>,
): CheckoutState {
  const { phase } = state;
  if (phase.kind !== 'shopping') return state;
  const questions = phase.questions.flatMap((question) =>
    questionIdOf(question) === questionId ? next : [question],
  );
  return inPhase(state, { ...phase, questions });
}

type PaymentFact = FactOf<
  | 'payment-cancel-asked'
  | 'payment-unknown'
  | 'payment-approved'
  | 'payment-declined'
  | 'payment-cancelled'
  | 'payment-left'
>;

/** Of a fact about the payment that the phase is about. */
function afterPaymentFact(
  state: CheckoutState,
  phase: Extract<Phase, { payment: unknown }>,
  fact: PaymentFact,
): CheckoutState {
  const { sale, payment, queued } = phase;
  switch (fact.kind) {
    case 'payment-cancel-asked':
      return phase.kind === 'paying'
        ? inPhase(state, { kind: 'cancelling', sale, payment, queued })
        : state;
    case 'payment-unknown':
      return phase.kind === 'paying' || phase.kind === 'cancelling'
        ? inPhase(state, { kind: 'checking', sale, payment, queued })
        : state;
    case 'payment-approved': {
      const { tender, atMs: paidAtMs } = fact;
      return inPhase(state, { kind: 'approved', sale, payment, queued, tender, paidAtMs });
    }
    case 'payment-declined':
      return inPhase(state, { kind: 'declined', sale, payment, queued });
    case 'payment-cancelled':
    case 'payment-left':
      return inPhase(state, { kind: 'shopping', sale, questions: [] });
    default:
      return assertNever(fact);
  }
}

/** After a restart nobody knows any more which thing on the tray was which. */
function restarted(state: CheckoutState): CheckoutState {
  const left = withLeft(state, () => true);
  const { phase } = left;
  if (phase.kind !== 'paying' && phase.kind !== 'cancelling') return left;
  const { sale, payment, queued } = phase;
  return inPhase(left, { kind: 'checking', sale, payment, queued });
}

function withLeft(state: CheckoutState, left: (queued: QueuedItem) => boolean): CheckoutState {
  const { phase } = state;
  if (!('queued' in phase)) return state;
  if (!phase.queued.some((each) => !each.leftTray && left(each))) return state;
  return inPhase(state, {
    ...phase,
    queued: phase.queued.map((each) => (left(each) ? { ...each, leftTray: true } : each)),
  });
}
