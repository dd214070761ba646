/** Files of versions 1 and 2 are ledgers of an older form (`old-form.ts`); a new file begins with this. */
export const firstVersion = 3;

/** Each step's SQL brings the file up by one version, the first to `firstVersion`. Released steps never change. */
export const migrations: readonly string[] = [
  `CREATE TABLE fact (
     seq INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     version INTEGER NOT NULL CHECK (version >= 1),
     at_ms INTEGER NOT NULL,
     sale_id TEXT,
     at_rest INTEGER NOT NULL CHECK (at_rest IN (0, 1)),
     receipt_number INTEGER,
     body TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX fact_by_receipt_number ON fact (receipt_number)
     WHERE receipt_number IS NOT NULL;
   CREATE INDEX fact_at_rest ON fact (seq) WHERE at_rest = 1;
   CREATE INDEX fact_by_sale ON fact (sale_id, seq);
   CREATE TRIGGER fact_never_changes BEFORE UPDATE ON fact
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
   CREATE TRIGGER fact_never_goes BEFORE DELETE ON fact
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;`,
];
