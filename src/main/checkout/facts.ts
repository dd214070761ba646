import { z } from 'zod';
import type { Product } from '../../shared/catalogue.ts';
import { fallbackLanguage } from '../../shared/language.ts';
import type { LocalNames } from '../../shared/language.ts';

/*
 * What the ledger keeps. A fact says what happened, priced and whole: whoever reads it needs neither
 * the catalogue nor the rules of that day. It never refuses and is never worked out again.
 *
 * A fact's form never changes once it is released. A new form is a new version: add its schema behind
 * the old one, and a function that lifts the old form to the new (`lifts`). A part more that may be
 * missing (`.optional()`) needs no new version: rows of before are read without it.
 */

const minor = z.int();
const id = z.string();
const timeMs = z.int();

/** Of a time when another language stood in for the rest, the first one does. */
function withFallback(names: Readonly<Record<string, string>>): LocalNames {
  const [first = ''] = Object.values(names);
  return { [fallbackLanguage]: first, ...names };
}

const product = z
  .strictObject({
    id,
    tag: z.string(),
    names: z.record(z.string(), z.string()).transform(withFallback),
    group: z.enum(['fruit', 'vegetables', 'drinks', 'pantry', 'other']),
    price: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('piece'), priceMinor: minor }).readonly(),
      z
        .strictObject({ kind: z.literal('weight'), pricePerKgMinor: minor, tareGrams: z.int() })
        .readonly(),
    ]),
    taxBasisPoints: z.int(),
    depositMinor: minor,
    organic: z.boolean(),
    plu: z.string().nullable(),
    picture: z.string().nullable(),
  })
  .readonly() satisfies z.ZodType<Product>;

const cartLine = z
  .strictObject({
    lineId: id,
    product,
    quantity: z.int(),
    weightGrams: z.int().nullable(),
    readingGrams: z.int().nullable(),
    photoId: id.nullable(),
    removed: z.boolean(),
    amountMinor: minor,
  })
  .readonly();

const totals = z
  .strictObject({
    totalMinor: minor,
    taxes: z
      .array(
        z.strictObject({ basisPoints: z.int(), grossMinor: minor, taxMinor: minor }).readonly(),
      )
      .readonly(),
  })
  .readonly();

/** What a change makes of the cart: the lines that are new or other, and all of them in order. */
const cartChange = z
  .strictObject({
    lines: z.array(cartLine).readonly(),
    order: z.array(id).readonly(),
    totals,
  })
  .readonly();

/** The item that came in last. */
const latest = z
  .strictObject({
    lineId: id,
    addedMinor: minor,
    /** Null when it was looked up without a thing on the tray. */
    placementId: id.nullable(),
    photoId: id.nullable(),
  })
  .readonly();

const placedParts = {
  /** Names the line, should it become one. */
  itemId: id,
  placementId: id,
  photoId: id.nullable(),
  /** What the scale shows, tare included; null without a reading. */
  weightGrams: z.int().nullable(),
  /** It may be nothing new: a hand, light, or what lay there before. It is asked about, never sold. */
  unsure: z.boolean(),
};

/** A thing on the tray that is not yet known. */
const placed = z.strictObject(placedParts).readonly();

const ask = z
  .strictObject({ kind: z.literal('ask'), placed, candidateIds: z.array(id).readonly() })
  .readonly();

const unknownItem = z
  .strictObject({
    kind: z.literal('unknown-item'),
    placed,
    suggestionIds: z.array(id).readonly(),
  })
  .readonly();
const recognitionDown = z.strictObject({ kind: z.literal('recognition-down'), placed }).readonly();
const noneOfThese = z.strictObject({ kind: z.literal('none-of-these'), placed, ask }).readonly();
const correction = z
  .strictObject({ kind: z.literal('correction'), lineId: id, product })
  .readonly();
const findItem = z.strictObject({ kind: z.literal('find-item') }).readonly();

/** What a chosen product is the answer to. */
const target = z.discriminatedUnion('kind', [
  ask,
  unknownItem,
  recognitionDown,
  noneOfThese,
  correction,
  findItem,
]);

