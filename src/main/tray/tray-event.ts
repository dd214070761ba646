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
    }
  | {
      /** The same thing lies elsewhere or turned: it was pushed, turned or put down again. */
      readonly kind: 'moved';
      readonly placementId: string;
      readonly region: Region;
      readonly atMs: number;
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
  | { readonly kind: 'seeing'; readonly atMs: number };

export type BlindReason = 'dark' | 'bright' | 'covered' | 'frozen';

/** Reports what happened, in order. */
export type Say = (event: TrayEvent) => void;
