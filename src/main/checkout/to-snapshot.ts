import { assertNever } from '../../shared/assert-never.ts';
import type { Catalogue, Product } from '../../shared/catalogue.ts';
import type { Region } from '../../shared/frame.ts';
import type { Language } from '../../shared/language.ts';
import type {
  Candidate,
  CartView,
  Display,
  LatestItem,
  LineView,
  LookupReason,
  Notice,
  Screen,
  Snapshot,
  StoreView,
} from '../../shared/snapshot.ts';
import { itemCount } from './cart.ts';
import type { Question } from './facts.ts';
import type { CartLine } from './price-cart.ts';
import { isClosed, questionIdOf, saleOf } from './state.ts';
import type { CheckoutState, ReceiptShown, Sale, Shopping } from './state.ts';

type Lookup = Exclude<Question, { readonly kind: 'ask' }>;

/** What a snapshot shows besides the checkout's state. */
export interface SnapshotContext {
  readonly revision: number;
  readonly store: StoreView;
  readonly language: Language;
  readonly display: Display;
  readonly notices: readonly Notice[];
  /** A thing lies on the tray and is being recognised. */
  readonly looking: boolean;
  readonly catalogue: Catalogue;
  /** Null where the photo is not kept any more. */
  readonly photoUrl: (photoId: string) => string | null;
  /** For a file name of the catalogue's picture folder. */
  readonly pictureUrl: (picture: string) => string;
  /** Where the placement's thing lies now; null when it has gone. */
  readonly regionOf: (placementId: string) => Region | null;
}

export function toSnapshot(state: CheckoutState, context: SnapshotContext): Snapshot {
  const { revision, store, language, display, notices } = context;
  const sale = saleOf(state);
  return {
    revision,
    store,
    language,
    display,
    screen: screenOf(state, context),
    cart: cartView(state, sale, context),
    notices,
    helpCalled: state.helpCalled,
    suspendsAtMs: sale?.abandonsAtMs ?? null,
  };
}

/** A product as a choice in an ask or a lookup. */
export function toCandidate(
  product: Product,
  pictureUrl: SnapshotContext['pictureUrl'],
): Candidate {
  const { id, names, picture, price, organic } = product;
  return {
    productId: id,
    names,
    pictureUrl: picture === null ? null : pictureUrl(picture),
    price,
    organic,
  };
}

function screenOf(state: CheckoutState, context: SnapshotContext): Screen {
  const { phase, closed } = state;
  if (closed !== null && isClosed(state)) return { kind: 'out-of-order', reason: closed };
  switch (phase.kind) {
    case 'idle':
      return { kind: 'welcome' };
    case 'shopping':
      return shoppingScreen(phase, context);
    // Approved lasts for a moment before the receipt, too short to be shown as anything else.
    case 'paying':
    case 'approved':
      return payingScreen(phase.payment.amountMinor, 'waiting');
    case 'cancelling':
    case 'checking':
    case 'declined':
      return payingScreen(phase.payment.amountMinor, phase.kind);
    case 'receipt':
      return receiptScreen(phase, context);
    default:
      return assertNever(phase);
  }
}

function shoppingScreen({ sale, questions }: Shopping, context: SnapshotContext): Screen {
  const [question] = questions;
  if (question === undefined) {
    return { kind: 'cart', latest: latestItem(sale, context), looking: context.looking };
  }
  if (question.kind !== 'ask') return lookupScreen(question, sale, context);
  const { placed, candidateIds } = question;
  return {
    kind: 'ask',
    questionId: questionIdOf(question),
    photoUrl: photoUrl(placed.photoId, context),
    candidates: candidates(candidateIds, context),
    unsure: placed.unsure,
  };
}

function payingScreen(
  amountMinor: number,
  stage: 'waiting' | 'cancelling' | 'checking' | 'declined',
): Screen {
  return { kind: 'paying', amountMinor, stage: { kind: stage } };
}

