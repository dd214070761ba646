import { dirname, join, parse } from 'node:path';

/** A file beside the ledger: `ledger.lock` for `ledger.db`. */
export function besideLedger(file: string, ending: string): string {
  return join(dirname(file), `${parse(file).name}${ending}`);
}
