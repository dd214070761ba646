import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';

import { limits } from '../domain/limits.ts';
import { migrations } from './migrations.ts';

export type Connection = Database.Database;

/** A data folder that cannot be used; the message says why and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Makes it for its owner alone where it is missing. @throws StoreError */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(`The data folder ${dataDir} cannot be made: ${reason(error)}`, {
      cause: error,
    });
  }
}

/**
 * Opens `engine.db` in the folder and brings its schema up to date, unless somebody else works
 * with it (`isShared`). @throws StoreError
 */
export function openDatabase(dataDir: string, isShared = false): Connection {
  const path = join(dataDir, 'engine.db');
  makeDataFolder(dataDir);
  // An empty one in its place would look like a shop that never taught anything.
  if (!existsSync(path) && hasPhotos(dataDir)) {
    throw new StoreError(
      `${path} is missing, but there are photos beside it. Bring it back from a backup, or move ` +
        'the photos away to begin anew.',
    );
  }
  let database: Connection;
  try {
    database = new Database(path);
    database.pragma(`busy_timeout = ${limits.databaseBusyTimeoutMs}`);
    database.pragma('journal_mode = WAL');
    // What was answered as kept is on the disk, whenever the power goes.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
  } catch (error) {
    throw unusable(path, error);
  }
  try {
    migrate(database, path, isShared);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function hasPhotos(dataDir: string): boolean {
  try {
    return readdirSync(join(dataDir, 'photos')).length > 0;
  } catch {
    return false;
  }
}

/**
 * Looks for damage in the whole file, or where it is large in all but the features, which can be
 * computed again. @throws StoreError
 */
export function checkDatabase(database: Connection, dataDir: string): void {
  const path = join(dataDir, 'engine.db');
  const tables =
    statSync(path).size <= limits.databaseCheckBytes
      ? ['']
      : (
          database
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'feature'")
            .all() as { name: string }[]
        ).map(({ name }) => `(${name})`);
  for (const table of tables) {
    let found: string;
    try {
      const rows = database.prepare(`PRAGMA quick_check${table}`).all();
      found = (rows as { quick_check: string }[]).map((row) => row.quick_check).join('; ');
    } catch (error) {
      throw unusable(path, error);
    }
    if (found !== 'ok') throw unusable(path, new Error(found));
  }
}

function unusable(path: string, error: unknown): StoreError {
  return new StoreError(
    `${path} cannot be used; it may be damaged: ${reason(error)}. Bring it back from a backup.`,
    { cause: error },
  );
}

/** One row or undefined, without the `_metadata` that the driver adds to single rows. */
export function one(statement: Database.Statement, ...values: readonly unknown[]): unknown {
  const row = statement.get(...values) as Record<string, unknown> | undefined;
  if (row === undefined) return undefined;
  const { _metadata: _, ...columns } = row;
  return columns;
}

/** Whether a transaction runs. Asked by itself of a closed one, the driver ends the process. */
export function isInTransaction(database: Connection): boolean {
  if (!database.open) throw new StoreError('The data folder was closed meanwhile.');
  return database.inTransaction;
}

/** Does all of the work or none of it; inside of another such work it is a part of that. */
export function atomically<T>(database: Connection, work: () => T): T {
  if (isInTransaction(database)) return work();
  return database.transaction(work).immediate();
}

function migrate(database: Connection, path: string, isShared: boolean): void {
  const run = database.transaction((): void => {
    const found = schemaVersion(database);
    if (found > migrations.length) {
      throw new StoreError(
        `${path} has schema ${found}, made by a newer version; this one knows ` +
          `${migrations.length}. Update the engine, or use another data folder.`,
      );
    }
    if (isShared && found < migrations.length) {
      throw new StoreError(
        `${path} has schema ${found}, and an older version works with it; this one knows ` +
          `${migrations.length}. Stop the older one, or use its own commands.`,
      );
    }
    migrations.slice(found).forEach((sql) => database.exec(sql));
    if (found < migrations.length) database.pragma(`user_version = ${migrations.length}`);
  });
  try {
    run.immediate();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw unusable(path, error);
  }
}

function schemaVersion(database: Connection): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
