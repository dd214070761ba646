import { z } from 'zod';
import type { Channel, Requests } from '../../shared/ipc.ts';
import { languages } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import { maxQuantity } from '../../shared/quantity.ts';

/** Ids are made by this app or come from its catalogue: short, and plain in logs and urls. */
const id = z.string().regex(/^[\w.:-]{1,100}$/);
/** Made of a product's id and an item's. */
const questionId = z.string().regex(/^[\w.:-]{1,200}$/);
const nothing = z.null();
const languageCodes = Object.keys(languages) as [Language, ...Language[]];

/** What each channel's argument must be; all that comes from a window goes through here. */
export const requestArguments: { readonly [C in Channel]: z.ZodType<Requests[C]['argument']> } = {
  'kiosk:snapshot': nothing,
  'catalogue:list': nothing,
  'language:choose': z.strictObject({ language: z.enum(languageCodes) }),
  'display:choose': z.strictObject({
    largerText: z.boolean(),
    highContrast: z.boolean(),
    lowered: z.boolean(),
  }),
  'help:call': nothing,
  'help:dismiss': nothing,
  'sale:start': nothing,
  'sale:undo': nothing,
  'sale:cancel': nothing,
  'sale:pay': z.strictObject({ totalMinor: z.int().min(0) }),
  'payment:cancel': nothing,
  'payment:back': nothing,
  'receipt:done': nothing,
  'shopper:present': nothing,
  'line:set-quantity': z.strictObject({ lineId: id, quantity: z.int().min(0).max(maxQuantity) }),
  'line:remove': z.strictObject({ lineId: id }),
  'line:correct': z.strictObject({ lineId: id }),
  'product:choose': z.strictObject({ questionId, productId: id }),
  'ask:none': z.strictObject({ questionId }),
  'item:leave-out': z.strictObject({ questionId }),
  'lookup:open': nothing,
  'lookup:close': z.strictObject({ questionId }),
  'demo:lay': z.strictObject({ productId: id }),
  'demo:take': z.strictObject({ instanceId: id }),
};
