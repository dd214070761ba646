import { formVersion } from './connection.ts';
import type { Connection } from './connection.ts';
import { ledgerErrorFrom } from './ledger-fault.ts';
import { headFinding, noHeadFinding, readHead } from './ledger-head.ts';
import { rowsOf } from './ledger-rows.ts';
import type { LedgerRows } from './ledger-rows.ts';
import { schemaDifferences } from './ledger-schema.ts';
import { ledgerBegunKind } from './ledger.ts';
import type { LedgerError, LedgerFinding, Verification } from './ledger.ts';
import { damageLook } from './look-for-damage.ts';
import { readLedger, readLedgerInSteps } from './read-ledger.ts';
import type { Steps } from './read-ledger.ts';
import { beforeAll, rowFits } from './stored-row.ts';
import type { Link, StoredRow } from './stored-row.ts';

/** Rows that are in memory at a time. */
const pageRows = 250;

/** More of them say nothing new. */
const mostBadRows = 10;

/**
 * Looks at all of a ledger at once and changes nothing, perhaps while a kiosk writes to it. Throws
 * LedgerError where it cannot be read at all.
 */
export function verifyLedger(file: string): Verification {
  return readLedger(file, (db) => {
    const steps = verification(db, file, pageFindings);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  });
}

/**
 * The same in steps of some milliseconds each, so that a kiosk can do it beside its sales and leave it
 * at any step. Instead of SQLite's own check, which has no steps, it looks up each row in the indexes.
 */
export function verifyLedgerInSteps(file: string): Steps<Verification> {
  return readLedgerInSteps(file, (db) => verification(db, file, indexFindings));
}

type FileCheck = (db: Connection, file: string, topSeq: number) => Steps<readonly LedgerFinding[]>;

function* verification(db: Connection, file: string, checkFile: FileCheck): Steps<Verification> {
  // Before the rows: what is written meanwhile is behind it.
  const head = readHead(file);
  const rows = rowsOf(db);
  const schemaFindings = findingsOfSchema(db);
  const chain = yield* verifyChain(rows, file);
  const fileFindings = yield* checkFile(db, file, chain.last.seq);
  const headFault =
    head === null
      ? noHeadFinding(file)
      : chain.isRead
        ? headFinding(file, head, chain.last.seq, rows)
        : null;
  const findings = [
    ...schemaFindings,
    ...fileFindings,
    ...chain.findings,
    ...(headFault === null ? [] : [headFault]),
  ];
  if (findings.length > 0) return { kind: 'broken', findings };
  return { kind: 'whole', rowCount: chain.last.seq, lastHash: chain.last.hash };
}

function findingsOfSchema(db: Connection): readonly LedgerFinding[] {
  return schemaDifferences(db, formVersion(db)).map((difference) => ({
    kind: 'schema',
    seq: null,
    message: `The file's structure is not the app's: ${difference}.`,
  }));
}

/** Of SQLite's own structures: pages, and whether indexes and rows agree. */
function* pageFindings(db: Connection): Steps<readonly LedgerFinding[]> {
  const lines = db.prepare('PRAGMA integrity_check(10)').all() as readonly {
    readonly integrity_check: string;
  }[];
  yield;
  return lines
    .map((line) => line.integrity_check)
    .filter((line) => line !== 'ok')
    .map((line) => fileFinding(`The file is damaged: ${line}.`));
}

function* indexFindings(
  db: Connection,
  file: string,
  topSeq: number,
): Steps<readonly LedgerFinding[]> {
  try {
    const look = damageLook(db, file, topSeq);
    while (!look()) yield;
    return [];
  } catch (error) {
    return [fileFinding(damageOf(error, file).message)];
  }
}

/**
 * What says that the file is damaged.
 * @throws LedgerError where it says something else, such as a disk that failed once: of the ledger that
 * tells nothing.
 */
function damageOf(error: unknown, file: string): LedgerError {
  const fault = ledgerErrorFrom(error, file);
  if (fault.fault !== 'corrupt') throw fault;
  return fault;
}

function fileFinding(message: string): LedgerFinding {
  return { kind: 'file', seq: null, message };
}

interface VerifiedChain {
  readonly findings: readonly LedgerFinding[];
  readonly last: Link;
  /** False where rows behind the last one cannot be read. */
  readonly isRead: boolean;
}

function* verifyChain({ read, topSeq }: LedgerRows, file: string): Steps<VerifiedChain> {
  const findings: LedgerFinding[] = [];
  let last: Link = beforeAll;
  let isRead = true;
  try {
    // Not until there are no more: a kiosk that sells writes one after another.
    const upTo = topSeq();
    while (last.seq < upTo) {
      const page = read(last.seq, pageRows);
      // The end was cut off meanwhile, which the head tells.
      if (page.length === 0) break;
      for (const row of page) {
        const fault = rowFault(row, last);
        if (fault !== null && findings.length < mostBadRows) findings.push(fault);
        last = row;
      }
      yield;
    }
  } catch (error) {
    const { message } = damageOf(error, file);
    isRead = false;
    const seq = last.seq + 1;
    findings.push({ kind: 'file', seq, message: `Rows from ${seq} on cannot be read: ${message}` });
  }
  return { findings, last, isRead };
}

function rowFault(row: StoredRow, before: Link): LedgerFinding | null {
  const { seq } = row;
  const next = before.seq + 1;
  if (seq === next && rowFits(row, before)) {
    if (seq > 1 || row.kind === ledgerBegunKind) return null;
    return { kind: 'row', seq, message: 'Row 1 is not the one that begins a ledger.' };
  }
  if (seq !== next) {
    const message = `Rows ${next} to ${seq - 1} are missing before row ${seq}.`;
    return { kind: 'row', seq: next, message };
  }
  const message =
    row.previous_hash === before.hash
      ? `Row ${seq} was changed.`
      : `Row ${seq} does not follow the row before it.`;
  return { kind: 'row', seq, message };
}
