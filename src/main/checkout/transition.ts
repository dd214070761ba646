import { assertNever } from '../../shared/assert-never.ts';
import {
  addItem,
  hasPrice,
  removeLine,
  removeOne,
  replaceOne,
  setQuantity,
  totalMinor,
} from './cart.ts';
import type { Cart, GrownCart, Item } from './cart.ts';
import type { CheckoutEvent, ItemRecognised, KnownOutcome, NextSale } from './events.ts';
import { idleState, questionIdOf } from './state.ts';
import type {
  Cancelling,
  CheckoutState,
  Checking,
  Declined,
  Held,
  Idle,
  LookingUp,
  Asking,
  OpenState,
  Paid,
  Paying,
  Placed,
  Question,
  ReceiptShown,
  Sale,
  Shopping,
  Target,
} from './state.ts';

/** What the driver has to do once the event is in the ledger. */
export type Effect =
  | {
      readonly kind: 'ask-terminal';
      readonly intentId: string;
      readonly amountMinor: number;
      readonly currency: string;
    }
  | { readonly kind: 'cancel-payment'; readonly intentId: string }
  /** Ask the terminal for the outcome, later the more `checks` there were. */
  | { readonly kind: 'check-payment'; readonly intentId: string; readonly checks: number }
  | { readonly kind: 'complete-sale' };

export interface Transition<State extends CheckoutState = CheckoutState> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Steps that undo remembers; more than a tray of groceries ever needs. */
const maxPast = 100;

/**
 * The checkout's whole decision (drawn in state.ts). Pure; an event that means nothing in a state
 * answers with that very state.
 */
export function transition(before: CheckoutState, event: CheckoutEvent): Transition {
  const state = presentAgain(before, event);
  const next = step(state, event);
  return sellsNothingMore(next.state) ? { state: outOfOrder(next.state), effects: [] } : next;
}

/** Whatever happens answers "Still there?". */
function presentAgain(state: CheckoutState, event: CheckoutEvent): CheckoutState {
  if (!('sale' in state) || state.sale.suspendsAtMs === null) return state;
  if (event.kind === 'still-there-asked') return state;
  return { ...state, sale: { ...state.sale, suspendsAtMs: null } };
}

function sellsNothingMore({ ledgerLost, kind }: CheckoutState): boolean {
  const paymentUnderWay = ['paying', 'cancelling', 'checking', 'paid', 'receipt'].includes(kind);
  return ledgerLost && !paymentUnderWay && kind !== 'out-of-order';
}

function outOfOrder(state: CheckoutState): CheckoutState {
  const { lastNumber, helpCalled } = state;
  return { kind: 'out-of-order', reason: 'ledger', lastNumber, helpCalled, ledgerLost: true };
}

function step(state: CheckoutState, event: CheckoutEvent): Transition {
  switch (event.kind) {
    case 'help-called':
      return only(state.helpCalled ? state : { ...state, helpCalled: true });
    case 'help-dismissed':
      return only(state.helpCalled ? { ...state, helpCalled: false } : state);
    case 'ledger-failed':
      return only(state.ledgerLost ? state : { ...state, ledgerLost: true });
    default:
  }
  switch (state.kind) {
    case 'idle':
      return only(stepIdle(state, event));
    case 'shopping':
      return stepShopping(state, event);
    case 'asking':
    case 'looking-up':
      return only(stepQuestion(state, event));
    case 'paying':
    case 'cancelling':
    case 'checking':
      return stepPayment(state, event);
    case 'declined':
      return stepDeclined(state, event);
    case 'paid':
      return stepPaid(state, event);
    case 'receipt':
      return only(stepReceipt(state, event));
    case 'out-of-order':
      return only(state);
    default:
      return assertNever(state);
  }
}

function only<State extends CheckoutState>(state: State): Transition<State> {
  return { state, effects: [] };
}

function stepIdle(state: Idle, event: CheckoutEvent): CheckoutState {
  switch (event.kind) {
    case 'sale-started':
      return beginSale(state, event, event.atMs);
    case 'item-recognised':
      return recognise(beginSale(state, event.nextSale, event.atMs), event);
    default:
      return state;
  }
}

function beginSale(
  { lastNumber, helpCalled, ledgerLost }: Idle,
  { saleId, currency }: NextSale,
  startedAtMs: number,
): Shopping {
  const sale: Sale = {
    saleId,
    currency,
    startedAtMs,
    cart: [],
    past: [],
    latest: null,
    suspendsAtMs: null,
  };
  return { kind: 'shopping', lastNumber, helpCalled, ledgerLost, sale };
}

