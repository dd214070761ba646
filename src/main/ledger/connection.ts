import type Database from 'libsql';
import { ledgerErrorFrom } from './ledger-fault.ts';
import { firstVersion } from './migrations.ts';

export type Connection = Database.Database;

/** "FLNE" in the file's header tells a ledger from any other SQLite file. */
export const applicationId = 0x46_4c_4e_45;

export function numberPragma(db: Connection, name: 'application_id' | 'user_version'): number {
  const [row] = db.pragma(name) as readonly Readonly<Record<string, number>>[];
  return row?.[name] ?? 0;
}

/** Brings a file to the last of `steps`, each in a transaction of its own. @throws LedgerError */
export function migrate(db: Connection, file: string, steps: readonly string[]): void {
  const version = Math.max(numberPragma(db, 'user_version'), firstVersion - 1);
  steps.slice(version + 1 - firstVersion).forEach((sql, index) => {
    try {
      db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${version + index + 1}; COMMIT`);
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw ledgerErrorFrom(error, file);
    }
  });
}

/**
 * Gives the file up, with what is in its write-ahead log taken in. libsql keeps it open while a
 * statement of it is in memory, and locked while it has a log, so closing alone would not do.
 */
export function release(db: Connection): void {
  try {
    db.pragma('journal_mode = DELETE');
  } catch {
    // What cannot be written, or is being read, keeps its log: the next to open it takes that in.
  }
  db.close();
}
