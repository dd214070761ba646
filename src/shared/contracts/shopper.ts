import { z } from 'zod';
import type { ProductGroup } from '../catalogue.ts';
import { languageCodes } from '../language.ts';
import { maxQuantity } from '../quantity.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';
import { request, typed } from './contract.ts';
import type { Contract } from './contract.ts';
import { id, nothing } from './values.ts';

/** A product as the lookup shows it. */
export interface LookupEntry extends Candidate {
  readonly group: ProductGroup;
  readonly plu: string | null;
}

/** A frame of what the camera, or the demo's world view, shows. */
export interface PreviewPicture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Made of a product's id and an item's. */
const questionId = z.string().regex(/^[\w.:-]{1,200}$/);
const line = z.strictObject({ lineId: id });
const question = z.strictObject({ questionId });

/** What a shopper may cause, and what the shopper's window is told. */
export const shopper = {
  audience: 'shopper',
  requests: {
    'kiosk:snapshot': request(nothing, typed<Snapshot>()),
    /** The last frame; null before the first. */
    'preview:latest': request(nothing, typed<PreviewPicture | null>()),
    'catalogue:list': request(nothing, typed<readonly LookupEntry[]>()),
    'language:choose': request(z.strictObject({ language: z.enum(languageCodes) })),
    'display:choose': request(
      z.strictObject({ largerText: z.boolean(), highContrast: z.boolean(), lowered: z.boolean() }),
    ),
    'help:call': request(nothing),
    'help:dismiss': request(nothing),
    /** Leaves the welcome screen without an item. */
    'sale:start': request(nothing),
    'sale:undo': request(nothing),
    /** Empties the cart and returns to welcome; only before payment. */
    'sale:cancel': request(nothing),
    /** Charges what was seen, the snapshot's total, or nothing where the cart has changed since. */
    'sale:pay': request(z.strictObject({ totalMinor: z.int().min(0) })),
    'payment:cancel': request(nothing),
    /** From "declined" back to the cart. */
    'payment:back': request(nothing),
    'receipt:done': request(nothing),
    /** "I am here" to "Still there?". */
    'shopper:present': request(nothing),
    'line:set-quantity': request(line.extend({ quantity: z.int().min(0).max(maxQuantity) })),
    'line:remove': request(line),
    /** "Not this": asks what it is instead. */
    'line:correct': request(line),
    /** Answers an ask or a lookup, whatever it is for; an answer to another question is dropped. */
    'product:choose': request(question.extend({ productId: id })),
    /** "None of these": from ask to lookup. */
    'ask:none': request(question),
    /** "Leave it out": the thing on the tray is not sold. */
    'item:leave-out': request(question),
    /** "Find item": opens the lookup without a thing on the tray. */
    'lookup:open': request(nothing),
    'lookup:close': request(question),
  },
  messages: {},
  events: {
    'kiosk:changed': typed<Snapshot>(),
    'preview:changed': typed<PreviewPicture>(),
  },
} satisfies Contract;

export type Shopper = typeof shopper;