/** The product has no price without a weight; `target` waits for another answer. */
const noWeight = z.strictObject({ kind: z.literal('no-weight'), product, target }).readonly();

const question = z.discriminatedUnion('kind', [
  ask,
  unknownItem,
  recognitionDown,
  noneOfThese,
  correction,
  findItem,
  noWeight,
]);

/** A decision with the product as it was sold: what the catalogue says later changes no sale. */
const recordedDecision = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accept'), product, probability: z.number() }).readonly(),
  z.strictObject({ kind: z.literal('ask'), candidateIds: z.array(id).readonly() }).readonly(),
  z.strictObject({ kind: z.literal('unknown'), suggestionIds: z.array(id).readonly() }).readonly(),
  z.strictObject({ kind: z.literal('recognition-down') }).readonly(),
]);

const recognisedItem = z
  .strictObject({
    ...placedParts,
    decision: recordedDecision,
    /** From lying still to recognised, where it was measured. */
    msSinceStill: z.number().nullable(),
  })
  .readonly();

/** How a part of a total was paid. */
const tender = z
  .strictObject({
    kind: z.literal('card'),
    amountMinor: minor,
    cardLabel: z.string(),
    /** The terminal's, for this payment. */
    reference: z.string(),
    /** What the terminal wants to have printed for the customer. */
    receiptLines: z.array(z.string()).readonly(),
  })
  .readonly();

/** All that a printer, a report, a fiscal journal or an outbox needs of a sale. */
const receipt = z
  .strictObject({
    saleId: id,
    number: z.int(),
    /** A sale for practice, which charges nobody. */
    isTraining: z.boolean(),
    currency: z.string(),
    lines: z.array(cartLine).readonly(),
    totals,
    tenders: z.array(tender).readonly(),
    startedAtMs: timeMs,
    paidAtMs: timeMs,
    completedAtMs: timeMs,
    /** Whether help was called during the sale. */
    wasHelped: z.boolean(),
  })
  .readonly();

/** Nothing besides its kind and time. */
const nothing: z.ZodType<object> = z.strictObject({});

/** Each kind's forms, oldest first: the version is the place in the list, from 1. */
const schemas = {
  'sale-begun': [z.strictObject({ saleId: id, currency: z.string(), isTraining: z.boolean() })],
  'item-added': [
    z.strictObject({
      productId: id,
      /** Null where it was found by hand. */
      probability: z.number().nullable(),
      msSinceStill: z.number().nullable(),
      latest,
      cart: cartChange,
    }),
  ],
  'item-corrected': [
    z.strictObject({ fromProductId: id, toProductId: id, latest, cart: cartChange }),
  ],
  'quantity-set': [
    z.strictObject({ lineId: id, productId: id, quantity: z.int(), cart: cartChange }),
  ],
  'line-removed': [
    z.strictObject({ lineId: id, productId: id, quantity: z.int(), cart: cartChange }),
  ],
  'change-undone': [z.strictObject({ cart: cartChange })],
  'question-asked': [z.strictObject({ question })],
  /** `next` takes its place: an earlier stage of it, or none. */
  'question-closed': [
    z.strictObject({
      questionId: id,
      how: z.enum(['answered', 'skipped', 'none-of-these', 'closed', 'needs-weight']),
      next: z.array(question).readonly(),
    }),
  ],
  'item-queued': [z.strictObject({ item: recognisedItem })],
  'queued-item-left': [z.strictObject({ placementId: id })],
  'payment-begun': [z.strictObject({ intentId: id, amountMinor: minor, currency: z.string() })],
  'payment-cancel-asked': [z.strictObject({ intentId: id })],
  /** `checks` counts how often the terminal was asked for the outcome so far. */
  'payment-unknown': [z.strictObject({ intentId: id, checks: z.int() })],
  'payment-approved': [
    z.strictObject({ intentId: id, amountMinor: minor, currency: z.string(), tender }),
  ],
  'payment-declined': [z.strictObject({ intentId: id })],
  'payment-cancelled': [z.strictObject({ intentId: id })],
  /** The shopper goes back to the cart after a payment that was declined. */
  'payment-left': [z.strictObject({ intentId: id })],
  'sale-completed': [z.strictObject({ receipt, closesAtMs: timeMs })],
  'receipt-closed': [z.strictObject({ by: z.enum(['shopper', 'time', 'next-item']) })],
  'still-there-asked': [z.strictObject({ endsAtMs: timeMs })],
  'still-there-answered': [nothing],
  /** Nobody answered "Still there?": the cart is thrown away. */
  'sale-abandoned': [z.strictObject({ saleId: id })],
  'sale-cancelled': [z.strictObject({ saleId: id, by: z.enum(['shopper', 'time']) })],
  'help-called': [nothing],
  'help-dismissed': [nothing],
  /** The app was started anew with this sale open. */
  'kiosk-restarted': [nothing],
} as const;

