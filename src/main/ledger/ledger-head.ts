import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { syncFolder } from './files.ts';
import { besideLedger } from './ledger-paths.ts';
import type { LedgerRows } from './ledger-rows.ts';
import type { LedgerFinding } from './ledger.ts';
import type { Link } from './stored-row.ts';

/*
 * The ledger's last row is written down outside of it, in `ledger.head`: a ledger whose end was cut
 * off, or an older copy of it, is whole in itself, and only this says that rows are missing.
 */

/** Always of one length, within one sector, so that a power cut leaves the old or the new one. */
const form = /^(\d{16}) ([0-9a-f]{64})\n$/;

export function headPath(file: string): string {
  return besideLedger(file, '.head');
}

/** The row that was written last, by the head; null where the head is missing or cannot be read. */
export function readHead(file: string): Link | null {
  let text: string;
  try {
    text = readFileSync(headPath(file), 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const [, seq, hash] = form.exec(text) ?? [];
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash };
}

/**
 * What a head says that a ledger with `topSeq` rows does not have, or null. A head that is behind is
 * fine: a power cut came before it was on the disk.
 */
export function headFinding(
  file: string,
  head: Link,
  topSeq: number,
  { read }: LedgerRows,
): LedgerFinding | null {
  if (head.seq > topSeq) return missingRows(file, topSeq + 1, head.seq);
  const [row] = read(head.seq - 1, 1);
  if (row?.hash === head.hash) return null;
  const name = basename(headPath(file));
  const message = `Row ${head.seq} of the ledger ${file} is not the one that was written, by ${name}: it is another ledger, or one that was written anew. ${whatToDo(name)}`;
  return { kind: 'head', seq: head.seq, message };
}

/** Nothing says how far the ledger went: it is new to this form, or somebody took the head away. */
export function noHeadFinding(file: string): LedgerFinding {
  const name = basename(headPath(file));
  const message = `${name} is missing or cannot be read, so nobody knows whether rows are missing at the end. The next start of the kiosk makes it anew.`;
  return { kind: 'no-head', seq: null, message };
}

/** The head says that these rows were written. */
export function missingRows(file: string, first: number, last: number): LedgerFinding {
  const name = basename(headPath(file));
  const message = `Rows ${first} to ${last} of the ledger ${file} are missing: they were written, by ${name}. ${whatToDo(name)}`;
  return { kind: 'head', seq: first, message };
}

function whatToDo(name: string): string {
  return `Keep a copy for support, and put the newest ledger back. To go on without what is missing, move ${name} away; receipt numbers may then be given a second time.`;
}

/** The head of an open ledger, which only whoever has the lock may write. */
export interface Head {
  /** `isUrgent` waits until it is on the disk. */
  write(last: Link, isUrgent: boolean): void;
  close(): void;
}

export function openHead(file: string, last: Link): Head {
  const path = headPath(file);
  const draft = `${path}.new`;
  writeFileSync(draft, lineOf(last), { flush: true });
  renameSync(draft, path);
  syncFolder(dirname(path));
  const handle = openSync(path, 'r+');
  return {
    write: (last, isUrgent) => {
      writeSync(handle, lineOf(last), 0, 'latin1');
      if (isUrgent) fdatasyncSync(handle);
    },
    close: () => {
      fsyncSync(handle);
      closeSync(handle);
    },
  };
}

function lineOf({ seq, hash }: Link): string {
  return `${String(seq).padStart(16, '0')} ${hash}\n`;
}
