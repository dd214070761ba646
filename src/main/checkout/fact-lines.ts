import { assertNever } from '../../shared/assert-never.ts';
import type { Change } from './checkout.ts';
import type { Fact, Question } from './facts.ts';
import { isClosed } from './state.ts';

/**
 * The lines of `--json`: one flat object a fact, with `event` and `at` (ISO 8601, UTC). Products
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
type Said = readonly [name: string, fields: Fields];

/** What one change of the checkout says in public; most facts of mere view say nothing. */
export function eventLines({ before, facts, after }: Change, nowMs: number): readonly EventLine[] {
  const lines = facts.flatMap((fact) => factLines(fact));
  if (!isClosed(after) || isClosed(before)) return lines;
  return [...lines, lineOf(['out-of-order', { reason: after.closed }], nowMs)];
}

function factLines(fact: Fact): readonly EventLine[] {
  const said = saidOf(fact);
  return said === null ? [] : [lineOf(said, fact.atMs)];
}

function lineOf([event, fields]: Said, atMs: number): EventLine {
  return { event, at: new Date(atMs).toISOString(), ...fields };
}

function saidOf(fact: Fact): Said | null {
  switch (fact.kind) {
    case 'sale-begun':
      return ['sale-started', { sale: fact.saleId }];
    case 'item-added': {
      const { latest, productId: product, probability, msSinceStill } = fact;
      return [fact.kind, { line: latest.lineId, product, probability, msSinceStill }];
    }
    case 'item-corrected': {
      const { latest, fromProductId: from, toProductId: to } = fact;
      return ['corrected', { line: latest.lineId, from, to }];
    }
    case 'quantity-set':
    case 'line-removed': {
      const { lineId: line, productId: product, quantity } = fact;
      return [fact.kind, { line, product, quantity }];
    }
    case 'change-undone':
      return ['undone', {}];
    case 'question-asked':
      return askedLine(fact.question);
    case 'question-closed':
      return fact.how === 'skipped' ? ['left-out', {}] : null;
    case 'payment-begun': {
      const { intentId: intent, amountMinor, currency } = fact;
      return ['payment-started', { intent, amountMinor, currency }];
    }
    case 'payment-approved': {
      const { cardLabel, reference } = fact.tender;
      return [fact.kind, { intent: fact.intentId, tender: cardLabel, reference }];
    }
    case 'payment-declined':
    case 'payment-cancelled':
    case 'payment-unknown':
      return [fact.kind, { intent: fact.intentId }];
    case 'sale-completed': {
      const { saleId: sale, number, totals, currency } = fact.receipt;
      return [fact.kind, { sale, number, totalMinor: totals.totalMinor, currency }];
    }
    case 'sale-abandoned':
      return ['sale-suspended', { sale: fact.saleId }];
    case 'sale-cancelled':
      return [fact.kind, { sale: fact.saleId }];
    case 'help-called':
      return [fact.kind, {}];
    case 'kiosk-restarted':
      return ['interrupted', {}];
    // Of the window alone, or told by another fact that comes with it.
    case 'item-queued':
    case 'queued-item-left':
    case 'payment-cancel-asked':
    case 'payment-left':
    case 'receipt-closed':
    case 'still-there-asked':
    case 'still-there-answered':
    case 'help-dismissed':
      return null;
    default:
      return assertNever(fact);
  }
}

/** Only what the tray asks: what a shopper looks up is said once it is found. */
function askedLine(question: Question): Said | null {
  switch (question.kind) {
    case 'ask': {
      const { placed, candidateIds } = question;
      return ['asked', { placement: placed.placementId, candidates: candidateIds }];
    }
    case 'unknown-item':
      return unknownLine(question.placed.placementId, 'unknown');
    case 'recognition-down':
      return unknownLine(question.placed.placementId, question.kind);
    case 'no-weight':
      return 'placed' in question.target
        ? unknownLine(question.target.placed.placementId, question.kind)
        : null;
    default:
      return null;
  }
}

function unknownLine(placement: string, reason: string): Said {
  return ['unknown', { placement, reason }];
}
