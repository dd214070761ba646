import { createContext, useContext } from 'react';
import type { KioskApi, LookupEntry, Reply } from '../../shared/ipc.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Wording } from './wording.ts';

/** What every screen is given. */
export interface Kiosk {
  readonly snapshot: Snapshot;
  readonly wording: Wording;
  readonly api: KioskApi;
  /** Everything that can be looked up; null until it has come. */
  readonly products: readonly LookupEntry[] | null;
}

export const KioskContext = createContext<Kiosk | null>(null);

export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (kiosk === null) throw new Error('outside of the kiosk');
  return kiosk;
}

/** Sends a wish to main. What became of it comes back as a snapshot; a refusal is for the log alone. */
export function send(reply: Promise<Reply<unknown>>): void {
  reply.then(
    (answer) => {
      if (!answer.ok) console.warn(`refused: ${answer.code}: ${answer.message}`);
    },
    (reason: unknown) => console.warn('not sent', reason),
  );
}
