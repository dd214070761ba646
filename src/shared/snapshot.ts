import type { Language, LocalNames } from './language.ts';
import type { Price } from './catalogue.ts';
import type { Region } from './frame.ts';

/**
 * All that the shopper's window shows, sent whole. The window subscribes, then fetches, and drops
 * a snapshot whose revision is not higher than the one it has.
 */
export interface Snapshot {
  readonly revision: number;
  readonly store: StoreView;
  readonly language: Language;
  readonly display: Display;
  readonly screen: Screen;
  readonly cart: CartView;
  /** What does not work just now, most important first; selling goes on. */
  readonly notices: readonly Notice[];
  /** The shopper has asked for a person. */
  readonly helpCalled: boolean;
  /** Set while "Still there?" is shown: when the cart will be put aside, in ms of Date.now(). */
  readonly suspendsAtMs: number | null;
}

export interface StoreView {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Decides the form of amounts and dates together with the language, for example 'IE' or 'DE'. */
  readonly region: string;
  readonly languages: readonly Language[];
  /** True in the demo shop: the window shows that nothing is really sold. */
  readonly demo: boolean;
  /** True where the shop keeps pictures for learning. */
  readonly keepsPictures: boolean;
}

export interface Display {
  readonly largerText: boolean;
  readonly highContrast: boolean;
  /** Moves what is pressed into the lower half, for someone seated. */
  readonly lowered: boolean;
}

export type Screen =
  | { readonly kind: 'welcome' }
  | {
      readonly kind: 'cart';
      /** The line that grew last, with the photo and place on the tray that it came from. */
      readonly latest: LatestItem | null;
      /** A thing lies on the tray and is being recognised. */
      readonly looking: boolean;
    }
  | {
      readonly kind: 'ask';
      /** Goes back with the answer: another question may have come up meanwhile. */
      readonly questionId: string;
      readonly photoUrl: string | null;
      /** Two to four, the likely one first. */
      readonly candidates: readonly Candidate[];
      /** There may be nothing new on the tray: leaving it out says so. */
      readonly unsure: boolean;
    }
  | {
      readonly kind: 'lookup';
      /** As in an ask. */
      readonly questionId: string;
      readonly reason: LookupReason;
      readonly photoUrl: string | null;
      /** For the likely ones to stand first; may be empty. */
      readonly suggestions: readonly Candidate[];
      /** As in an ask. */
      readonly unsure: boolean;
    }
  | { readonly kind: 'paying'; readonly amountMinor: number; readonly stage: PayingStage }
  | { readonly kind: 'receipt'; readonly receipt: ReceiptView }
  | { readonly kind: 'out-of-order'; readonly reason: OutOfOrderReason };

export type PayingStage =
  /** The terminal waits for the card. */
  | { readonly kind: 'waiting' }
  /** Cancel was pressed and the terminal has not confirmed it yet. */
  | { readonly kind: 'cancelling' }
  /** No answer, or the app was interrupted: the terminal is asked what became of it. Do not pay again. */
  | { readonly kind: 'checking' }
  /** Not paid; the cart stays. */
  | { readonly kind: 'declined' };

export type LookupReason =
  /** Nothing in the catalogue looked like the item on the tray. */
  | { readonly kind: 'unknown-item'; readonly placementId: string }
  /** Recognition gave no answer in time. */
  | { readonly kind: 'recognition-down'; readonly placementId: string }
  /** "None of these" was pressed. */
  | { readonly kind: 'none-of-these'; readonly placementId: string }
  /** "Not this" was pressed: what is chosen replaces the line's last item. */
  | { readonly kind: 'correction'; readonly lineId: string; readonly productName: LocalNames }
  /** The product is sold by weight and there is no reading: choose another, leave it out or call help. */
  | { readonly kind: 'no-weight'; readonly productName: LocalNames }
  /** "Find item" was pressed. */
  | { readonly kind: 'find-item' };

export type OutOfOrderReason = 'ledger' | 'catalogue' | 'payment-unsettled' | 'settings';

export type Notice =
  | 'camera-lost'
  /** The camera sees nothing to go by, and why. */
  | 'camera-dark'
  | 'camera-bright'
  | 'camera-covered'
  | 'camera-frozen'
  | 'camera-restless'
  /** The camera goes on, but may miss things, and why. */
  | 'camera-flicker'
  | 'camera-dim'
  | 'camera-slow'
  | 'recognition-down'
  | 'recognition-second-endpoint';

export interface Candidate {
  readonly productId: string;
  readonly names: LocalNames;
  readonly pictureUrl: string | null;
  readonly price: Price;
  readonly organic: boolean;
}

export interface LatestItem {
  readonly lineId: string;
  readonly names: LocalNames;
  readonly addedMinor: number;
  /** Where it lies in the tray camera's picture; null when it was looked up. */
  readonly region: Region | null;
  readonly photoUrl: string | null;
}

export interface CartView {
  readonly lines: readonly LineView[];
  /** Pieces, a weighed item counting as one. */
  readonly itemCount: number;
  readonly totalMinor: number;
  readonly taxes: readonly TaxView[];
  readonly canUndo: boolean;
}

export interface LineView {
  readonly lineId: string;
  readonly productId: string;
  readonly names: LocalNames;
  readonly price: Price;
  readonly quantity: number;
  /** Net weight of a weighed item, else null. */
  readonly weightGrams: number | null;
  readonly depositMinor: number;
  readonly amountMinor: number;
  readonly pictureUrl: string | null;
  /** The photo taken when it was laid down. */
  readonly photoUrl: string | null;
  /** Taken out of the sale: shown struck through until the next item, and not counted. */
  readonly removed: boolean;
}

/** Tax contained in the total, for one rate. */
export interface TaxView {
  readonly basisPoints: number;
  readonly grossMinor: number;
  readonly taxMinor: number;
}

export interface ReceiptView {
  readonly saleId: string;
  /** Counts up by one from sale to sale. */
  readonly number: number;
  readonly completedAtMs: number;
  readonly lines: readonly LineView[];
  readonly totalMinor: number;
  readonly taxes: readonly TaxView[];
  /** How it was paid, as the terminal names it, for example 'Demo card ···· 4242'. */
  readonly tender: string;
  /** When the window goes back to welcome by itself, in ms of Date.now(). */
  readonly closesAtMs: number;
}
