import { existsSync } from 'node:fs';
import { connect, formVersion } from './connection.ts';
import type { Connection } from './connection.ts';
import { ledgerErrorFrom } from './ledger-fault.ts';
import { headPath } from './ledger-head.ts';
import { LedgerError } from './ledger.ts';
import { firstVersion } from './migrations.ts';

/**
 * Opens a ledger for reading while `work` runs, perhaps beside a kiosk that writes to it. Makes and
 * changes no file but the index of its write-ahead log. Throws LedgerError.
 */
export function readLedger<T>(file: string, work: (db: Connection) => T): T {
  let db: Connection | null = null;
  try {
    db = openForReading(file);
    return work(db);
  } catch (error) {
    throw ledgerErrorFrom(error, file);
  } finally {
    db?.close();
  }
}

/** Work that can pause after each step and be left there; its end has the result. */
export type Steps<T> = Generator<void, T, void>;

/** The same for work that goes in steps; it is closed after the last step, or where it is left. */
export function* readLedgerInSteps<T>(file: string, work: (db: Connection) => Steps<T>): Steps<T> {
  let db: Connection | null = null;
  try {
    db = openForReading(file);
    return yield* work(db);
  } catch (error) {
    throw ledgerErrorFrom(error, file);
  } finally {
    db?.close();
  }
}

function openForReading(file: string): Connection {
  if (!existsSync(file)) {
    const head = existsSync(headPath(file)) ? ` though ${headPath(file)} says that it was` : '';
    throw new LedgerError('unreachable', `There is no ledger at ${file}${head}.`);
  }
  const db = connect(file, 'read');
  if (formVersion(db) < firstVersion) {
    db.close();
    const what = `The ledger ${file} is of an older form: the kiosk sets it aside at its next start.`;
    throw new LedgerError('unreachable', what);
  }
  return db;
}
