import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ledgerActions } from './ledger-action.ts';
import { runLedgerCommand } from './ledger-command.ts';
import { processOutput } from './write-out.ts';

const usage = `npm run ledger -- verify --data DIR   looks whether the ledger in this data folder is whole
npm run ledger -- export --data DIR   prints its rows as lines of JSON
`;

function main(args: readonly string[]): number {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    return wrongUse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    processOutput.out(usage);
    return 0;
  }
  const action = ledgerActions.find((known) => known === positionals[0]);
  if (action === undefined || positionals.length > 1) {
    return wrongUse(`Expected one of ${ledgerActions.join(', ')}.`);
  }
  if (values.data === undefined) return wrongUse('--data DIR is missing.');
  return runLedgerCommand({ action, dataFolder: resolve(values.data) }, processOutput);
}

function wrongUse(problem: string): number {
  processOutput.err(`${problem}\n\n${usage}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