/** What any open sale does, with a question or without; null where that is for the state to say. */
function stepOpen(state: OpenState, event: CheckoutEvent): CheckoutState | null {
  switch (event.kind) {
    case 'item-recognised':
      return recognise(state, event);
    case 'still-there-asked':
      return stillThere(state, event.suspendsAtMs);
    case 'sale-suspended':
      return suspend(state);
    case 'sale-cancelled':
      return event.by === 'shopper' ? idleState(state.lastNumber) : suspend(state);
    default:
      return null;
  }
}

/** A call for help outlives the wait for it: staff is on the way. */
function suspend({ lastNumber, helpCalled }: OpenState | Declined): Idle {
  return { ...idleState(lastNumber), helpCalled };
}

function stillThere<State extends OpenState | Declined>(state: State, suspendsAtMs: number): State {
  if (state.sale.suspendsAtMs !== null) return state;
  return { ...state, sale: { ...state.sale, suspendsAtMs } };
}

function stepShopping(state: Shopping, event: CheckoutEvent): Transition {
  const { sale } = state;
  switch (event.kind) {
    case 'lookup-opened':
      return only(ask(state, sale, [{ kind: 'find-item' }]));
    case 'quantity-set':
      return only(changed(state, setQuantity(sale.cart, event.lineId, event.quantity)));
    case 'line-removed':
      return only(changed(state, removeLine(sale.cart, event.lineId)));
    case 'correction-started': {
      const line = sale.cart.find(({ lineId, removed }) => lineId === event.lineId && !removed);
      if (line === undefined) return only(state);
      const { lineId, product } = line;
      return only(ask(state, sale, [{ kind: 'correction', lineId, product }]));
    }
    case 'undone': {
      const cart = sale.past.at(-1);
      if (cart === undefined) return only(state);
      return only({
        ...state,
        sale: { ...sale, cart, past: sale.past.slice(0, -1), latest: null },
      });
    }
    case 'payment-started':
      return startPayment(state, event);
    default:
      return only(stepOpen(state, event) ?? state);
  }
}

function changed(state: Shopping, cart: Cart | null): Shopping {
  return cart === null ? state : { ...state, sale: withCart(state.sale, cart) };
}

function withCart(sale: Sale, cart: Cart): Sale {
  const latestStays = cart.some(
    ({ lineId, removed }) => lineId === sale.latest?.lineId && !removed,
  );
  return {
    ...sale,
    cart,
    past: [...sale.past, sale.cart].slice(-maxPast),
    latest: latestStays ? sale.latest : null,
  };
}

function withGrown(sale: Sale, grown: GrownCart, item: Item, placementId: string | null): Sale {
  const { lineId, addedMinor } = grown;
  const latest = { lineId, addedMinor, placementId, photoId: item.photoId };
  return { ...withCart(sale, grown.cart), latest };
}

/** The first question is open, the others wait; without one the shopping goes on. */
function ask(state: CheckoutState, sale: Sale, questions: readonly Question[]): OpenState {
  const { lastNumber, helpCalled, ledgerLost } = state;
  const common = { lastNumber, helpCalled, ledgerLost, sale };
  const [first, ...waiting] = questions;
  if (first === undefined) return { kind: 'shopping', ...common };
  if (first.kind === 'ask') return { kind: 'asking', ...common, ask: first, waiting };
  return { kind: 'looking-up', ...common, lookup: first, waiting };
}

function questionsOf(state: OpenState): readonly Question[] {
  switch (state.kind) {
    case 'shopping':
      return [];
    case 'asking':
      return [state.ask, ...state.waiting];
    case 'looking-up':
      return [state.lookup, ...state.waiting];
    default:
      return assertNever(state);
  }
}

function recognise(state: OpenState, event: ItemRecognised): OpenState {
  const { decision, itemId, placementId, photoId, weightGrams } = event;
  const { unsure = false } = event;
  const placed: Placed = { itemId, placementId, photoId, weightGrams, unsure };
  const asked = (question: Question): OpenState =>
    ask(state, state.sale, [...questionsOf(state), question]);
  switch (decision.kind) {
    case 'accept': {
      const { product } = decision;
      const item: Item = { itemId, product, readingGrams: weightGrams, photoId };
      const { sale } = state;
      if (!hasPrice(item, sale.currency)) {
        const target: Target = { kind: 'unknown-item', placed, suggestionIds: [] };
        return asked({ kind: 'no-weight', product, target });
      }
      const grown = addItem(sale.cart, item, sale.currency);
      return { ...state, sale: withGrown(sale, grown, item, placementId) };
    }
    case 'ask':
      return asked({ kind: 'ask', placed, candidateIds: decision.candidateIds });
    case 'unknown':
      return asked({ kind: 'unknown-item', placed, suggestionIds: decision.suggestionIds });
    case 'recognition-down':
      return asked({ kind: 'recognition-down', placed });
    default:
      return assertNever(decision);
  }
}

