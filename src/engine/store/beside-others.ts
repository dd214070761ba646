import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { StoreError } from './database.ts';
import { tryLockDataFolder } from './data-lock.ts';
import type { FolderUser } from './data-lock.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

/**
 * For what only reads, beside an engine that may serve the folder. The lock is held for as long as
 * an older schema is brought up to date: an engine that starts while the reading goes on must not
 * be kept from its folder. @throws StoreError
 */
export function openStoreBesideOthers(dataDir: string, user: FolderUser): Store {
  if (!existsSync(join(dataDir, 'engine.db'))) {
    throw new StoreError(`${dataDir} is no data folder of an engine: it has no engine.db.`);
  }
  const release = tryLockDataFolder(dataDir, user);
  try {
    return openStore(dataDir, { isShared: release === undefined });
  } finally {
    release?.();
  }
}
