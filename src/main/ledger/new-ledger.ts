import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { applicationId, migrate, release } from './connection.ts';
import { syncFolder } from './files.ts';
import { ledgerBegunKind } from './ledger.ts';
import type { LedgerBegun } from './ledger.ts';
import { migrations } from './migrations.ts';
import { beforeAll, insertSql, storedRow, valuesToInsert } from './stored-row.ts';

/**
 * Puts a new ledger in the file's place. It is made under another name first: after a power cut
 * there is what was there before, or the whole new one. Only for whoever has the lock.
 */
export function placeNewLedger(file: string, begun: LedgerBegun, atMs: number): void {
  const draft = `${file}.new`;
  for (const leftover of [draft, `${draft}-journal`]) rmSync(leftover, { force: true });
  const db = new Database(draft);
  db.pragma('synchronous = FULL');
  db.pragma(`application_id = ${applicationId}`);
  migrate(db, draft, migrations);
  const row = storedRow(beforeAll, {
    kind: ledgerBegunKind,
    version: 2,
    atMs,
    saleId: null,
    atRest: true,
    receiptNumber: null,
    body: begun,
  });
  db.prepare(insertSql).run(...valuesToInsert(row));
  release(db);
  renameSync(draft, file);
  syncFolder(dirname(file));
}
