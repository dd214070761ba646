import { assertNever } from '../../shared/assert-never.ts';
import {
  addItem,
  countedLines,
  hasPrice,
  removeLine,
  removeOne,
  replaceOne,
  setQuantity,
} from './cart.ts';
import type { GrownCart, Item } from './cart.ts';
import { changeOf } from './cart-change.ts';
import type { CheckoutCommand, ItemRecognised, KnownOutcome, NextSale } from './commands.ts';
import { evolve } from './evolve.ts';
import type {
  Fact,
  FactBody,
  FactKind,
  FactOf,
  Placed,
  Question,
  RecognisedItem,
  Target,
} from './facts.ts';
import type { Cart } from './price-cart.ts';
import { isClosed, questionIdOf, saleOf } from './state.ts';
import type { Approved, CheckoutState, Phase, ReceiptShown, Sale, Shopping } from './state.ts';

/** What the driver has to do once the facts are in the ledger. */
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

/** No facts, no effects: the command means nothing in this state. */
export interface Decision {
  readonly facts: readonly Fact[];
  /** What the facts lead to, by `evolve`. */
  readonly state: CheckoutState;
  readonly effects: readonly Effect[];
}

/** Facts as they come about, and the state that they lead to. */
interface Draft {
  readonly state: () => CheckoutState;
  readonly record: <Kind extends FactKind>(kind: Kind, body: FactBody<Kind>) => void;
  readonly effect: (effect: Effect) => void;
}

/**
 * The checkout's whole decision (drawn in state.ts): what a command makes happen. Pure. What it says has
 * happened is a list of facts; `evolve` says what they lead to.
 */
export function decide(before: CheckoutState, command: CheckoutCommand): Decision {
  const facts: Fact[] = [];
  const effects: Effect[] = [];
  let state = before;
  const record: Draft['record'] = (kind, body) => {
    const fact = { kind, atMs: command.atMs, ...body } as Fact;
    const next = evolve(state, fact);
    // What changes nothing did not happen.
    if (next === state) return;
    facts.push(fact);
    state = next;
  };
  const draft: Draft = {
    state: () => state,
    record,
    effect: (effect) => {
      effects.push(effect);
    },
  };
  follow(draft, command);
  if (facts.length === 0 && command.kind !== 'still-there-asked') {
    if (saleOf(before)?.abandonsAtMs) record('still-there-answered', {});
  }
  return { facts, state, effects };
}

function follow(draft: Draft, command: CheckoutCommand): void {
  if (command.kind === 'help-called' || command.kind === 'help-dismissed') {
    draft.record(command.kind, {});
    return;
  }
  const state = draft.state();
  const { phase } = state;
  if (isClosed(state)) {
    // The cart that was open when it closed.
    if (command.kind === 'sale-abandoned' && 'sale' in phase) abandon(draft, phase.sale);
    return;
  }
  switch (phase.kind) {
    case 'idle':
      return whenIdle(draft, command);
    case 'shopping':
      return whenShopping(draft, phase, command);
    case 'paying':
    case 'cancelling':
    case 'checking':
      return whenPaying(draft, phase, command);
    case 'declined':
      return whenDeclined(draft, phase, command);
    case 'approved':
      return whenApproved(draft, phase, command);
    case 'receipt':
      return whenReceipt(draft, phase, command);
    default:
      return assertNever(phase);
  }
}

function whenIdle(draft: Draft, command: CheckoutCommand): void {
  switch (command.kind) {
    case 'sale-started':
      return beginSale(draft, command);
    case 'item-recognised':
      beginSale(draft, command.nextSale);
      return recognise(draft, command.item);
    default:
  }
}

function abandon(draft: Draft, { saleId }: Sale): void {
  draft.record('sale-abandoned', { saleId });
}

function beginSale(draft: Draft, { saleId, currency }: NextSale): void {
  draft.record('sale-begun', { saleId, currency, isTraining: false });
}

function whenShopping(draft: Draft, phase: Shopping, command: CheckoutCommand): void {
  const { sale } = phase;
  switch (command.kind) {
    case 'item-recognised':
      return recognise(draft, command.item);
    case 'still-there-asked':
      return draft.record('still-there-asked', { endsAtMs: command.endsAtMs });
    case 'sale-abandoned':
      return abandon(draft, sale);
    case 'sale-cancelled':
      return draft.record('sale-cancelled', { saleId: sale.saleId, by: command.by });
    default:
  }
  const question = phase.questions[0];
  if (question !== undefined) return answer(draft, question, command);
  shop(draft, sale, command);
}

