import { join } from 'node:path';
import { exportLedger } from './export-ledger.ts';
import type { LedgerAction } from './ledger-action.ts';
import { LedgerError } from './ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

export interface LedgerCommand {
  readonly action: LedgerAction;
  readonly dataFolder: string;
}

/** Where a command writes; `out` says whether anybody still reads it. */
export interface CommandOutput {
  readonly out: (text: string) => boolean;
  readonly err: (text: string) => void;
}

/** Looks at the ledger of a data folder, or prints it; answers the exit status. */
export function runLedgerCommand(command: LedgerCommand, output: CommandOutput): number {
  const file = join(command.dataFolder, 'ledger.db');
  try {
    if (command.action === 'verify') return verify(file, output);
    exportLedger(file, output.out);
    return 0;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    output.err(`${error.message}\n`);
    return 1;
  }
}

function verify(file: string, { out }: CommandOutput): number {
  const verification = verifyLedger(file);
  if (verification.kind === 'whole') {
    const { rowCount, lastHash } = verification;
    out(`The ledger ${file} is whole: ${rowCount} rows. The last row's hash is ${lastHash}.\n`);
    return 0;
  }
  const lines = verification.findings.map(({ message }) => `- ${message}\n`);
  out(`The ledger ${file} is not whole:\n${lines.join('')}`);
  return 1;
}
