import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What can be rendered: what the demo project is trained on, placements to measure it by, whole trays to
 * find things on, the thumbs of a long script, or a film of items laid down.
 */
export const batches = ['training', 'placements', 'trays', 'script', 'film'] as const;
export type Batch = (typeof batches)[number];

export interface BatchOptions {
  readonly batch: Batch;
  readonly folder: string;
  readonly seed: number;
  /** The folder of Chromium's own data; null for the app's. */
  readonly data: string | null;
}

/** A command line that asks for nothing that can be rendered. */
export class BatchOptionsError extends Error {}

/** Parses `BATCH FOLDER [--seed N] [--data DIR]`. Throws a BatchOptionsError that names the bad one. */
export function parseBatchOptions(args: readonly string[], workingFolder: string): BatchOptions {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seed: { type: 'string', default: '1' }, data: { type: 'string' } },
    });
  } catch (error) {
    throw new BatchOptionsError(error instanceof Error ? error.message : String(error));
  }
  const { positionals, values } = parsed;
  const [name = '', folder, ...more] = positionals;
  const batch = batches.find((each) => each === name);
  if (batch === undefined) {
    throw new BatchOptionsError(`${name} is not one of ${batches.join(', ')}.`);
  }
  if (folder === undefined || more.length > 0) {
    throw new BatchOptionsError('Name one folder to render into.');
  }
  if (!/^\d{1,9}$/.test(values.seed)) {
    throw new BatchOptionsError(`--seed=${values.seed} is not a whole number.`);
  }
  const { data } = values;
  return {
    batch,
    folder: resolve(workingFolder, folder),
    seed: Number(values.seed),
    data: data === undefined ? null : resolve(workingFolder, data),
  };
}
