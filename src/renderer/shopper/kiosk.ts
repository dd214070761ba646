import { createContext, useContext } from 'react';
import type { PageApi } from '../../shared/contracts/contract.ts';
import type { Demo, Touchable } from '../../shared/contracts/demo.ts';
import type { Reply } from '../../shared/contracts/refusal.ts';
import type { LookupEntry, PreviewPicture, Shopper } from '../../shared/contracts/shopper.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { LatestStore } from './latest-store.ts';
import type { Refusals } from './refusals.ts';
import type { Wording } from './wording.ts';

/** The virtual tray, where there is one. */
export interface VirtualTray {
  readonly api: PageApi<Demo>;
  readonly touchables: LatestStore<readonly Touchable[]>;
}

/** What stays the same while a sale goes on. */
export interface Shop {
  readonly wording: Wording;
  readonly api: PageApi<Shopper>;
  readonly preview: LatestStore<PreviewPicture>;
  readonly virtualTray: VirtualTray | null;
  readonly refusals: Refusals;
  /** Everything that can be looked up; null until it has come. */
  readonly products: readonly LookupEntry[] | null;
}

/** What every screen is given. */
export interface Kiosk extends Shop {
  readonly snapshot: Snapshot;
}

export const ShopContext = createContext<Shop | null>(null);
export const SnapshotContext = createContext<Snapshot | null>(null);

/** For parts that need no snapshot: they are not drawn again with each change of the sale. */
export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (shop === null) throw new Error('outside of the kiosk');
  return shop;
}

export function useKiosk(): Kiosk {
  const shop = useShop();
  const snapshot = useContext(SnapshotContext);
  if (snapshot === null) throw new Error('outside of the kiosk');
  return { ...shop, snapshot };
}

/** Sends a wish to main. What became of it comes back as a snapshot, or as a refusal in words. */
export function send(reply: Promise<Reply<unknown>>): void {
  reply.then(
    (answer) => {
      if (!answer.ok) console.warn(`refused: ${answer.code}: ${answer.message}`);
    },
    (reason: unknown) => console.warn('not sent', reason),
  );
}
