import Database from 'libsql';
import { migrate } from './connection.ts';
import type { Connection } from './connection.ts';
import { firstVersion, migrations } from './migrations.ts';

/**
 * What a file of this version has that no migration made, and what it lacks, in words: a trigger of
 * another's could swallow rows, and without our own they could be changed.
 */
export function schemaDifferences(db: Connection, version: number): readonly string[] {
  const made = new Database(':memory:');
  migrate(made, ':memory:', migrations.slice(0, version + 1 - firstVersion));
  const expected = schemaOf(made);
  made.close();
  const found = schemaOf(db);
  const added = [...found].filter(([name, sql]) => expected.get(name) !== sql);
  const lacking = [...expected.keys()].filter((name) => !found.has(name));
  return [
    ...added.map(([name]) => `${name} is not as the app makes it`),
    ...lacking.map((name) => `${name} is missing`),
  ];
}

/** By type and name; text as its bytes, as in `columnsRead`. */
function schemaOf(db: Connection): ReadonlyMap<string, string> {
  const rows = db
    .prepare(
      `SELECT CAST(type || ' ' || name AS BLOB) AS name,
         CAST(tbl_name || ' ' || coalesce(sql, '') AS BLOB) AS sql FROM sqlite_schema`,
    )
    .all() as readonly { readonly name: ArrayBuffer; readonly sql: ArrayBuffer }[];
  const text = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString();
  return new Map(rows.map(({ name, sql }) => [text(name), text(sql)]));
}
