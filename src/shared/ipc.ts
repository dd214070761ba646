import type { Candidate, Display, Snapshot } from './snapshot.ts';
import type { Language } from './language.ts';
import type { ProductGroup } from './catalogue.ts';
import type { Region } from './frame.ts';

/** What may fail crosses as a value; `message` is for logs, never for a shopper. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A product as the lookup shows it. */
export interface LookupEntry extends Candidate {
  readonly group: ProductGroup;
  readonly plu: string | null;
}

/** What the demo's customer can touch in the world view. */
export interface Touchable {
  readonly kind: 'shelf' | 'tray';
  readonly productId: string;
  /** Set for what lies on the tray. */
  readonly instanceId: string | null;
  /** In fractions of the world view. */
  readonly rect: Region;
}

/** What a shopper may cause. Each channel has one argument and one answer. */
export interface ShopperRequests {
  'kiosk:snapshot': { argument: null; answer: Snapshot };
  'catalogue:list': { argument: null; answer: readonly LookupEntry[] };
  'language:choose': { argument: { language: Language }; answer: null };
  'display:choose': { argument: Display; answer: null };
  'help:call': { argument: null; answer: null };
  'help:dismiss': { argument: null; answer: null };
  /** Leaves the welcome screen without an item. */
  'sale:start': { argument: null; answer: null };
  'sale:undo': { argument: null; answer: null };
  /** Empties the cart and returns to welcome; only before payment. */
  'sale:cancel': { argument: null; answer: null };
  /** Charges what was seen, the snapshot's total, or nothing where the cart has changed since. */
  'sale:pay': { argument: { totalMinor: number }; answer: null };
  'payment:cancel': { argument: null; answer: null };
  /** From "declined" back to the cart. */
  'payment:back': { argument: null; answer: null };
  'receipt:done': { argument: null; answer: null };
  /** "I am here" to "Still there?". */
  'shopper:present': { argument: null; answer: null };
  'line:set-quantity': { argument: { lineId: string; quantity: number }; answer: null };
  'line:remove': { argument: { lineId: string }; answer: null };
  /** "Not this": asks what it is instead. */
  'line:correct': { argument: { lineId: string }; answer: null };
  /** Answers an ask or a lookup, whatever it is for; an answer to another question is dropped. */
  'product:choose': { argument: { questionId: string; productId: string }; answer: null };
  /** "None of these": from ask to lookup. */
  'ask:none': { argument: { questionId: string }; answer: null };
  /** "Leave it out": the thing on the tray is not sold. */
  'item:leave-out': { argument: { questionId: string }; answer: null };
  /** "Find item": opens the lookup without a thing on the tray. */
  'lookup:open': { argument: null; answer: null };
  'lookup:close': { argument: { questionId: string }; answer: null };
}

/** What the demo shop's customer may cause besides; refused outside the demo shop. */
export interface DemoRequests {
  'demo:lay': { argument: { productId: string }; answer: null };
  'demo:take': { argument: { instanceId: string }; answer: null };
}

export type Requests = ShopperRequests & DemoRequests;
export type Channel = keyof Requests;

const channelTable: { readonly [C in Channel]: true } = {
  'kiosk:snapshot': true,
  'catalogue:list': true,
  'language:choose': true,
  'display:choose': true,
  'help:call': true,
  'help:dismiss': true,
  'sale:start': true,
  'sale:undo': true,
  'sale:cancel': true,
  'sale:pay': true,
  'payment:cancel': true,
  'payment:back': true,
  'receipt:done': true,
  'shopper:present': true,
  'line:set-quantity': true,
  'line:remove': true,
  'line:correct': true,
  'product:choose': true,
  'ask:none': true,
  'item:leave-out': true,
  'lookup:open': true,
  'lookup:close': true,
  'demo:lay': true,
  'demo:take': true,
};

/** Every channel by name; the table above makes the compiler refuse a list that is not whole. */
export const channels = Object.keys(channelTable) as readonly Channel[];

/** What main pushes to the shopper's window. */
export interface Events {
  'kiosk:changed': Snapshot;
  /** A frame of what the camera, or the demo's world view, shows. */
  'preview:frame': { readonly jpeg: Uint8Array; readonly width: number; readonly height: number };
  'demo:touchables': readonly Touchable[];
}

export type EventName = keyof Events;

const eventTable: { readonly [E in EventName]: true } = {
  'kiosk:changed': true,
  'preview:frame': true,
  'demo:touchables': true,
};

export const eventNames = Object.keys(eventTable) as readonly EventName[];

/**
 * What the preload puts on `window.kiosk`: named methods, one a channel, nothing generic. A new
 * listener is called at once with the last payload, where there has been one.
 */
export interface KioskApi {
  readonly request: {
    readonly [C in Channel]: Requests[C]['argument'] extends null
      ? () => Promise<Reply<Requests[C]['answer']>>
      : (argument: Requests[C]['argument']) => Promise<Reply<Requests[C]['answer']>>;
  };
  readonly on: {
    readonly [E in EventName]: (listener: (payload: Events[E]) => void) => () => void;
  };
}