function receiptScreen({ receipt, closesAtMs }: ReceiptShown, context: SnapshotContext): Screen {
  const { saleId, number, completedAtMs, lines, totals, tenders } = receipt;
  return {
    kind: 'receipt',
    receipt: {
      saleId,
      number,
      completedAtMs,
      lines: lineViews(lines, context),
      totalMinor: totals.totalMinor,
      taxes: totals.taxes,
      tender: tenders.map(({ cardLabel }) => cardLabel).join(', '),
      closesAtMs,
    },
  };
}

function lookupScreen(lookup: Lookup, sale: Sale, context: SnapshotContext): Screen {
  const target = lookup.kind === 'no-weight' ? lookup.target : lookup;
  const photoId =
    target.kind === 'correction'
      ? sale.cart.lines.find(({ lineId }) => lineId === target.lineId)?.photoId
      : target.kind === 'find-item'
        ? null
        : target.placed.photoId;
  const suggestionIds = lookup.kind === 'unknown-item' ? lookup.suggestionIds : [];
  return {
    kind: 'lookup',
    questionId: questionIdOf(lookup),
    reason: lookupReason(lookup),
    photoUrl: photoUrl(photoId ?? null, context),
    suggestions: candidates(suggestionIds, context),
    // Without a weight its product is known already.
    unsure: 'placed' in lookup && lookup.placed.unsure,
  };
}

function lookupReason(lookup: Lookup): LookupReason {
  switch (lookup.kind) {
    case 'unknown-item':
    case 'recognition-down':
    case 'none-of-these':
      return { kind: lookup.kind, placementId: lookup.placed.placementId };
    case 'correction':
      return { kind: 'correction', lineId: lookup.lineId, productName: lookup.product.names };
    case 'no-weight':
      return { kind: 'no-weight', productName: lookup.product.names };
    case 'find-item':
      return { kind: 'find-item' };
    default:
      return assertNever(lookup);
  }
}

function candidates(ids: readonly string[], context: SnapshotContext): readonly Candidate[] {
  return ids.flatMap((id) => {
    const product = context.catalogue.products.find((each) => each.id === id);
    return product === undefined ? [] : [toCandidate(product, context.pictureUrl)];
  });
}

function photoUrl(photoId: string | null, context: SnapshotContext): string | null {
  return photoId === null ? null : context.photoUrl(photoId);
}

function latestItem({ latest, cart }: Sale, context: SnapshotContext): LatestItem | null {
  const line = cart.lines.find(({ lineId }) => lineId === latest?.lineId);
  if (latest === null || line === undefined) return null;
  const { lineId, addedMinor, placementId, photoId } = latest;
  return {
    lineId,
    names: line.product.names,
    addedMinor,
    region: placementId === null ? null : context.regionOf(placementId),
    photoUrl: photoUrl(photoId, context),
  };
}

function cartView(state: CheckoutState, sale: Sale | null, context: SnapshotContext): CartView {
  if (sale === null) {
    return { lines: [], itemCount: 0, totalMinor: 0, taxes: [], canUndo: false };
  }
  const { cart, past } = sale;
  const { phase } = state;
  const isFree = phase.kind === 'shopping' && phase.questions.length === 0;
  return {
    lines: lineViews(cart.lines, context),
    itemCount: itemCount(cart),
    totalMinor: cart.totals.totalMinor,
    taxes: cart.totals.taxes,
    canUndo: isFree && past.length > 0,
  };
}

function lineViews(lines: readonly CartLine[], context: SnapshotContext): readonly LineView[] {
  return lines.map((line) => {
    const { lineId, product, quantity, weightGrams, photoId, removed, amountMinor } = line;
    return {
      lineId,
      productId: product.id,
      names: product.names,
      price: product.price,
      quantity,
      weightGrams,
      depositMinor: product.depositMinor,
      amountMinor,
      pictureUrl: product.picture === null ? null : context.pictureUrl(product.picture),
      photoUrl: photoUrl(photoId, context),
      removed,
    };
  });
}
