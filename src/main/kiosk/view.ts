import type { Catalogue } from '../../shared/catalogue.ts';
import type { Region } from '../../shared/frame.ts';
import type { LookupEntry } from '../../shared/contracts/shopper.ts';
import { fallbackLanguage } from '../../shared/language.ts';
import type { Language } from '../../shared/language.ts';
import type { Display, Notice, Snapshot, StoreView } from '../../shared/snapshot.ts';
import type { Clock } from '../checkout/clock.ts';
import { saleOf } from '../checkout/state.ts';
import type { CheckoutState } from '../checkout/state.ts';
import { toCandidate, toSnapshot } from '../checkout/to-snapshot.ts';

export interface KioskViewParts {
  readonly store: StoreView;
  readonly catalogue: () => Catalogue;
  readonly hasPhoto: (photoId: string) => boolean;
  readonly clock: Pick<Clock, 'schedule'>;
  /** Runs after all that is going on just now, as `setImmediate` does. */
  readonly soon: (run: () => void) => void;
  /** Told of the newest snapshot: what changes in one go is one, for each costs the window a frame. */
  readonly publish: (snapshot: Snapshot) => void;
}

/** What the window shows besides the sale, and the snapshot made of both. */
export interface KioskView {
  readonly snapshot: () => Snapshot;
  readonly show: (state: CheckoutState) => void;
  readonly setLanguage: (language: Language) => void;
  readonly setDisplay: (display: Display) => void;
  readonly setNotice: (notice: Notice, on: boolean) => void;
  /** Shown where it lasts. */
  readonly setLooking: (count: number) => void;
  /** Shows at once that it looks, if it does, to whoever waits for the end of it. */
  readonly admitLooking: () => void;
  readonly setRegion: (placementId: string, region: Region | null) => void;
  /** The next shopper finds the store's own language and the plain display. */
  readonly forgetShopper: () => void;
}

/** Who chose a language on the welcome screen and did not begin has gone by then. */
const forgetAfterMs = 60_000;

/** "Looking" is not worth a frame where the answer is there before it could be read. */
const lookingShownAfterMs = 150;

const plainDisplay: Display = { largerText: false, highContrast: false, lowered: false };
/** What the shopper has to do most about stands first. */
const noticeOrder: readonly Notice[] = [
  'camera-lost',
  'camera-dark',
  'camera-bright',
  'camera-covered',
  'camera-frozen',
  'camera-restless',
  'recognition-down',
  'camera-flicker',
  'camera-dim',
  'camera-slow',
  'recognition-second-endpoint',
];

export function createKioskView(parts: KioskViewParts, first: CheckoutState): KioskView {
  const firstLanguage = parts.store.languages[0] ?? fallbackLanguage;
  const notices = new Set<Notice>();
  const regions = new Map<string, Region>();
  let state = first;
  let revision = 0;
  let language: Language = firstLanguage;
  let display = plainDisplay;
  let looking = false;
  let cancelLooking: (() => void) | null = null;
  let current = build();
  let isStale = false;
  let isPublishing = false;

  function build(): Snapshot {
    return toSnapshot(state, {
      revision,
      store: parts.store,
      language,
      display,
      notices: noticeOrder.filter((notice) => notices.has(notice)),
      looking,
      catalogue: parts.catalogue(),
      photoUrl: (photoId) => (parts.hasPhoto(photoId) ? `/photo/${photoId}.jpg` : null),
      pictureUrl,
      regionOf: (placementId) => regions.get(placementId) ?? null,
    });
  }

  let keepShopper: () => void = () => undefined;

  const forgetShopper = (): void => {
    language = firstLanguage;
    display = plainDisplay;
    change();
  };

  /** On the welcome screen nothing else ends what a shopper chose who walked away. */
  const forgetIfIdle = (): void => {
    keepShopper();
    keepShopper = parts.clock.schedule(forgetAfterMs, () => {
      if (state.phase.kind === 'idle' && state.closed === null) forgetShopper();
    });
  };

  const snapshot = (): Snapshot => {
    if (isStale) {
      isStale = false;
      revision += 1;
      current = build();
    }
    return current;
  };

  const change = (): void => {
    isStale = true;
    if (isPublishing) return;
    isPublishing = true;
    parts.soon(() => {
      isPublishing = false;
      parts.publish(snapshot());
    });
  };

  const showLooking = (next: boolean): void => {
    if (looking === next) return;
    looking = next;
    change();
  };

  return {
    snapshot,
    show: (next) => {
      state = next;
      change();
    },
    setLanguage: (next) => {
      language = next;
      forgetIfIdle();
      change();
    },
    setDisplay: (next) => {
      display = next;
      forgetIfIdle();
      change();
    },
    setNotice: (notice, on) => {
      if (notices.has(notice) === on) return;
      if (on) notices.add(notice);
      else notices.delete(notice);
      change();
    },
    setLooking: (count) => {
      if (count === 0) {
        cancelLooking?.();
        cancelLooking = null;
        showLooking(false);
      } else if (cancelLooking === null) {
        cancelLooking = parts.clock.schedule(lookingShownAfterMs, () => showLooking(true));
      }
    },
    admitLooking: () => {
      if (cancelLooking !== null) showLooking(true);
    },
    setRegion: (placementId, region) => {
      if (region === null) regions.delete(placementId);
      else regions.set(placementId, region);
      // Only the newest item's place is shown; a thing that is not in the cart yet comes with it.
      if (saleOf(state)?.latest?.placementId === placementId) change();
    },
    forgetShopper,
  };
}

function pictureUrl(picture: string): string {
  return `/products/${picture}`;
}

/** The catalogue as the lookup shows it. */
export function lookupEntries(catalogue: Catalogue): readonly LookupEntry[] {
  return catalogue.products.map((product) => ({
    ...toCandidate(product, pictureUrl),
    group: product.group,
    plu: product.plu,
  }));
}
