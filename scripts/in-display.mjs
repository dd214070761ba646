import { withDisplay } from './display.mjs';
import { runScript } from './progress.mjs';
import { runInForeground } from './run.mjs';

/** Runs a program with windows: with the display that is there, or on Linux with a virtual one. */
const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('Which program?');
await runScript(() => withDisplay((env) => runInForeground(program, args, env)));
