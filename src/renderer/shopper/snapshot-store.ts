import type { PageApi } from '../../shared/contracts/contract.ts';
import type { Shopper } from '../../shared/contracts/shopper.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { keepSame } from './keep-same.ts';
import { createLatestStore } from './latest-store.ts';
import type { LatestStore } from './latest-store.ts';

export type SnapshotStore = LatestStore<Snapshot>;

type Api = PageApi<Shopper>;

export type SnapshotSource = {
  readonly request: Pick<Api['request'], 'kiosk:snapshot'>;
  readonly on: Pick<Api['on'], 'kiosk:changed'>;
};

/** What the window shows; a snapshot that is not newer is dropped. */
export function createSnapshotStore(
  { request, on }: SnapshotSource,
  later: (again: () => void) => void,
): SnapshotStore {
  return createLatestStore(
    {
      listen: on['kiosk:changed'],
      fetch: request['kiosk:snapshot'],
      merge: (now, next) => (next.revision <= now.revision ? now : keepSame(now, next)),
    },
    later,
  );
}
