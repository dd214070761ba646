import type { KioskApi } from '../../shared/ipc.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { keepSame } from './keep-same.ts';

export interface SnapshotStore {
  /** The newest snapshot that has come, null before the first. */
  current(): Snapshot | null;
  subscribe(listener: () => void): () => void;
}

export type SnapshotSource = {
  readonly request: Pick<KioskApi['request'], 'kiosk:snapshot'>;
  readonly on: Pick<KioskApi['on'], 'kiosk:changed'>;
};

/**
 * Listens first and fetches then, so that nothing is missed between the two; a snapshot that is not
 * newer is dropped. A fetch that fails is tried `again` while there is nothing to show.
 */
export function createSnapshotStore(
  source: SnapshotSource,
  later: (again: () => void) => void,
): SnapshotStore {
  let snapshot: Snapshot | null = null;
  const listeners = new Set<() => void>();

  function take(next: Snapshot): void {
    if (snapshot !== null && next.revision <= snapshot.revision) return;
    snapshot = keepSame(snapshot, next);
    for (const listener of listeners) listener();
  }

  async function fetchFirst(): Promise<void> {
    const reply = await source.request['kiosk:snapshot']().catch(() => null);
    if (reply?.ok === true) take(reply.value);
    else if (snapshot === null) later(() => void fetchFirst());
  }

  source.on['kiosk:changed'](take);
  void fetchFirst();

  return {
    current: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