/** With no question open. */
function shop(draft: Draft, sale: Sale, command: CheckoutCommand): void {
  const { cart, currency } = sale;
  switch (command.kind) {
    case 'lookup-opened':
      return draft.record('question-asked', { question: { kind: 'find-item' } });
    case 'quantity-set': {
      const { lineId, quantity } = command;
      const after = setQuantity(cart, lineId, quantity, currency);
      if (after === null) return;
      const { product } = lineOf(cart, lineId)!;
      return draft.record('quantity-set', {
        lineId,
        productId: product.id,
        quantity,
        cart: changeOf(cart, after),
      });
    }
    case 'line-removed': {
      const line = lineOf(cart, command.lineId);
      if (line === undefined) return;
      return removed(draft, line, line.quantity, removeLine(cart, line.lineId, currency)!);
    }
    case 'correction-started': {
      const line = lineOf(cart, command.lineId);
      if (line === undefined) return;
      const { lineId, product } = line;
      return draft.record('question-asked', { question: { kind: 'correction', lineId, product } });
    }
    case 'undone': {
      const before = sale.past.at(-1);
      if (before === undefined) return;
      return draft.record('change-undone', { cart: changeOf(cart, before) });
    }
    case 'payment-started':
      return startPayment(draft, sale, command);
    default:
  }
}

function lineOf(cart: Cart, lineId: string): Cart['lines'][number] | undefined {
  return countedLines(cart).find((line) => line.lineId === lineId);
}

function removed(
  draft: Draft,
  { lineId, product }: Cart['lines'][number],
  quantity: number,
  after: Cart,
): void {
  const before = saleOf(draft.state())!.cart;
  const cart = changeOf(before, after);
  draft.record('line-removed', { lineId, productId: product.id, quantity, cart });
}

/** A thing on the tray joins the sale, or a question about it does. */
function recognise(draft: Draft, item: RecognisedItem): void {
  const sale = saleOf(draft.state());
  if (sale === null) return;
  const { decision, itemId, placementId, photoId, weightGrams, unsure, msSinceStill } = item;
  const placed: Placed = { itemId, placementId, photoId, weightGrams, unsure };
  const ask = (question: Question): void => draft.record('question-asked', { question });
  switch (decision.kind) {
    case 'accept': {
      const { product, probability } = decision;
      const sold: Item = { itemId, product, readingGrams: weightGrams, photoId };
      if (!hasPrice(sold, sale.currency)) {
        const target: Target = { kind: 'unknown-item', placed, suggestionIds: [] };
        return ask({ kind: 'no-weight', product, target });
      }
      const grown = addItem(sale.cart, sold, sale.currency);
      return added(draft, grown, sold, { placementId, probability, msSinceStill });
    }
    case 'ask':
      return ask({ kind: 'ask', placed, candidateIds: decision.candidateIds });
    case 'unknown':
      return ask({ kind: 'unknown-item', placed, suggestionIds: decision.suggestionIds });
    case 'recognition-down':
      return ask({ kind: 'recognition-down', placed });
    default:
      return assertNever(decision);
  }
}

interface Found {
  readonly placementId: string | null;
  /** Null where it was found by hand. */
  readonly probability: number | null;
  readonly msSinceStill: number | null;
}

function added(
  draft: Draft,
  { cart, lineId, addedMinor }: GrownCart,
  { product, photoId }: Item,
  { placementId, probability, msSinceStill }: Found,
): void {
  draft.record('item-added', {
    productId: product.id,
    probability,
    msSinceStill,
    latest: { lineId, addedMinor, placementId, photoId },
    cart: changeOf(saleOf(draft.state())!.cart, cart),
  });
}

