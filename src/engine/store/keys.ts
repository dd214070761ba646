import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { StoreError } from './database.ts';

export interface Keys {
  readonly predictionKey: string;
  readonly trainingKey: string;
}

const keysSchema = z.object({
  predictionKey: z.string().min(16),
  trainingKey: z.string().min(16),
});

const linkSecretSchema = z.object({ linkSecret: z.string().min(16) });

/**
 * The keys kept in `keys.json`, made once and readable by the owner only. The data folder must be
 * there. @throws StoreError where the file is damaged.
 */
export function keptKeys(dataDir: string): Keys {
  return kept(join(dataDir, 'keys.json'), keysSchema, () => ({
    predictionKey: makeKey(),
    trainingKey: makeKey(),
  }));
}

/** What links to pictures are signed with, kept as the keys are. @throws StoreError */
export function keptLinkSecret(dataDir: string): string {
  const make = () => ({ linkSecret: makeKey() });
  return kept(join(dataDir, 'link-secret.json'), linkSecretSchema, make).linkSecret;
}

function kept<T>(path: string, schema: z.ZodType<T>, make: () => T): T {
  const old = read(path, schema);
  if (old) return old;
  const temporary = `${path}.${randomUUID()}.part`;
  const made = make();
  writeFileSync(temporary, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flush: true });
  try {
    // A link fails where the name exists, so of two engines that start at once one makes the keys.
    linkSync(temporary, path);
  } catch (error) {
    const other = read(path, schema);
    if (other) return other;
    throw new StoreError(`${path} cannot be written.`, { cause: error });
  } finally {
    rmSync(temporary, { force: true });
  }
  return made;
}

function makeKey(): string {
  // No sign that a command line or a shell could take for its own.
  return randomBytes(24).toString('hex');
}

function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StoreError(`${path} cannot be read.`, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreError(`${path} is damaged. Delete it to have new keys made.`, { cause: error });
  }
}