function stepQuestion(state: Asking | LookingUp, event: CheckoutEvent): CheckoutState {
  const question: Question = state.kind === 'asking' ? state.ask : state.lookup;
  const target = question.kind === 'no-weight' ? question.target : question;
  const { sale, waiting } = state;
  if ('questionId' in event && event.questionId !== questionIdOf(question)) return state;
  switch (event.kind) {
    case 'product-chosen':
      return choose(state, target, event);
    case 'none-of-these':
      if (question.kind !== 'ask') return state;
      return ask(state, sale, [
        { kind: 'none-of-these', placed: question.placed, ask: question },
        ...waiting,
      ]);
    case 'left-out': {
      if (target.kind !== 'correction') return ask(state, sale, waiting);
      const cart = removeOne(sale.cart, target.lineId);
      return ask(state, cart === null ? sale : withCart(sale, cart), waiting);
    }
    case 'lookup-closed': {
      const next = afterClosing(question);
      return next.includes(question) ? state : ask(state, sale, [...next, ...waiting]);
    }
    default:
      return stepOpen(state, event) ?? state;
  }
}

/** What is open once a lookup is closed without an answer: a thing on the tray stays a question. */
function afterClosing(question: Question): readonly Question[] {
  switch (question.kind) {
    case 'no-weight':
      return [question.target];
    case 'none-of-these':
      return [question.ask];
    case 'correction':
    case 'find-item':
      return [];
    case 'ask':
    case 'unknown-item':
    case 'recognition-down':
      return [question];
    default:
      return assertNever(question);
  }
}

function choose(
  state: Asking | LookingUp,
  target: Target,
  event: Extract<CheckoutEvent, { kind: 'product-chosen' }>,
): OpenState {
  const { sale, waiting } = state;
  const { product } = event;
  const answered = (grown: GrownCart | null, item: Item, placementId: string | null): OpenState =>
    ask(state, grown === null ? sale : withGrown(sale, grown, item, placementId), waiting);
  const weighFirst = (): OpenState =>
    ask(state, sale, [{ kind: 'no-weight', product, target }, ...waiting]);

  if (target.kind === 'correction') {
    const line = sale.cart.find(({ lineId }) => lineId === target.lineId);
    if (line === undefined || line.product.id === product.id) return ask(state, sale, waiting);
    const item: Item = {
      itemId: event.itemId,
      product,
      readingGrams: line.readingGrams ?? event.weightGrams,
      photoId: line.photoId,
    };
    if (!hasPrice(item, sale.currency)) return weighFirst();
    return answered(replaceOne(sale.cart, target.lineId, item, sale.currency), item, null);
  }
  const placed = target.kind === 'find-item' ? null : target.placed;
  const item: Item = {
    itemId: placed?.itemId ?? event.itemId,
    product,
    readingGrams: placed?.weightGrams ?? event.weightGrams,
    photoId: placed?.photoId ?? null,
  };
  if (!hasPrice(item, sale.currency)) return weighFirst();
  const grown = addItem(sale.cart, item, sale.currency);
  return answered(grown, item, placed?.placementId ?? null);
}

function startPayment(
  state: Shopping | Declined,
  event: Extract<CheckoutEvent, { kind: 'payment-started' }>,
): Transition {
  const { sale, lastNumber, helpCalled, ledgerLost } = state;
  const { intentId, amountMinor, currency } = event;
  // The ledger's amount is what the shopper saw, or nothing is charged at all.
  if (amountMinor !== totalMinor(sale.cart, sale.currency)) return only(state);
  if (amountMinor === 0 || currency !== sale.currency) return only(state);
  return {
    state: {
      kind: 'paying',
      lastNumber,
      helpCalled,
      ledgerLost,
      sale,
      payment: { intentId, amountMinor },
      held: [],
    },
    effects: [{ kind: 'ask-terminal', intentId, amountMinor, currency }],
  };
}

type WithHeld = Paying | Cancelling | Checking | Declined | Paid | ReceiptShown;

/** What each state that holds items does with them; null where the event is about something else. */
function stepHeld<State extends WithHeld>(state: State, event: CheckoutEvent): State | null {
  switch (event.kind) {
    case 'item-recognised':
      return { ...state, held: [...state.held, { recognised: event, leftTray: false }] };
    case 'item-left-tray':
      return leaveTray(state, (held) => held.recognised.placementId === event.placementId);
    default:
      return null;
  }
}

