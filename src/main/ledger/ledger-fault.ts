import { LedgerError } from './ledger.ts';
import type { LedgerFault } from './ledger.ts';

/** By SQLite's primary result code (https://www.sqlite.org/rescode.html). */
const bySqliteCode: ReadonlyMap<number, LedgerFault> = new Map([
  [3, 'read-only'], // PERM
  [5, 'locked'], // BUSY
  [6, 'locked'], // LOCKED
  [8, 'read-only'], // READONLY
  [11, 'corrupt'], // CORRUPT
  [13, 'full'], // FULL
  [14, 'read-only'], // CANTOPEN
  [19, 'corrupt'], // CONSTRAINT: only what something else has written can be in a row's way
  [23, 'read-only'], // AUTH
  [26, 'corrupt'], // NOTADB
]);

const bySystemCode: ReadonlyMap<string, LedgerFault> = new Map([
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['EROFS', 'read-only'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
]);

const whatToDo: Readonly<Record<LedgerFault, (file: string) => string>> = {
  'read-only': (file) =>
    `The ledger ${file} may not be written: give the app's user the right to it and its folder.`,
  full: (file) => `There is no room on the disk for the ledger ${file}: free some and start again.`,
  corrupt: (file) =>
    `The ledger ${file} is damaged: keep a copy for support, do not delete it, and put the last backup in its place.`,
  'newer-version': (file) => `The ledger ${file} is from a newer app: install that again.`,
  locked: (file) => `The ledger ${file} is open in another process: the app runs already.`,
  unreachable: (file) => `The ledger ${file} cannot be reached: check the disk.`,
  stopped: (file) => `The ledger ${file} is no longer being written: start the app again.`,
};

/** The message of a ledger in which `what` was found. */
export function damaged(file: string, what: string): string {
  return `The ledger ${file} is damaged (${what}): keep a copy for support, do not delete it, and put the last backup in its place.`;
}

/** Names a fault of SQLite or the file system. */
export function ledgerErrorFrom(error: unknown, file: string): LedgerError {
  if (error instanceof LedgerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const fault = faultOf(error, message);
  return new LedgerError(fault, `${whatToDo[fault](file)} (${message})`, { cause: error });
}

function faultOf(error: unknown, message: string): LedgerFault {
  if (!(error instanceof Error)) return 'unreachable';
  // libsql gives no code of use where it cannot open the file at all.
  if (message.includes('Unable to open')) return 'read-only';
  if ('rawCode' in error && typeof error.rawCode === 'number') {
    return bySqliteCode.get(error.rawCode & 0xff) ?? 'unreachable';
  }
  if ('code' in error && typeof error.code === 'string') {
    return bySystemCode.get(error.code) ?? 'unreachable';
  }
  return 'unreachable';
}

/** The error of a ledger whose thread is gone. */
export function stoppedError(file: string, cause?: unknown): LedgerError {
  return new LedgerError('stopped', whatToDo.stopped(file), { cause });
}
