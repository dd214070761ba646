import { totalMinor } from './cart.ts';
import type { Change } from './checkout.ts';
import type { ItemRecognised } from './events.ts';
import { saleOf } from './state.ts';
import type { CheckoutState } from './state.ts';

/**
 * The lines of `--json`: one flat object an event, with `event` and `at` (ISO 8601, UTC). Products
 * are the catalogue's ids, amounts whole minor units. Names stay as they are; new ones may come.
 *
 *   sale-started        sale
 *   item-added          line, product, probability (null when found by hand), msSinceStill (or null)
 *   asked               placement, candidates (ids)
 *   unknown             placement, reason ("unknown", "recognition-down" or "no-weight")
 *   left-out
 *   line-removed        line, product, quantity
 *   quantity-set        line, product, quantity
 *   corrected           line, from, to
 *   undone
 *   help-called
 *   payment-started     intent, amountMinor, currency
 *   payment-approved    intent, tender, reference
 *   payment-declined    intent
 *   payment-cancelled   intent
 *   payment-unknown     intent
 *   sale-completed      sale, number, totalMinor, currency
 *   sale-suspended      sale
 *   sale-cancelled      sale
 *   interrupted
 *   out-of-order        reason
 */
export interface EventLine {
  readonly event: string;
  readonly at: string;
  readonly [field: string]: string | number | null | readonly string[];
}

type Fields = Readonly<Record<string, string | number | null | readonly string[]>>;

/** What one change of the checkout says in public; most changes of mere view say nothing. */
export function eventLines({ before, event, after }: Change): readonly EventLine[] {
  const at = new Date(event.atMs).toISOString();
  const begun =
    after !== before && saleOf(after) !== null && saleOf(after)?.saleId !== saleOf(before)?.saleId
      ? [['sale-started', { sale: saleOf(after)?.saleId ?? null }] as const]
      : [];
  const ended =
    after.kind === 'out-of-order' && before.kind !== 'out-of-order'
      ? [['out-of-order', { reason: after.reason }] as const]
      : [];
  return [
    ...begun,
    ...said({ before, event, after }),
    ...released(before, event, after),
    ...ended,
  ].map(([name, fields]) => ({ event: name, at, ...fields }));
}

type Said = readonly (readonly [name: string, fields: Fields])[];

function said({ before, event, after }: Change): Said {
  const sale = saleOf(before);
  const line = (lineId: string) => sale?.cart.find((each) => each.lineId === lineId);
  switch (event.kind) {
    case 'item-recognised':
      return isOpen(after) ? itemLines(event, after) : [];
    case 'product-chosen':
      return chosenLines({ before, event, after });
    case 'left-out': {
      const lookup = before.kind === 'looking-up' ? before.lookup : null;
      const target = lookup?.kind === 'no-weight' ? lookup.target : lookup;
      if (target?.kind !== 'correction') return [['left-out', {}]];
      return [['line-removed', { line: target.lineId, product: target.product.id, quantity: 1 }]];
    }
    case 'line-removed': {
      const { product, quantity } = line(event.lineId) ?? {};
      return [
        [event.kind, { line: event.lineId, product: product?.id ?? null, quantity: quantity ?? 0 }],
      ];
    }
    case 'quantity-set': {
      const product = line(event.lineId)?.product.id ?? null;
      return [[event.kind, { line: event.lineId, product, quantity: event.quantity }]];
    }
    case 'payment-started': {
      if (after.kind !== 'paying') return [];
      const { intentId, amountMinor, currency } = event;
      return [[event.kind, { intent: intentId, amountMinor, currency }]];
    }
    case 'outcome-arrived': {
      const { intentId, outcome } = event;
      if (outcome.kind !== 'approved') return [[`payment-${outcome.kind}`, { intent: intentId }]];
      const { tender, reference } = outcome;
      return [['payment-approved', { intent: intentId, tender, reference }]];
    }
    case 'outcome-unknown':
      return [['payment-unknown', { intent: event.intentId }]];
    case 'sale-completed': {
      if (sale === null) return [];
      const { saleId, cart, currency } = sale;
      const { number } = event;
      return [
        [event.kind, { sale: saleId, number, totalMinor: totalMinor(cart, currency), currency }],
      ];
    }
    case 'sale-suspended':
    case 'sale-cancelled':
      return [[event.kind, { sale: sale?.saleId ?? null }]];
    case 'undone':
    case 'help-called':
    case 'interrupted':
      return [[event.kind, {}]];
    default:
      return [];
  }
}

function isOpen(state: CheckoutState): boolean {
  return state.kind === 'shopping' || state.kind === 'asking' || state.kind === 'looking-up';
}

function itemLines(event: ItemRecognised, after: CheckoutState): Said {
  const { decision, placementId, itemId, msSinceStill } = event;
  const placement = placementId;
  switch (decision.kind) {
    case 'accept': {
      const { product, probability } = decision;
      const latest = saleOf(after)?.latest;
      const line =
        latest?.placementId === placementId
          ? latest.lineId
          : saleOf(after)?.cart.find(({ lineId }) => lineId === itemId)?.lineId;
      if (line === undefined) return [['unknown', { placement, reason: 'no-weight' }]];
      return [['item-added', { line, product: product.id, probability, msSinceStill }]];
    }
    case 'ask':
      return [['asked', { placement, candidates: decision.candidateIds }]];
    case 'unknown':
    case 'recognition-down':
      return [['unknown', { placement, reason: decision.kind }]];
  }
}

/** What was held during a payment comes in with the event that lets it in. */
function released(before: CheckoutState, event: Change['event'], after: CheckoutState): Said {
  if (!('held' in before) || !isOpen(after)) return [];
  return before.held
    .filter(({ leftTray }) => !leftTray || before.kind !== 'receipt')
    .flatMap(({ recognised }) => (recognised === event ? [] : itemLines(recognised, after)));
}

function chosenLines({ before, event, after }: Change): Said {
  if (event.kind !== 'product-chosen') return [];
  const latest = saleOf(after)?.latest;
  const grown = saleOf(after)?.cart !== saleOf(before)?.cart;
  if (!grown || latest === null || latest === undefined) return [];
  const lookup = before.kind === 'looking-up' ? before.lookup : null;
  const target = lookup?.kind === 'no-weight' ? lookup.target : lookup;
  const line = latest.lineId;
  const product = event.product.id;
  if (target?.kind === 'correction') {
    return [['corrected', { line, from: target.product.id, to: product }]];
  }
  return [['item-added', { line, product, probability: null, msSinceStill: null }]];
}
