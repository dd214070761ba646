import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

const write = /(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) ([a-z_]+)/g;

test('each table is written by one store alone', () => {
  const owners = new Map<string, Set<string>>();
  for (const file of readdirSync(import.meta.dirname)) {
    // Migrations speak to all tables.
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file === 'migrations.ts') continue;
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    for (const [, table] of source.matchAll(write)) {
      owners.set(table!, (owners.get(table!) ?? new Set()).add(file));
    }
  }
  expect(owners.size).toBeGreaterThan(10);
  expect([...owners].filter(([, files]) => files.size > 1)).toEqual([]);
});
