import type { Region } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';

export type TrayEvent =
  | {
      /** Something is likely to be placed here in a moment: what it is may be asked ahead. No promise. */
      readonly kind: 'resting';
      readonly region: ItemRegion;
      readonly atMs: number;
    }
  | {
      readonly kind: 'placed';
      readonly placementId: string;
      /** The box of the new thing alone, and which pixels are its own. */
      readonly region: ItemRegion;
      readonly atMs: number;
      /** When it came to lie still. */
      readonly stillSinceMs: number;
      /** It may be a resting hand, or light: what is recognised there must be asked, not sold. */
      readonly unsure?: boolean;
    }
  | {
      /** The same thing lies elsewhere or turned: it was pushed, turned or put down again. */
      readonly kind: 'moved';
      readonly placementId: string;
      readonly region: ItemRegion;
      readonly atMs: number;
      /** Another thing may have been put in its place: a photo must show that it is the same. */
      readonly unsure?: boolean;
    }
  | {
      readonly kind: 'removed';
      readonly placementId: string;
      readonly region: Region;
      readonly atMs: number;
    }
  /** Something moves over the tray, as a hand does. */
  | { readonly kind: 'disturbed'; readonly atMs: number }
  | { readonly kind: 'settled'; readonly atMs: number }
  | { readonly kind: 'blind'; readonly reason: BlindReason; readonly atMs: number }
  | { readonly kind: 'seeing'; readonly atMs: number }
  /** The tray goes on, but may miss or invent things; no reasons when all is well again. */
  | { readonly kind: 'impaired'; readonly reasons: readonly Impairment[]; readonly atMs: number };

/** `restless`: so much changes all the time that no thing can be told from it. */
export type BlindReason = 'dark' | 'bright' | 'covered' | 'frozen' | 'restless';

/** `flicker`: lamps flicker more than can be undone; `dim`: too little light; `slow`: under 10 pictures a second. */
export type Impairment = 'flicker' | 'dim' | 'slow';

/** Reports what happened, in order. */
export type Say = (event: TrayEvent) => void;
