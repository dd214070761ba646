import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';

import { limits } from '../limits.ts';
import { StoreError } from './database.ts';

const retryMs = 50;

/**
 * Keeps other engines off the folder until it is released. The system takes the lock back when the
 * process ends, however it ends, so none is ever left over. Training by command needs none.
 * @throws StoreError that says who has it
 */
export async function lockDataFolder(
  dataDir: string,
  timeoutMs: number = limits.dataLockTimeoutMs,
): Promise<() => void> {
  const database = new Database(join(dataDir, 'engine.lock'));
  const deadlineMs = performance.now() + timeoutMs;
  const holderPath = join(dataDir, 'engine.pid');
  while (!tryLock(database)) {
    if (performance.now() >= deadlineMs) {
      database.close();
      throw new StoreError(
        `The data folder ${dataDir} is in use by another engine${holder(holderPath)}. ` +
          'Stop that one, or give this one another folder.',
      );
    }
    await new Promise((resolve) => {
      setTimeout(resolve, retryMs);
    });
  }
  writeFileSync(holderPath, `${process.pid}\n`, { mode: 0o600 });
  return () => database.close();
}

function tryLock(database: Database.Database): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return false;
    throw error;
  }
}

function holder(path: string): string {
  try {
    return `, process ${Number.parseInt(readFileSync(path, 'utf8'), 10)}`;
  } catch {
    return '';
  }
}