type Schemas = typeof schemas;
export type FactKind = keyof Schemas;
type Last<List extends readonly z.ZodType[]> = List extends readonly [...unknown[], infer Newest]
  ? Newest
  : never;

/** What a fact of this kind says besides its kind and time, in its newest form. */
export type FactBody<Kind extends FactKind> = Readonly<z.infer<Last<Schemas[Kind]>>>;
export type FactOf<Kind extends FactKind> = Kind extends FactKind
  ? { readonly kind: Kind; readonly atMs: number } & FactBody<Kind>
  : never;
export type Fact = FactOf<FactKind>;

export type CartChange = z.infer<typeof cartChange>;
export type Latest = z.infer<typeof latest>;
export type Placed = z.infer<typeof placed>;
export type Ask = z.infer<typeof ask>;
export type Target = z.infer<typeof target>;
export type Question = z.infer<typeof question>;
export type RecordedDecision = z.infer<typeof recordedDecision>;
export type RecognisedItem = z.infer<typeof recognisedItem>;
export type Tender = z.infer<typeof tender>;
export type Receipt = z.infer<typeof receipt>;

/** The ledger holds a fact that this app cannot read. */
export class UnreadableFactError extends Error {
  override readonly name = 'UnreadableFactError';
}

/** A row of the ledger, as far as its fact goes. */
export interface FactRow {
  readonly kind: string;
  readonly version: number;
  readonly atMs: number;
  readonly body: unknown;
}

type Lift = (body: never) => unknown;

/** From each kind's version n to n + 1, at place n - 1. None was needed so far. */
const lifts: Partial<Record<FactKind, readonly Lift[]>> = {};

/** The fact in a row, lifted to the newest form of its kind. Throws UnreadableFactError. */
export function readFact(row: FactRow): Fact {
  return readWith(schemas, lifts, row) as Fact;
}

/** `readFact` over any table of kinds. */
export function readWith(
  table: Readonly<Record<string, readonly z.ZodType[]>>,
  liftsOf: Readonly<Partial<Record<string, readonly Lift[]>>>,
  { kind, version, atMs, body }: FactRow,
): { readonly kind: string; readonly atMs: number } {
  const forms = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (forms === undefined) {
    throw new UnreadableFactError(
      `The ledger holds a fact of a kind that this app does not know, ${kind}: install the newer app again.`,
    );
  }
  const form = forms[version - 1];
  if (form === undefined) {
    throw new UnreadableFactError(
      `The ledger holds ${kind} in version ${version}, and this app knows ${forms.length}: install the newer app again.`,
    );
  }
  const read = form.safeParse(body);
  if (!read.success) {
    throw new UnreadableFactError(
      `The ledger holds a ${kind} that is not in the form of version ${version}: ${z.prettifyError(read.error)}`,
    );
  }
  const lifted = (liftsOf[kind] ?? [])
    .slice(version - 1)
    .reduce<unknown>((form, lift) => (lift as (body: unknown) => unknown)(form), read.data);
  return { kind, atMs, ...(lifted as object) };
}

/** How a fact is written: always in the newest form of its kind. */
export function rowOf({ kind, atMs, ...body }: Fact): FactRow {
  return { kind, version: schemas[kind].length, atMs, body };
}
