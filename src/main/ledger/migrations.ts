/** One step of the schema: the SQL at index n brings version n to n + 1. Released steps never change. */
export const migrations: readonly string[] = [
  `CREATE TABLE event (
     seq INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     sale_id TEXT,
     at_rest INTEGER NOT NULL CHECK (at_rest IN (0, 1)),
     receipt_number INTEGER,
     body TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
   CREATE TRIGGER event_never_goes BEFORE DELETE ON event
   BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;`,

  `CREATE UNIQUE INDEX event_by_receipt_number ON event (receipt_number)
     WHERE receipt_number IS NOT NULL;
   CREATE INDEX event_at_rest ON event (seq) WHERE at_rest = 1;
   CREATE INDEX event_by_sale ON event (sale_id, seq);`,
];
