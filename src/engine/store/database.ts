import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';

import { limits } from '../limits.ts';
import { migrations } from './migrations.ts';

export type Connection = Database.Database;

/** A data folder that cannot be used; the message says why and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * Opens `engine.db` in the folder, made for its owner alone where it is missing, and brings its
 * schema up to date. @throws StoreError
 */
export function openDatabase(dataDir: string): Connection {
  const path = join(dataDir, 'engine.db');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(`The data folder ${dataDir} cannot be made: ${reason(error)}`, {
      cause: error,
    });
  }
  let database: Connection;
  try {
    database = new Database(path);
    database.pragma(`busy_timeout = ${limits.databaseBusyTimeoutMs}`);
    database.pragma('journal_mode = WAL');
    // With WAL a power cut can cost the last prediction or training, never the file.
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
  } catch (error) {
    throw new StoreError(`${path} cannot be opened: ${reason(error)}`, { cause: error });
  }
  try {
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** One row or undefined, without the `_metadata` that the driver adds to single rows. */
export function one(statement: Database.Statement, ...values: readonly unknown[]): unknown {
  const row = statement.get(...values) as Record<string, unknown> | undefined;
  if (row === undefined) return undefined;
  const { _metadata: _, ...columns } = row;
  return columns;
}

/** Does all of the work or none of it; inside of another such work it is a part of that. */
export function atomically<T>(database: Connection, work: () => T): T {
  if (database.inTransaction) return work();
  return database.transaction(work).immediate();
}

function migrate(database: Connection, path: string): void {
  const run = database.transaction((): void => {
    const found = schemaVersion(database);
    if (found > migrations.length) {
      throw new StoreError(
        `${path} has schema ${found}, made by a newer version; this one knows ` +
          `${migrations.length}. Update the engine, or use another data folder.`,
      );
    }
    migrations.slice(found).forEach((sql) => database.exec(sql));
    if (found < migrations.length) database.pragma(`user_version = ${migrations.length}`);
  });
  try {
    run.immediate();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${path} cannot be used: ${reason(error)}`, { cause: error });
  }
}

function schemaVersion(database: Connection): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
