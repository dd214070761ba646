import type { FactKind } from '../../src/main/checkout/facts.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';

/** What the till of this bench says of itself. */
export type TillLine =
  | { readonly kind: 'fact'; readonly fact: FactKind }
  | { readonly kind: 'fault'; readonly text: string }
  /** What the window shows once all that was open is settled. */
  | { readonly kind: 'shown'; readonly snapshot: Snapshot; readonly lastNumber: number };
