import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { damaged, ledgerErrorFrom } from './ledger-fault.ts';
import { LedgerError } from './ledger.ts';
import { firstVersion, migrations } from './migrations.ts';

export type Connection = Database.Database;

/** "FLNE" in the file's header tells a ledger from any other SQLite file. */
export const applicationId = 0x46_4c_4e_45;

/** Whoever else uses the file has it for this long at most, as when it is opened or closed. */
const busyTimeoutMs = 5_000;

/**
 * Opens a ledger that is there, of this form or an older one, and writes nothing: what is not ours,
 * or is ahead of us, stays as it is. Throws LedgerError or what SQLite and the file system throw.
 */
export function connect(file: string, use: 'read' | 'write'): Connection {
  // Where creation is atomic, an empty file can only be what is left of a ledger.
  if (statSync(file).size === 0) throw new LedgerError('corrupt', damaged(file, 'it is empty'));
  const db = new Database(use === 'write' ? file : `${pathToFileURL(file).href}?mode=ro`);
  try {
    checkOrigin(db, file);
    db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkOrigin(db: Connection, file: string): void {
  const id = numberPragma(db, 'application_id');
  if (id !== applicationId) throw new LedgerError('corrupt', damaged(file, 'it is no ledger'));
  const version = formVersion(db);
  const newest = firstVersion + migrations.length - 1;
  if (version > newest) {
    throw new LedgerError(
      'newer-version',
      `The ledger ${file} has version ${version}, this app knows ${newest}: install the newer app again.`,
    );
  }
}

/** The version of the file's form; below `firstVersion` an older one. */
export function formVersion(db: Connection): number {
  return numberPragma(db, 'user_version');
}

function numberPragma(db: Connection, name: 'application_id' | 'user_version'): number {
  const [row] = db.pragma(name) as readonly Readonly<Record<string, number>>[];
  return row?.[name] ?? 0;
}

/** Brings a file to the last of `steps`, each in a transaction of its own. @throws LedgerError */
export function migrate(db: Connection, file: string, steps: readonly string[]): void {
  const version = Math.max(formVersion(db), firstVersion - 1);
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
