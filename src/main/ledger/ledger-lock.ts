import Database from 'libsql';
import { besideLedger } from './ledger-paths.ts';

/**
 * Keeps every other kiosk off the ledger until the answer is called, while whoever only reads may
 * do so. The system takes the lock back when the process ends, however it ends, so none is ever
 * left over. Throws what SQLite throws: SQLITE_BUSY where another has it.
 */
export function lockLedger(file: string): () => void {
  const db = new Database(besideLedger(file, '.lock'));
  try {
    // Nothing is ever committed, so no journal has to be there; the file stays empty.
    db.pragma('journal_mode = MEMORY');
    // Without a write SQLite would take a file that it may only read for locked.
    db.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 1');
  } catch (error) {
    db.close();
    throw error;
  }
  return () => {
    // Closing alone leaves the lock where libsql keeps the file open.
    db.exec('ROLLBACK');
    db.close();
  };
}
