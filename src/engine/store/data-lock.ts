import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';

import { limits } from '../domain/limits.ts';
import { StoreError } from './database.ts';

const retryMs = 50;

/** Who works on a data folder. */
export type FolderUser = 'engine' | 'train' | 'import' | 'export' | 'backup';

/**
 * Keeps all others that write off the folder until it is released. The system takes the lock back
 * when the process ends, however it ends, so none is ever left over.
 * @throws StoreError that says who has it
 */
export async function lockDataFolder(
  dataDir: string,
  user: FolderUser,
  timeoutMs: number = limits.dataLockTimeoutMs,
): Promise<() => void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const release = tryLockDataFolder(dataDir, user);
    if (release) return release;
    if (performance.now() >= deadlineMs) {
      throw new StoreError(
        `The data folder ${dataDir} is in use by ${holder(dataDir)}, and only one may write to ` +
          'it. Stop that one first, or give this one another folder.',
      );
    }
    await new Promise((resolve) => {
      setTimeout(resolve, retryMs);
    });
  }
}

/** As `lockDataFolder`, but undefined where somebody has it. The folder must be there. */
export function tryLockDataFolder(dataDir: string, user: FolderUser): (() => void) | undefined {
  const database = new Database(join(dataDir, 'engine.lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  writeFileSync(holderPath(dataDir), `${process.pid} ${user}\n`, { mode: 0o600 });
  return () => database.close();
}

function holderPath(dataDir: string): string {
  return join(dataDir, 'engine.pid');
}

function holder(dataDir: string): string {
  try {
    const [pid, user = 'engine'] = readFileSync(holderPath(dataDir), 'utf8').trim().split(' ');
    return `${user === 'engine' ? 'an engine' : `the command ${user}`}, process ${pid}`;
  } catch {
    return 'an engine';
  }
}
