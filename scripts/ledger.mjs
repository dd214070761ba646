import { runProgram } from './program.mjs';
import { runScript } from './progress.mjs';

await runScript(() => runProgram('ledger'));