function answer(draft: Draft, question: Question, command: CheckoutCommand): void {
  const target = question.kind === 'no-weight' ? question.target : question;
  const questionId = questionIdOf(question);
  if ('questionId' in command && command.questionId !== questionId) return;
  const close = (how: FactOf<'question-closed'>['how'], next: readonly Question[] = []): void =>
    draft.record('question-closed', { questionId, how, next });
  switch (command.kind) {
    case 'product-chosen':
      return choose(draft, target, command, close);
    case 'none-of-these': {
      if (question.kind !== 'ask') return;
      return close('none-of-these', [
        { kind: 'none-of-these', placed: question.placed, ask: question },
      ]);
    }
    case 'left-out': {
      if (target.kind !== 'correction') return close('skipped');
      const { cart, currency } = saleOf(draft.state())!;
      const line = lineOf(cart, target.lineId);
      if (line !== undefined) removed(draft, line, 1, removeOne(cart, line.lineId, currency)!);
      return close('answered');
    }
    case 'lookup-closed': {
      const next = afterClosing(question);
      if (!next.includes(question)) close('closed', next);
      return;
    }
    default:
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
  draft: Draft,
  target: Target,
  { product, itemId, weightGrams }: Extract<CheckoutCommand, { kind: 'product-chosen' }>,
  close: (how: 'answered' | 'needs-weight', next?: readonly Question[]) => void,
): void {
  const { cart, currency } = saleOf(draft.state())!;
  if (target.kind === 'correction') {
    const line = lineOf(cart, target.lineId);
    if (line === undefined || line.product.id === product.id) return close('answered');
    const { photoId } = line;
    const item: Item = {
      itemId,
      product,
      readingGrams: line.readingGrams ?? weightGrams,
      photoId,
    };
    if (!hasPrice(item, currency)) {
      return close('needs-weight', [{ kind: 'no-weight', product, target }]);
    }
    const after = replaceOne(cart, target.lineId, item, currency)!;
    const { lineId, addedMinor } = after;
    draft.record('item-corrected', {
      fromProductId: line.product.id,
      toProductId: product.id,
      latest: { lineId, addedMinor, placementId: null, photoId },
      cart: changeOf(cart, after.cart),
    });
    return close('answered');
  }
  const placed = target.kind === 'find-item' ? null : target.placed;
  const item: Item = {
    itemId: placed?.itemId ?? itemId,
    product,
    readingGrams: placed?.weightGrams ?? weightGrams,
    photoId: placed?.photoId ?? null,
  };
  if (!hasPrice(item, currency)) {
    return close('needs-weight', [{ kind: 'no-weight', product, target }]);
  }
  const byHand: Found = {
    placementId: placed?.placementId ?? null,
    probability: null,
    msSinceStill: null,
  };
  added(draft, addItem(cart, item, currency), item, byHand);
  close('answered');
}

function startPayment(
  draft: Draft,
  { cart, currency }: Sale,
  command: Extract<CheckoutCommand, { kind: 'payment-started' }>,
): void {
  const { intentId, amountMinor } = command;
  // The ledger's amount is what the shopper saw, or nothing is charged at all.
  if (amountMinor !== cart.totals.totalMinor) return;
  if (amountMinor === 0 || command.currency !== currency) return;
  draft.record('payment-begun', { intentId, amountMinor, currency });
  draft.effect({ kind: 'ask-terminal', intentId, amountMinor, currency });
}

type WithQueue = Extract<Phase, { queued: unknown }>;

/** What each phase that queues items does with them. */
function whenQueueing(draft: Draft, command: CheckoutCommand): void {
  switch (command.kind) {
    case 'item-recognised':
      return draft.record('item-queued', { item: command.item });
    case 'item-left-tray':
      return draft.record('queued-item-left', { placementId: command.placementId });
    default:
  }
}

function whenPaying(
  draft: Draft,
  { kind, payment, sale, queued }: Extract<Phase, { kind: 'paying' | 'cancelling' | 'checking' }>,
  command: CheckoutCommand,
): void {
  const { intentId, amountMinor } = payment;
  const check = (checks: number): void => draft.effect({ kind: 'check-payment', intentId, checks });
  switch (command.kind) {
    case 'cancel-asked': {
      if (kind !== 'paying') return;
      draft.record('payment-cancel-asked', { intentId });
      return draft.effect({ kind: 'cancel-payment', intentId });
    }
    case 'outcome-arrived': {
      if (command.intentId !== intentId) return;
      const { currency } = sale;
      return settle(draft, { intentId, amountMinor, currency, queued }, command.outcome);
    }
    case 'outcome-unknown': {
      if (command.intentId !== intentId) return;
      draft.record('payment-unknown', { intentId, checks: command.checks });
      return check(command.checks);
    }
    case 'kiosk-restarted':
      draft.record('kiosk-restarted', {});
      return check(0);
    default:
      whenQueueing(draft, command);
  }
}

function settle(
  draft: Draft,
  {
    intentId,
    amountMinor,
    currency,
    queued,
  }: { intentId: string; amountMinor: number; currency: string } & Pick<WithQueue, 'queued'>,
  outcome: KnownOutcome,
): void {
  switch (outcome.kind) {
    case 'approved': {
      const { tender: cardLabel, reference } = outcome;
      draft.record('payment-approved', {
        intentId,
        amountMinor,
        currency,
        tender: { kind: 'card', amountMinor, cardLabel, reference, receiptLines: [] },
      });
      return draft.effect({ kind: 'complete-sale' });
    }
    case 'declined':
      return draft.record('payment-declined', { intentId });
    case 'cancelled':
      draft.record('payment-cancelled', { intentId });
      return join(draft, queued);
    default:
      return assertNever(outcome);
  }
}

/** What was laid down during the payment joins the sale that goes on. */
function join(draft: Draft, queued: WithQueue['queued']): void {
  if (isClosed(draft.state())) return;
  for (const { item } of queued) recognise(draft, item);
}

function whenDeclined(
  draft: Draft,
  phase: Extract<Phase, { kind: 'declined' }>,
  command: CheckoutCommand,
): void {
  const { sale, payment, queued } = phase;
  const backToCart = (): void => {
    draft.record('payment-left', { intentId: payment.intentId });
    join(draft, queued);
  };
  switch (command.kind) {
    case 'payment-returned':
      return backToCart();
    case 'payment-started':
      // What was laid down meanwhile has to be seen before it is paid.
      return queued.length > 0 ? backToCart() : startPayment(draft, sale, command);
    case 'still-there-asked':
      return draft.record('still-there-asked', { endsAtMs: command.endsAtMs });
    case 'sale-abandoned':
      return abandon(draft, sale);
    case 'kiosk-restarted':
      return draft.record('kiosk-restarted', {});
    default:
      whenQueueing(draft, command);
  }
}

function whenApproved(draft: Draft, phase: Approved, command: CheckoutCommand): void {
  switch (command.kind) {
    case 'sale-completed': {
      const { number, atMs, closesAtMs } = command;
      return draft.record('sale-completed', {
        receipt: receiptOf(phase, number, atMs),
        closesAtMs,
      });
    }
    case 'kiosk-restarted':
      draft.record('kiosk-restarted', {});
      return draft.effect({ kind: 'complete-sale' });
    default:
      whenQueueing(draft, command);
  }
}

/** As it was paid: nothing is priced again. */
function receiptOf(
  { sale, tender, paidAtMs }: Approved,
  number: number,
  completedAtMs: number,
): FactBody<'sale-completed'>['receipt'] {
  const { saleId, isTraining, currency, cart, startedAtMs, wasHelped } = sale;
  return {
    saleId,
    number,
    isTraining,
    currency,
    lines: countedLines(cart),
    totals: cart.totals,
    tenders: [tender],
    startedAtMs,
    paidAtMs,
    completedAtMs,
    wasHelped,
  };
}

function whenReceipt(draft: Draft, phase: ReceiptShown, command: CheckoutCommand): void {
  switch (command.kind) {
    case 'item-recognised':
      // There is no next sale.
      if (draft.state().closed !== null) return;
      // A hand that clears the tray is no next shopper; what is still there then is asked about.
      if (command.item.unsure) return whenQueueing(draft, command);
      return nextSale(draft, phase, 'next-item', command);
    case 'receipt-done':
      return nextSale(draft, phase, command.by, command);
    case 'kiosk-restarted':
      return draft.record('kiosk-restarted', {});
    default:
      whenQueueing(draft, command);
  }
}

/** Begins with what still lies on the tray; with nothing there, back to welcome. */
function nextSale(
  draft: Draft,
  { queued }: ReceiptShown,
  by: FactOf<'receipt-closed'>['by'],
  command: ItemRecognised | Extract<CheckoutCommand, { kind: 'receipt-done' }>,
): void {
  const lying = queued.filter(({ leftTray }) => !leftTray).map(({ item }) => item);
  const items = command.kind === 'item-recognised' ? [...lying, command.item] : lying;
  draft.record('receipt-closed', { by });
  if (items.length === 0 || isClosed(draft.state())) return;
  beginSale(draft, command.nextSale);
  for (const item of items) recognise(draft, item);
}