function leaveTray<State extends WithHeld>(state: State, left: (held: Held) => boolean): State {
  if (!state.held.some((held) => !held.leftTray && left(held))) return state;
  return {
    ...state,
    held: state.held.map((held) => (left(held) ? { ...held, leftTray: true } : held)),
  };
}

/** After a restart nobody knows any more which thing on the tray was which. */
function forgetTray<State extends WithHeld>(state: State): State {
  return leaveTray(state, () => true);
}

function stepPayment(state: Paying | Cancelling | Checking, event: CheckoutEvent): Transition {
  const { intentId } = state.payment;
  switch (event.kind) {
    case 'cancel-asked':
      if (state.kind !== 'paying') return only(state);
      return {
        state: { ...state, kind: 'cancelling' },
        effects: [{ kind: 'cancel-payment', intentId }],
      };
    case 'outcome-arrived':
      return event.intentId === intentId ? settle(state, event.outcome) : only(state);
    case 'outcome-unknown':
      return event.intentId === intentId ? check(state, event.checks) : only(state);
    case 'interrupted':
      return check(forgetTray(state), 0);
    default:
      return only(stepHeld(state, event) ?? state);
  }
}

function check(state: Paying | Cancelling | Checking, checks: number): Transition {
  return {
    state: state.kind === 'checking' ? state : { ...state, kind: 'checking' },
    effects: [{ kind: 'check-payment', intentId: state.payment.intentId, checks }],
  };
}

function settle(state: Paying | Cancelling | Checking, outcome: KnownOutcome): Transition {
  switch (outcome.kind) {
    case 'approved': {
      const { tender, reference } = outcome;
      return {
        state: { ...state, kind: 'paid', tender, reference },
        effects: [{ kind: 'complete-sale' }],
      };
    }
    case 'declined':
      return only({ ...state, kind: 'declined' });
    case 'cancelled':
      return only(backToCart(state));
    default:
      return assertNever(outcome);
  }
}

function backToCart(state: Paying | Cancelling | Checking | Declined): OpenState {
  return state.held.reduce<OpenState>(
    (open, { recognised }) => recognise(open, recognised),
    ask(state, state.sale, []),
  );
}

function stepDeclined(state: Declined, event: CheckoutEvent): Transition {
  switch (event.kind) {
    case 'payment-returned':
      return only(backToCart(state));
    case 'payment-started':
      // What was laid down meanwhile has to be seen before it is paid.
      return state.held.length > 0 ? only(backToCart(state)) : startPayment(state, event);
    case 'still-there-asked':
      return only(stillThere(state, event.suspendsAtMs));
    case 'sale-suspended':
      return only(suspend(state));
    case 'interrupted':
      return only(forgetTray(state));
    default:
      return only(stepHeld(state, event) ?? state);
  }
}

function stepPaid(state: Paid, event: CheckoutEvent): Transition {
  switch (event.kind) {
    case 'sale-completed': {
      const { sale, tender, held, helpCalled, ledgerLost } = state;
      const { number, atMs, closesAtMs } = event;
      return only({
        kind: 'receipt',
        lastNumber: number,
        helpCalled,
        ledgerLost,
        sale,
        tender,
        number,
        completedAtMs: atMs,
        closesAtMs,
        held,
      });
    }
    case 'interrupted':
      return { state: forgetTray(state), effects: [{ kind: 'complete-sale' }] };
    default:
      return only(stepHeld(state, event) ?? state);
  }
}

function stepReceipt(state: ReceiptShown, event: CheckoutEvent): CheckoutState {
  switch (event.kind) {
    case 'item-recognised':
      // A hand that clears the tray is no next shopper; what is still there then is asked about.
      if (event.unsure === true) return stepHeld(state, event) ?? state;
      return nextSale(state, event, [event]);
    case 'receipt-done':
      return nextSale(event.by === 'shopper' ? { ...state, helpCalled: false } : state, event, []);
    case 'interrupted':
      return forgetTray(state);
    default:
      return stepHeld(state, event) ?? state;
  }
}

/** Begins with what still lies on the tray; with nothing there, back to welcome. */
function nextSale(
  state: ReceiptShown,
  { nextSale: next, atMs }: { readonly nextSale: NextSale; readonly atMs: number },
  more: readonly ItemRecognised[],
): CheckoutState {
  const lying = state.held.filter(({ leftTray }) => !leftTray).map(({ recognised }) => recognised);
  const items = [...lying, ...more];
  const { lastNumber, helpCalled, ledgerLost } = state;
  const idle: Idle = { kind: 'idle', lastNumber, helpCalled, ledgerLost };
  if (items.length === 0) return idle;
  return items.reduce<OpenState>(recognise, beginSale(idle, next, atMs));
}
